"""Whatever path a write takes, what it would open to more readers waits for a second person."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from cases.models import Incident, Involvement, LegalStatus, Person, PersonName, Stage
from records.audit.acts import act
from records.current_act import NeedsSecondPerson
from records.models import Proposal, Record
from records.review import submit
from tests.admin_forms import filled, messages_of, rows
from tests.factories import (
    make_category,
    make_detail,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.reviewing import answer, changed, client_of, member, page, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return member("editor")


@pytest.fixture
def writer(editor):
    return client_of(editor)


@pytest.fixture
def second():
    return client_of(reviewer("second"))


def sent(writer: Any, row: Record, **fields: Any) -> Proposal:
    """Send the form of a row with other values; return the proposal that it became."""
    data = filled(writer, page(row)) | {key.replace("__", "-"): value for key, value in fields.items()}
    response = writer.post(page(row), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    proposal = Proposal.objects.get()
    assert f"Sent to a second person as {proposal.ref}" in messages_of(response)
    return proposal


class TestTheForm:
    def test_a_form_on_something_open_is_sent_to_a_second_person(self, writer, second):
        person = make_person("Idris Hasan")
        proposal = sent(writer, person, label="Idris Hassan", why="as in the passport")
        assert Person.objects.get().label == "Idris Hasan"
        assert proposal.why == "as in the passport"
        assert proposal.ref in writer.get(page(person)).content.decode()
        told = second.get(page(proposal)).content.decode()
        assert "Idris Hasan" in told and "Idris Hassan" in told and "as in the passport" in told
        assert "approved and carried out" in answer(second, proposal, "approve")
        assert Person.objects.get().label == "Idris Hassan"

    def test_a_list_of_a_record_is_no_way_round(self, writer):
        person = make_person()
        make_category()
        sent(writer, person, categories=["activist"])
        assert not person.categories.exists()

    def test_published_is_not_on_offer(self, writer):
        person = make_person(review="draft")
        data = filled(writer, page(person)) | {"review": "published"}
        response = writer.post(page(person), data)
        assert list(response.context["adminform"].form.errors) == ["review"]
        data = filled(writer, "/admin/cases/person/add/") | {
            "label": "New",
            "standing": "target",
            "review": "published",
        }
        response = writer.post("/admin/cases/person/add/", data)
        assert list(response.context["adminform"].form.errors) == ["review"]

    def test_in_review_asks_a_second_person_to_publish(self, writer, second):
        person = make_person(review="draft")
        writer.post(page(person), filled(writer, page(person)) | {"review": "in_review", "why": "complete"})
        proposal = Proposal.objects.get()
        assert (proposal.kind, proposal.about, proposal.why) == ("publish", person.ref, "complete")
        answer(second, proposal, "approve")
        assert Person.objects.get().review == "published"

    def test_an_incident_that_lacks_evidence_is_saved_and_not_sent(self, writer):
        incident = make_incident(review="draft")
        make_stage(make_involvement(incident, make_person()))
        response = writer.post(page(incident), filled(writer, page(incident)) | {"review": "in_review", "title": "New"})
        assert "not sent for review" in messages_of(response) and "Add a source for" in messages_of(response)
        incident = Incident.objects.get()
        assert (incident.title, incident.review) == ("New", "draft") and not Proposal.objects.exists()

    def test_taken_out_of_review_by_hand_it_is_asked_no_more(self, writer, editor):
        person = make_person(review="draft")
        submit(person, editor)
        writer.post(page(person), filled(writer, page(person)) | {"review": "draft"})
        assert (Person.objects.get().review, Proposal.objects.get().state) == ("draft", "taken_back")

    def test_to_submit_takes_the_right_to(self, editor):
        editor.user_permissions.remove(*editor.user_permissions.filter(codename="submit_records"))
        writer, person = client_of(type(editor).objects.get(pk=editor.pk)), make_person(review="draft")
        response = writer.post(page(person), filled(writer, page(person)) | {"review": "in_review"})
        assert list(response.context["adminform"].form.errors) == ["review"]

    @pytest.mark.parametrize("change", [{"review": "withheld"}, {"review": "withdrawn"}, {"level": "team"}])
    def test_to_take_back_or_to_raise_is_done_at_once(self, writer, change):
        person = make_person()
        response = writer.post(page(person), filled(writer, page(person)) | change)
        assert response.status_code == 302, response.context["adminform"].form.errors
        assert Person.objects.filter(**change).exists() and not Proposal.objects.exists()


class TestParts:
    def test_a_part_on_its_owners_page(self, writer):
        incident = make_incident()
        stage = make_stage(make_involvement(incident, make_person()), occurred="2021-07")
        proposal = sent(writer, incident, stages__0__occurred="2021-07-19", stages__0__kind="release")
        assert proposal.about == incident.ref
        stage.refresh_from_db()
        assert str(stage.occurred) == "2021-07"

    def test_a_new_part_with_its_evidence(self, writer, second):
        incident, person, source = make_incident(), make_person(), make_source()
        new = {"person": person.pk, "kind": "detention", "occurred": "2021", "position": 0, "level": "public"}
        new |= {"evidence_source": source.pk, "evidence_field": "kind"}
        response = writer.post(page(incident), filled(writer, page(incident)) | rows("stages", new))
        assert response.status_code == 302 and not Stage.objects.exists() and not Involvement.objects.exists()
        answer(second, Proposal.objects.get(), "approve")
        assert Stage.objects.get().citations.get().source == source

    def test_a_part_on_its_own_page(self, writer):
        name = make_name(make_person(), "Aibek")
        sent(writer, name, text="Oybek")
        assert PersonName.objects.filter(text="Aibek").exists()

    def test_a_removed_part(self, writer, second):
        status = make_legal_status(make_person())
        response = writer.post(page(status, "delete"), {"post": "yes"})
        assert "Sent to a second person" in messages_of(response)
        assert LegalStatus.objects.exists()
        answer(second, Proposal.objects.get(), "approve")
        assert not LegalStatus.objects.exists()

    def test_a_removed_row_of_an_inline(self, writer):
        person = make_person()
        make_legal_status(person)
        sent(writer, person, legal_statuses__0__DELETE="on")
        assert LegalStatus.objects.exists()

    def test_a_part_for_the_team_is_removed_at_once(self, writer):
        status = make_legal_status(make_person(), level="team")
        writer.post(page(status, "delete"), {"post": "yes"})
        assert not LegalStatus.objects.exists()

    def test_the_level_of_a_part(self, writer):
        detail = make_detail(make_person(), level="team")
        sent(writer, detail, level="partner")


class TestMany:
    def act_on(self, writer: Any, action: str, *people: Person) -> str:
        data = {"action": action, "_selected_action": [person.pk for person in people]}
        return messages_of(writer.post("/admin/cases/person/", data))

    def test_many_are_submitted_at_once_and_what_cannot_be_is_told(self, writer):
        draft, other, published = make_person(review="draft"), make_person(review="withheld"), make_person()
        told = self.act_on(writer, "submit_for_review", draft, other, published)
        assert Person.objects.filter(review="in_review").count() == Proposal.objects.count() == 2
        assert f"Not done: {published.ref} is published already." in told

    def test_many_are_withheld_and_withdrawn_at_once(self, writer, editor):
        people, draft = [make_person(), make_person()], make_person(review="draft")
        submit(draft, editor)
        told = self.act_on(writer, "withhold", *people, draft)
        assert Person.objects.filter(review="withheld").count() == 2 and "Not done" in told
        self.act_on(writer, "withdraw", *people, draft)
        assert Person.objects.filter(review="withdrawn").count() == 3
        assert Proposal.objects.get().state == "taken_back"

    def test_it_is_said_how_many_rows_were_left_alone(self, writer):
        draft, published, gone = make_person(review="draft"), make_person(), make_person(review="draft")
        gone_key = gone.pk
        Person.objects.filter(pk=gone_key).delete()
        told = self.act_on(writer, "submit_for_review", draft, published, Person(pk=gone_key))
        assert "Left alone: 2 of the 3 rows chosen." in told
        assert f"Not done: {published.ref} is published already." in told
        assert "Not done: 1 row is not in this list, or not any more." in told
        assert "Left alone" not in self.act_on(writer, "withdraw", draft, published).splitlines()[-1]

    @pytest.mark.parametrize("action", ["submit_for_review", "withhold", "withdraw"])
    def test_a_hidden_row_is_left_alone_like_one_that_is_not_there(self, writer, action):
        hidden = make_person("Hidden", level="restricted")
        self.act_on(writer, action, hidden)
        hidden_told, missing_told = self.act_on(writer, action, Person(pk=99_999)).splitlines()
        assert hidden_told == missing_told
        assert "Left alone: 1 of the 1 row chosen." in hidden_told
        hidden.refresh_from_db()
        assert hidden.review == "published"

    @pytest.mark.parametrize("key", ["abc", "", "1.5", "9" * 30, "1\0"])
    def test_a_key_that_no_row_can_have_is_told_and_nothing_is_done(self, writer, key):
        person = make_person(review="draft")
        data = {"action": "withdraw", "_selected_action": [person.pk, key]}
        assert "is no row of this list. Tick the rows again." in messages_of(writer.post("/admin/cases/person/", data))
        person.refresh_from_db()
        assert person.review == "draft"

    def test_whoever_chose_all_of_a_list_chose_no_single_rows(self, writer):
        people = [make_person(review="draft"), make_person(review="draft")]
        data = {"action": "withdraw", "_selected_action": [people[0].pk, 99_999], "select_across": "1"}
        told = messages_of(writer.post("/admin/cases/person/", data))
        assert all(f"{person.ref}: withdrawn" in told for person in people) and "Left alone" not in told

    def test_no_action_publishes(self, writer):
        person = make_person(review="in_review")
        self.act_on(writer, "publish", person)
        assert Person.objects.get().review == "in_review"


class TestInsideAnAct:
    """Writes that no surface wraps are refused as a whole, however they are made."""

    @pytest.mark.parametrize(
        "write",
        [
            lambda person: Person.objects.update(label="x"),
            lambda person: Person.objects.filter(pk=person.pk).update(occupation="x"),
            lambda person: Person.objects.bulk_update([changed(person)], ["occupation"]),
            lambda person: PersonName.objects.bulk_create([PersonName(person=person, text="x", level="public")]),
            lambda person: person.names.all().delete(),
            lambda person: person.delete(),
            lambda person: person.categories.create(code="x", label="x", meaning="x"),
            lambda person: connection.cursor().execute("UPDATE cases_person SET occupation = 'x'"),
        ],
        ids=["update", "update one", "bulk_update", "bulk_create", "delete parts", "delete", "list", "SQL"],
    )
    def test_something_open_is_not_changed(self, editor, write):
        person = make_person()
        with pytest.raises(NeedsSecondPerson, match="second person"), act(editor, "test"):
            write(person)
        person = Person.objects.get(label=person.label, occupation="")
        assert person.names.count() == 1 and not person.categories.exists()

    @pytest.mark.parametrize("values", [{"review": "published"}, {"level": "public"}])
    def test_nothing_is_opened(self, editor, values):
        person = make_person(level="team", review="draft")
        with pytest.raises(NeedsSecondPerson), act(editor, "test"):
            Person.objects.update(**values)
        person.refresh_from_db()
        assert (person.level, person.review) == ("team", "draft")

    @pytest.mark.parametrize("values", [{"review": "withheld"}, {"level": "partner"}, {"level": "restricted"}])
    def test_what_closes_is_done(self, editor, values):
        make_person()
        with act(editor, "test"):
            Person.objects.update(**values)
        assert Person.objects.filter(**values).exists()

    def test_a_part_that_moves_to_what_is_open_is_opened(self, editor):
        name = make_name(make_person(review="draft"), "Aibek")
        name.person = make_person()
        with pytest.raises(NeedsSecondPerson), act(editor, "test"):
            name.save()
