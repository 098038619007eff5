"""Two editors at once: nothing is saved over what the other wrote, and nothing of what the first wrote is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.admin.people import PersonAdmin
from cases.models import Involvement, Person, PersonName, Stage
from records.models import StaleVersion
from seeds.consistency import nothing_stands_twice
from tests.admin_forms import filled, rows
from tests.factories import (
    make_agreement,
    make_category,
    make_citation,
    make_country,
    make_detail,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_person,
    make_relationship,
    make_source,
    make_stage,
)
from tests.pasts import by, editor_named, signed_in, somebody

pytestmark = pytest.mark.django_db
DRAFT = {"review": "draft"}


@pytest.fixture
def alim():
    return editor_named("alim", "read_team")


@pytest.fixture
def nur():
    return editor_named("nur", "read_team")


@pytest.fixture
def person():
    return make_person("Idris", **DRAFT)


def page_of(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/change/"


def opened(client: Client, record: Any) -> dict[str, Any]:
    """Open the form of a record and return what it would send."""
    return filled(client, page_of(record))


def collisions(response: Any) -> list[tuple[str, ...]]:
    assert response.status_code == 200
    return [(each.label, each.started, each.theirs, each.who, each.yours) for each in response.context["collisions"]]


@pytest.mark.attack("C3")
def test_the_second_of_two_editors_is_shown_what_the_first_changed(alim, nur, person):
    first, second = signed_in(alim), signed_in(nur)
    theirs, yours = opened(first, person), opened(second, person)
    assert first.post(page_of(person), theirs | {"occupation": "farmer", "residence": ""}).status_code == 302
    response = second.post(page_of(person), yours | {"occupation": "teacher", "ethnicity": "Uyghur"})
    assert collisions(response) == [("Occupation", "", "farmer", "alim", "teacher")]
    page = response.content.decode()
    assert "What somebody else changed after you opened this" in page
    assert 'value="teacher"' in page and 'value="Uyghur"' in page, "the editor's own words stay in the form"
    person.refresh_from_db()
    assert (person.occupation, person.ethnicity) == ("farmer", "")


@pytest.mark.attack("C3")
def test_having_seen_it_the_second_editor_can_save(alim, nur, person):
    first, second = signed_in(alim), signed_in(nur)
    yours = opened(second, person)
    first.post(page_of(person), opened(first, person) | {"occupation": "farmer"})
    again = second.post(page_of(person), yours | {"occupation": "teacher"}).context["adminform"].form
    response = second.post(page_of(person), yours | {"occupation": "teacher", "seen": again["seen"].value()})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.occupation == "teacher"


@pytest.mark.attack("C3")
def test_rows_of_a_page_are_told_one_by_one(alim, nur, person):
    make_detail(person, kind="address", value="a street")
    first, second = signed_in(alim), signed_in(nur)
    yours = opened(second, person)
    assert first.post(page_of(person), opened(first, person) | {"details-0-value": "a road"}).status_code == 302
    response = second.post(page_of(person), yours | {"details-0-value": "a lane", "occupation": "teacher"})
    assert collisions(response) == [("Value", "a street", "a road", "alim", "a lane")]
    person.refresh_from_db()
    assert person.occupation == "", "a refused form saves nothing at all"


def test_editors_of_different_rows_do_not_collide(alim, nur, person):
    make_detail(person, kind="address", value="a street")
    first, second = signed_in(alim), signed_in(nur)
    yours = opened(second, person)
    theirs = {"details-0-value": "a road", "occupation": "farmer", "ethnicity": "Uyghur"}
    assert first.post(page_of(person), opened(first, person) | theirs).status_code == 302
    assert second.post(page_of(person), yours | {"names-0-language": "ug"}).status_code == 302
    person.refresh_from_db()
    assert (person.details.get().value, person.occupation, person.names.get().language) == ("a road", "farmer", "ug")


@pytest.mark.attack("C3")
def test_a_row_that_the_other_changed_cannot_be_removed_unseen(alim, nur, person):
    make_detail(person, kind="address", value="a street")
    first, second = signed_in(alim), signed_in(nur)
    yours = opened(second, person)
    first.post(page_of(person), opened(first, person) | {"details-0-value": "a road"})
    response = second.post(page_of(person), yours | {"details-0-DELETE": "on"})
    assert [each[1:3] for each in collisions(response)] == [("a street", "a road")]
    assert person.details.exists()


@pytest.mark.attack("C3")
def test_a_row_that_the_other_removed_is_said_to_be_gone(alim, nur, person):
    detail = make_detail(person, kind="address", value="a street")
    yours = opened(signed_in(nur), person)
    detail.delete()
    response = signed_in(nur).post(page_of(person), yours | {"details-0-value": "a lane"})
    assert response.status_code == 200 and "is not there any more" in response.content.decode()


@pytest.mark.attack("C3")
@pytest.mark.parametrize("of", ["another person", "nobody"])
@pytest.mark.parametrize("sent", [{"text": "Idris H."}, {"DELETE": "on"}], ids=["changed", "removed"])
def test_a_forged_row_is_said_to_be_gone_and_named_by_no_reference(nur, person, of, sent):
    """Django makes a new row of a key that is not in the list, and a new row has a reference that nothing bears."""
    make_citation(make_source(), "label", person=person, level="team")
    other = make_name(make_person("Other", **DRAFT), "Other Name")
    client = signed_in(nur)
    yours = opened(client, person) | {f"names-0-{name}": value for name, value in sent.items()}
    key = other.pk if of == "another person" else 99_999
    page = client.post(page_of(person), yours | {"names-0-id": key}).content.decode()
    assert "A row of this list is not there any more" in page
    assert set(re.findall("(?:PER|NAM)-[0-9A-Z]{8}", page)) <= {person.ref, person.names.get().ref}
    assert (person.names.get().text, other.person.names.count()) == (person.label, 2)


@pytest.mark.attack("C3")
def test_lists_and_links_collide_too(alim, nur):
    person = make_person(residence=make_country("TR"), **DRAFT)
    with by(alim):
        person.categories.set([make_category("activist")])
    client = signed_in(nur)
    yours = opened(client, person)
    with by(alim):
        person.categories.set([make_category("lawyer")])
        Person.objects.filter(pk=person.pk).update(residence=None)
    response = client.post(page_of(person), yours | {"occupation": "nurse"})
    assert set(collisions(response)) == {
        ("Residence", "Türkiye", "", "alim", "Türkiye"),
        ("Categories", "activist", "lawyer", "alim", "activist"),
    }


@pytest.mark.attack("C3")
def test_a_form_without_its_mark_saves_nothing(alim, person):
    client = signed_in(alim)
    data = opened(client, person)
    del data["seen"]
    assert client.post(page_of(person), data | {"occupation": "farmer"}).status_code == 200
    person.refresh_from_db()
    assert person.occupation == ""


@pytest.mark.attack("C3")
def test_what_changed_between_reading_and_writing_is_shown_too(nur, person, monkeypatch):
    """The row is found written by somebody else when it is saved, after the form was checked."""
    client, save, get_object, found = signed_in(nur), Person.save, PersonAdmin.get_object, []
    data = opened(client, person)

    def overtaken(row: Person, **options: Any) -> None:
        monkeypatch.setattr(Person, "save", save)
        found.append(row)
        raise StaleVersion(row)

    def read_again(*given: Any) -> Any:
        if found:
            Person.objects.filter(pk=found.pop().pk).update(occupation="farmer")
        return get_object(*given)

    monkeypatch.setattr(Person, "save", overtaken)
    monkeypatch.setattr(PersonAdmin, "get_object", read_again)
    response = client.post(page_of(person), data | {"ethnicity": "Uyghur"})
    assert [each[:3] for each in collisions(response)] == [("Occupation", "", "farmer")]
    person.refresh_from_db()
    assert person.ethnicity == ""


@pytest.mark.attack("C3")
def test_a_hidden_change_does_not_show(nur):
    """A source's hidden origin changes: the form is the same, byte for byte, and can be saved."""
    source, hidden = make_source(**DRAFT), make_source(title="CANARY", level="restricted")
    client = signed_in(nur)
    before = opened(client, source)
    source.derived_from = hidden
    source.save()
    after = opened(client, source)
    assert before["seen"] == after["seen"]
    assert client.post(page_of(source), before | {"note": "checked"}).status_code == 302
    source.refresh_from_db()
    assert (source.note, source.derived_from) == ("checked", hidden)


@pytest.mark.attack("C3")
def test_who_is_not_on_the_team_is_not_told_who_it_was(alim):
    person = make_person("Idris")
    outsider = signed_in(editor_named("outsider"))
    yours = opened(outsider, person)
    with by(alim):
        person.occupation = "farmer"
        person.save()
    response = outsider.post(page_of(person), yours | {"occupation": "teacher"})
    assert collisions(response) == [("Occupation", "", "farmer", "", "teacher")]
    assert response.context["collisions"][0].at is None


@pytest.mark.attack("C3")
def test_the_mark_of_one_editor_is_of_no_use_to_another(alim, nur, person):
    assert opened(signed_in(alim), person)["seen"] != opened(signed_in(nur), person)["seen"]


@pytest.mark.attack("C6")
def test_a_name_that_is_hidden_can_be_entered_again(person):
    make_name(person, "CANARY", level="restricted")
    PersonName.objects.filter(kind="primary").update(level="restricted")
    client = signed_in(editor_named("kari", "read_team"))
    new = {"text": "CANARY", "kind": "also_known_as", "script": "Latn", "level": "team"}
    other = {"text": "Idris", "kind": "primary", "script": "Latn", "level": "team"}
    response = client.post(page_of(person), opened(client, person) | rows("names", new, other))
    assert response.status_code == 302, [inline.formset.errors for inline in response.context["inline_admin_formsets"]]
    twice = [ref for ref, _ in nothing_stands_twice()]
    assert len(twice) == 3, "check_data shows the name twice, and the two primary names"


def test_a_name_that_can_be_seen_is_refused(alim, person):
    client = signed_in(alim)
    new = {"text": "Idris", "kind": "primary", "script": "Latn", "level": "team"}
    response = client.post(page_of(person), opened(client, person) | {f"names-1-{key}": new[key] for key in new})
    errors = response.context["inline_admin_formsets"][0].formset.errors
    assert errors[1]["text"] == ["This person has this name already."]
    assert errors[1]["kind"] == ["This person has a primary name already: change the kind of that one first."]


def test_the_same_row_twice_in_one_form_is_refused(alim, person):
    client = signed_in(alim)
    new = {"text": "Yidiresi", "kind": "misprint", "script": "Latn", "level": "team"}
    data = opened(client, person) | {f"names-{n}-{key}": new[key] for n in (1, 2) for key in new}
    response = client.post(page_of(person), data | {"names-TOTAL_FORMS": 3})
    assert response.status_code == 200 and PersonName.objects.count() == 1


@pytest.mark.attack("C6")
@pytest.mark.parametrize("make", [make_relationship, make_involvement])
def test_a_hidden_tie_can_be_entered_again(make, person):
    relative = make_person("Gulnar")
    if make is make_relationship:
        make(person, relative, level="restricted")
        path, data = "/admin/cases/relationship/add/", {"person": person.pk, "relative": relative.pk, "kind": "spouse"}
    else:
        incident = make_incident(**DRAFT)
        make(incident, person, level="restricted")
        path, data = "/admin/cases/involvement/add/", {"incident": incident.pk, "person": person.pk, "role": "subject"}
    client = signed_in(editor_named("kari", "read_team"))
    assert client.post(path, filled(client, path) | data | {"level": "team"}).status_code == 302
    assert client.post(path, filled(client, path) | data | {"level": "team"}).status_code == 200, "seen, it is refused"


@pytest.mark.attack("C6")
def test_a_stage_does_not_hang_itself_on_a_hidden_involvement(person):
    incident = make_incident(**DRAFT)
    hidden = make_involvement(incident, person, level="restricted")
    make_stage(hidden, level="restricted", position=9)
    client = signed_in(editor_named("kari", "read_team"))
    new = {"person": person.pk, "kind": "release", "occurred": "2021", "position": 0, "level": "team"}
    assert client.post(page_of(incident), opened(client, incident) | rows("stages", new)).status_code == 302
    stage = Stage.objects.get(kind="release")
    assert stage.involvement != hidden and stage.position == 1
    assert Involvement.objects.count() == 2


def test_the_legal_status_of_two_editors_is_told_by_its_country(alim, nur, person):
    make_legal_status(person)
    client = signed_in(nur)
    yours = opened(client, person)
    with by(somebody("third")):
        status = person.legal_statuses.get()
        status.since = "2019"
        status.save()
    response = client.post(page_of(person), yours | {"legal_statuses-0-until": "2021"})
    assert collisions(response) == [("Since", "", "2019", "third", "")]
    assert response.context["collisions"][0].row == "legal status citizen, China"


@pytest.mark.attack("E2")
def test_a_hidden_record_that_a_row_keeps_is_not_told_to_whoever_was_overtaken(nur):
    hidden = make_agreement("CN", "MA", title="Extradition in secret", level="restricted")
    incident = make_incident(agreement=hidden, summary="Held.", **DRAFT)
    response = signed_in(nur).post(page_of(incident), {"level": "team", "seen": "of another time"})
    assert "Summary" in [label for label, *_ in collisions(response)]
    assert "Extradition in secret" not in response.content.decode()
    incident.refresh_from_db()
    assert incident.agreement == hidden
