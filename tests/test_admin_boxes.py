"""The boxes of admin forms as they are without script: what they show can be sent back, what is typed is understood."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Actor, Notice, Stage
from records.models import Change, Proposal
from tests.factories import (
    make_actor,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_notice,
    make_person,
    make_source,
    make_stage,
)
from tests.leaks.forms import Boxes
from tests.pasts import editor_named, signed_in
from tests.test_admin_visibility import RECORDS, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Client:
    """Somebody who reads what is the team's, and not what is restricted to others."""
    return signed_in(editor_named("analyst", "read_team"))


def page_of(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.ref}/change/"


def boxes(client: Client, address: str) -> dict[str, list[str]]:
    """Return what a browser without script sends of a page, as it came."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    _, form = answer.content.decode().split('_form" novalidate>')
    return Boxes(form.split("</form>")[0]).sent


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(analyst: Client, model: Any) -> None:
    record = world("team", "Some")[model]
    before, address = Change.objects.count(), page_of(record)
    answer = analyst.post(address, boxes(analyst, address))
    assert answer.status_code == 302, answer.context["errors"]
    assert Change.objects.count() == before and not Proposal.objects.exists()


class TestWhatIsTyped:
    @pytest.mark.parametrize("typed", ["{ref}", "  {ref} Idris Hasan ", "“{ref}”"])
    @pytest.mark.parametrize("written", [str, str.lower])
    def test_a_person_is_named_by_the_reference(self, analyst: Client, typed: str, written: Any) -> None:
        notice, person = make_notice(make_person(), review="draft"), make_person("Idris Hasan")
        sent = boxes(analyst, page_of(notice)) | {"person": [written(typed.format(ref=person.ref))]}
        assert analyst.post(page_of(notice), sent).status_code == 302
        assert Notice.objects.get().person == person

    @pytest.mark.parametrize("typed", ["MA", "ma", "Morocco", "morocco", " Morocco "])
    def test_a_country_is_named_by_code_or_name(self, analyst: Client, typed: str) -> None:
        stage = make_stage(make_involvement(make_incident(review="draft"), make_person()))
        make_country("MA"), make_country("TR")
        sent = boxes(analyst, page_of(stage)) | {"country": [typed]}
        assert analyst.post(page_of(stage), sent).status_code == 302
        assert Stage.objects.get().country_id == "MA"

    @pytest.mark.parametrize("typed", ["Idris", "PER-00000000", "{source}", "{one} {two}", "999999", "9" * 30])
    def test_what_names_nobody_or_several_is_refused_beside_the_box(self, analyst: Client, typed: str) -> None:
        notice = make_notice(make_person(), review="draft")
        refs = {"one": make_person("Idris").ref, "two": make_person("Idris").ref, "source": make_source().ref}
        sent = boxes(analyst, page_of(notice)) | {"person": [typed.format(**refs)]}
        errors = analyst.post(page_of(notice), sent).context["adminform"].form.errors
        assert [*errors] == ["person"] and "Select a valid choice" in errors["person"][0]

    def test_what_was_typed_stays_in_the_box_until_it_is_mended(self, analyst: Client) -> None:
        notice = make_notice(make_person(), review="draft")
        sent = boxes(analyst, page_of(notice)) | {"person": ["Idris <H>"], "requested_by": ["Nowhere"]}
        again = Boxes(analyst.post(page_of(notice), sent).content.decode()).sent
        assert (again["person"], again["requested_by"]) == (["Idris <H>"], ["Nowhere"])

    def test_a_row_is_entered_by_codes_and_references(self, analyst: Client) -> None:
        incident, person, source = make_incident(review="draft"), make_person("Idris Hasan"), make_source()
        make_country("MA")
        row = {"person": person.ref, "kind": "detention", "occurred": "2021-07-19", "country": "Morocco"}
        row |= {"level": "team", "evidence_source": source.ref, "evidence_stated": "in July"}
        sent = boxes(analyst, page_of(incident)) | {f"stages-0-{name}": [value] for name, value in row.items()}
        assert analyst.post(page_of(incident), sent).status_code == 302
        stage = Stage.objects.get()
        assert (stage.involvement.person, stage.country_id, stage.kind) == (person, "MA", "detention")
        assert stage.citations.get().source == source

    def test_a_code_that_is_not_on_the_list_is_refused(self, analyst: Client) -> None:
        stage = make_stage(make_involvement(make_incident(review="draft"), make_person()))
        page = page_of(stage.incident)
        answer = analyst.post(page, boxes(analyst, page) | {"stages-0-kind": ["arrested"]})
        assert "Select a valid choice. arrested is not one of the available choices." in answer.content.decode()


class TestWhatIsHidden:
    @pytest.mark.attack("E5")
    def test_a_hidden_reference_answers_as_one_that_nobody_bears(self, analyst: Client) -> None:
        notice = make_notice(make_person(), review="draft")
        hidden, answers = make_person("Hidden", level="restricted"), []
        for ref in (hidden.ref, "PER-00000000"):
            answer = analyst.post(page_of(notice), boxes(analyst, page_of(notice)) | {"person": [ref]})
            answers.append(answer.content.decode().replace(ref, ""))
            assert "Hidden" not in answers[-1]
        assert Boxes(answers[0]).sent.keys() == Boxes(answers[1]).sent.keys()
        assert len(answers[0]) == len(answers[1])

    @pytest.mark.attack("E2")
    def test_a_link_to_a_hidden_record_is_not_shown_and_stays(self, analyst: Client) -> None:
        hidden = make_person("Hidden", kind="organisation", standing="other", role="official", level="restricted")
        incident = make_incident(review="draft")
        actor = make_actor(incident, organisation=hidden)
        page = analyst.get(page_of(incident)).content.decode()
        assert "Hidden" not in page and f'data-key="{hidden.pk}"' not in page and hidden.ref not in page
        sent = boxes(analyst, page_of(incident))
        assert sent["actors-0-organisation"] == [""]
        assert analyst.post(page_of(incident), sent | {"actors-0-words": ["The police"]}).status_code == 302
        assert Actor.objects.get() == actor and Actor.objects.get().organisation == hidden


def test_a_retired_term_is_named_where_the_list_does_not_have_it(analyst: Client) -> None:
    status = make_legal_status(make_person(review="draft"), kind="nansen_passport")
    status.kind.retired = True
    status.kind.save()
    page = analyst.get(page_of(status.person)).content.decode()
    assert f'data-text="{status.kind} (retired)"' in page


def test_lists_stand_on_a_page_once_however_many_rows_it_has(analyst: Client) -> None:
    incident = make_incident(review="draft")
    sizes = []
    for _ in range(2):
        for _ in range(5):
            make_stage(make_involvement(incident, make_person()), "detention", "2020")
        page = analyst.get(page_of(incident)).content.decode()
        sizes.append(page.count("<option"))
    assert sizes[0] == sizes[1]
