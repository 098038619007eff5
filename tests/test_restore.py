"""A past version comes back as a new change, with its parts; what cannot come back is refused and says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.models import Citation, Incident, LegalStatus, Person, PersonDetail, Stage
from records.history.record_history import History
from records.models import BreakGlass, Proposal
from tests.admin_forms import messages_of
from tests.factories import (
    make_category,
    make_citation,
    make_country,
    make_detail,
    make_incident,
    make_involvement,
    make_legal_status,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import by, editor_named, signed_in, somebody, told

pytestmark = pytest.mark.django_db
DRAFT = {"review": "draft"}


@pytest.fixture
def analyst():
    return editor_named("analyst", "read_team")


def version(record: Any, user: Any, back: int = 1) -> str:
    """Return the address at which the state before the last so many acts is brought back."""
    act = History(record, user).acts()[back]
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/history/{act.key}/"


def restore(client: Any, address: str, **changes: Any) -> Any:
    """Send the confirmation page as it stands, with changes."""
    page = client.get(address)
    rows = [row.ref for row in page.context["rows"]]
    return client.post(address, {"stamp": page.context["stamp"], "row": rows, "why": page.context["why"]} | changes)


def test_old_values_come_back_as_a_new_change(analyst):
    person = make_person("Idris Hasan", residence=make_country("TR"), **DRAFT)
    with by(analyst):
        person.categories.set([make_category("activist")])
    with by(analyst):
        person.label, person.residence = "Wrong", None
        person.save()
        person.categories.set([make_category("lawyer")])
    address, client = version(person, analyst), signed_in(analyst)
    assert [
        (each.field, each.old.words, each.new.words) for each in client.get(address).context["rows"][0].differences
    ] == [
        ("label", "Wrong", "Idris Hasan"),
        ("residence", "", "Türkiye"),
        ("categories", "lawyer", "activist"),
    ]
    assert restore(client, address, why="It was right before.").status_code == 302
    person = Person.objects.get()
    assert (person.label, person.residence_id) == ("Idris Hasan", "TR")
    assert person.folded == "idris hasan", "what follows from other columns follows again"
    assert [category.pk for category in person.categories.all()] == ["activist"]
    act = History(person, analyst).acts()[0]
    assert (act.who, act.why) == ("analyst", "It was right before.")
    assert told(person, analyst)[-1] == "changed person: categories “lawyer” → “activist”"


def test_a_date_comes_back_with_its_bounds(analyst):
    incident = make_incident(**DRAFT)
    with by(analyst):
        incident.title, incident.start = "Wrong", "2019"
        incident.save()
    assert restore(signed_in(analyst), version(incident, analyst), why="It was right before.").status_code == 302
    values = Incident.objects.values_list("title", "start_earliest", "start_latest").get()
    assert values == ("Held in Istanbul", date(2018, 10, 31), date(2018, 10, 31))


def test_removed_parts_come_back_with_their_references(analyst):
    person = make_person(**DRAFT)
    status = make_legal_status(person)
    citation = make_citation(make_source(), "country", legal_status=status)
    refs = status.ref, citation.ref
    with by(analyst):
        person.occupation = "farmer"
        person.save()
    with by(analyst):
        citation.delete()
        status.delete()
    assert restore(signed_in(analyst), version(person, analyst)).status_code == 302
    assert (LegalStatus.objects.get().ref, Citation.objects.get().ref) == refs
    assert Citation.objects.get().legal_status == LegalStatus.objects.get()


def test_only_what_is_ticked_comes_back(analyst):
    person = make_person(**DRAFT)
    detail = make_detail(person, kind="address", value="a street")
    with by(analyst):
        person.occupation = "farmer"
        person.save()
    with by(analyst):
        person.occupation = "teacher"
        person.save()
        detail.value = "a road"
        detail.save()
    restore(signed_in(analyst), version(person, analyst), row=[detail.ref])
    assert (Person.objects.get().occupation, PersonDetail.objects.get().value) == ("teacher", "a street")


def test_who_may_read_a_record_stays_as_it_is(analyst):
    person = make_person(level="team", **DRAFT)
    person.readers.add(analyst)
    with by(analyst):
        person.occupation = "farmer"
        person.save()
    with by(analyst):
        person.occupation, person.level, person.review = "teacher", "partner", "in_review"
        person.save()
        person.readers.clear()
    restore(signed_in(analyst), version(person, analyst))
    person.refresh_from_db()
    assert (person.occupation, person.level, person.review) == ("farmer", "partner", "in_review")
    assert not person.readers.exists()


def test_a_version_of_a_published_record_waits_for_a_second_person(analyst):
    person = make_person()
    with by(analyst):
        person.occupation = "farmer"
        person.save()
    with by(analyst):
        person.occupation = "teacher"
        person.save()
    response = restore(signed_in(analyst), version(person, analyst))
    person.refresh_from_db()
    assert person.occupation == "teacher"
    proposal = Proposal.objects.get()
    assert proposal.about == person.ref and "farmer" in proposal.row_changes
    assert proposal.ref in messages_of(response)


def test_what_cannot_come_back_is_refused_and_nothing_is_written(analyst):
    incident = make_incident(**DRAFT)
    stage = make_stage(make_involvement(incident, make_person()))
    with by(analyst):
        incident.place = "Istanbul"
        incident.save()
    with by(analyst):
        incident.place = ""
        incident.save()
        stage.involvement.delete()
    response = restore(signed_in(analyst), version(incident, analyst), row=[incident.ref, stage.ref])
    assert "Nothing was restored" in response.content.decode() and "stage" in str(response.context["problems"])
    incident.refresh_from_db()
    assert incident.place == "" and not Stage.objects.exists()


def test_a_page_that_was_overtaken_restores_nothing(analyst):
    person = make_person(**DRAFT)
    for text in ("farmer", "teacher"):
        with by(analyst):
            person.occupation = text
            person.save()
    address, client = version(person, analyst), signed_in(analyst)
    stamp = client.get(address).context["stamp"]
    with by(somebody("colleague")):
        person.ethnicity = "Uyghur"
        person.save()
    response = client.post(address, {"stamp": stamp, "row": [person.ref], "why": "x"})
    assert "in the meantime" in response.content.decode()
    person.refresh_from_db()
    assert (person.occupation, person.ethnicity) == ("teacher", "Uyghur")


@pytest.mark.attack("E6")
def test_what_was_hidden_then_can_be_neither_seen_nor_restored(analyst):
    person = make_person("CANARY", level="restricted", **DRAFT)
    hidden = make_detail(person, kind="address", value="CANARY street", level="restricted")
    with by(somebody("colleague")):
        person.label = "CANARY 2"
        person.save()
    root = somebody("root")
    BreakGlass.objects.create(user=root, reason="To find the key of an act that is hidden.")
    restricted = History(person, root).acts()[0].key
    person.label, person.level = "Safe", "team"
    person.save()
    hidden.delete()
    client, path = signed_in(analyst), f"/admin/cases/person/{person.ref}/history/"
    assert client.get(f"{path}{restricted}/").status_code == 404
    assert client.post(f"{path}{restricted}/", {"row": [person.ref, hidden.ref]}).status_code == 404
    assert "CANARY" not in client.get(path).content.decode()


def test_who_may_not_change_a_record_may_not_restore_it(analyst):
    person = make_person(**DRAFT)
    with by(analyst):
        person.occupation = "farmer"
        person.save()
    reader = signed_in(somebody("reader", "read_team", "view_person"))
    page = reader.get(f"/admin/cases/person/{person.ref}/history/")
    assert page.status_code == 200 and "Restore this version" not in page.content.decode()
    assert reader.get(version(person, analyst)).status_code == 403
