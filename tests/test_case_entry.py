"""Staff enter a case from a source: the text beside one form, and all of it saved, and sent to review, at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from cases.models import Citation, Incident, Person
from records.models import Proposal
from sources.models import SourceDocument
from tests.admin_forms import filled, messages_of
from tests.factories import make_country, make_person, make_source, make_tactic
from tests.signin import give_factor, sign_in

pytestmark = pytest.mark.django_db
TEXT = "\n\n".join(
    [
        "Nur Weaver was taken off a plane in Casablanca.",
        "She was held on 19 July 2021.",
        "A court heard her on 3 August 2021.",
        "Her lawyer, Nûr Weaver's cousin, said China had asked for her.",
    ]
)


def account(role: str, name: str) -> Client:
    call_command("make_roles", verbosity=0)
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    give_factor(user)
    return sign_in(Client(), user)


@pytest.fixture
def analyst() -> Client:
    make_country("CN"), make_country("MA")
    return account("analyst", "analyst")


@pytest.fixture
def source() -> SourceDocument:
    return make_source(title="Traveller held", text=TEXT, review="draft", level="public")


def address(source: SourceDocument) -> str:
    return f"/admin/sources/sourcedocument/{source.ref}/case/"


def typed(*steps: dict[str, Any], **fields: Any) -> dict[str, Any]:
    rows = steps or ({"kind": "detention", "occurred": "2021-07-19", "paragraph": "2"},)
    case = {
        "names": "Nur Weaver\nنۇر",
        "standing": "target",
        "title": "Held at an airport",
        "scope": "cross_border",
        "origin": "CN",
        "attribution": "stated",
        "origin_paragraph": "4",
        "host": "MA",
        "level": "public",
        "stages-TOTAL_FORMS": str(len(rows)),
        "stages-INITIAL_FORMS": "0",
        "_submit": "1",
    }
    numbered = {f"stages-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}
    return case | numbered | fields


def test_one_form_makes_all_of_it_and_sends_it_to_review(analyst: Client, source: SourceDocument) -> None:
    hearing = {"kind": "hearing", "occurred": "2021-08-03", "paragraph": "3"}
    held = {"kind": "detention", "occurred": "2021-07-19", "paragraph": "2", "place": "Casablanca"}
    told = messages_of(analyst.post(address(source), typed(held, {}, hearing)))
    assert "Saved, and sent to review" in told
    incident, person = Incident.objects.get(), Person.objects.get()
    assert (person.label, person.level, incident.level) == ("Nur Weaver", "public", "public")
    assert set(person.names.values_list("text", "script")) == {("Nur Weaver", "Latn"), ("نۇر", "Arab")}
    stages = incident.stages.order_by("position")
    assert [(stage.kind, str(stage.occurred), stage.country_id) for stage in stages] == [
        ("detention", "2021-07-19", "MA"),
        ("hearing", "2021-08-03", "MA"),
    ]
    # Of the second passage of the text: its place and its words, which nobody typed.
    cited = Citation.objects.get(stage=stages[0])
    assert TEXT[cited.start : cited.end] == "She was held on 19 July 2021."
    assert (cited.field, cited.paragraph, cited.source) == ("occurred", 2, source)
    assert Citation.objects.get(incident_country__isnull=False).paragraph == 4
    assert set(Proposal.objects.values_list("about", flat=True)) == {source.ref, person.ref, incident.ref}


def test_it_can_be_kept_as_drafts(analyst: Client, source: SourceDocument) -> None:
    sent = typed()
    del sent["_submit"]
    assert "Saved as drafts." in messages_of(analyst.post(address(source), sent | {"_drafts": "1"}))
    assert Incident.objects.get().review == Person.objects.get().review == "draft" and not Proposal.objects.exists()


def test_what_is_wrong_is_told_beside_its_box_and_nothing_is_saved(analyst: Client, source: SourceDocument) -> None:
    answered = analyst.post(
        address(source),
        typed({"kind": "detention", "occurred": "in July", "paragraph": "2"}, {"kind": "hearing", "paragraph": "99"}),
    )
    assert answered.status_code == 200 and not Incident.objects.exists() and not Person.objects.exists()
    first, second = answered.context["stages"].forms
    assert "occurred" in first.errors and not second.errors  # dates are read before anything is written
    answered = analyst.post(address(source), typed({"kind": "hearing", "occurred": "2021", "paragraph": "99"}))
    assert "paragraph" in answered.context["stages"].forms[0].errors and not Incident.objects.exists()
    assert "Nur Weaver" in answered.content.decode() and "نۇر" in answered.content.decode()


def test_a_stage_without_evidence_is_not_sent_to_review(analyst: Client, source: SourceDocument) -> None:
    answered = analyst.post(address(source), typed({"kind": "detention", "occurred": "2021-07-19"}))
    assert "Say which passage tells of it" in answered.content.decode() and not Incident.objects.exists()


def test_somebody_like_those_who_are_there_is_asked_about_first(analyst: Client, source: SourceDocument) -> None:
    known = make_person("Nur Weaver")
    answered = analyst.post(address(source), typed())
    assert "Is it one of these?" in answered.content.decode() and known.ref in answered.content.decode()
    assert Person.objects.count() == 1
    assert analyst.post(address(source), typed(different_from=known.ref)).status_code == 302
    assert Person.objects.count() == 2


def test_a_case_of_somebody_who_is_there_already(analyst: Client, source: SourceDocument) -> None:
    known = make_person("Nur Weaver")
    assert analyst.post(address(source), typed(names="", person=known.ref)).status_code == 302
    assert Person.objects.count() == 1 and Incident.objects.get().involvements.get().person == known


@pytest.mark.parametrize(("names", "who"), [("", ""), ("Nur Weaver", "known")])
def test_either_names_or_somebody_who_is_there(analyst: Client, source: SourceDocument, names: str, who: str) -> None:
    person = make_person("Nur Weaver").ref if who else ""
    answered = analyst.post(address(source), typed(names=names, person=person))
    assert "one of the two" in answered.content.decode() and not Incident.objects.exists()


def test_more_steps_are_offered_and_nothing_typed_is_lost(analyst: Client, source: SourceDocument) -> None:
    sent = typed(title="")
    del sent["_submit"]
    answered = analyst.post(address(source), sent | {"_more": "1"})
    assert len(answered.context["stages"].forms) == 5 and "She was held" in answered.content.decode()
    assert "errornote" not in answered.content.decode() and 'value="2021-07-19"' in answered.content.decode()


def test_sent_twice_it_is_saved_once(analyst: Client, source: SourceDocument) -> None:
    sent = typed(csrfmiddlewaretoken="x" * 64)
    first, again = (analyst.post(address(source), sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"] and Incident.objects.count() == 1


def test_it_is_for_whoever_reads_the_text_and_may_enter_cases(analyst: Client, source: SourceDocument) -> None:
    assert account("reviewer", "second").get(address(source)).status_code in (200, 403)
    assert account("partner", "partner").get(address(source)).status_code in (302, 403, 404)
    bare = make_source(title="Without a text", review="draft")
    assert analyst.get(address(bare)).status_code == 404


def test_a_new_source_leads_there(analyst: Client) -> None:
    make_source(title="Another")  # and with it the kinds of sources
    add = "/admin/sources/sourcedocument/add/"
    page = analyst.get(add)
    assert "Save and enter a case from it" in page.content.decode()
    sent = {"title": "Traveller held", "kind": "news_report", "text": TEXT, "level": "public", "review": "draft"}
    sent |= {"derivation": "original", "_case": "1"}
    made = analyst.post(add, filled(analyst, add) | sent)
    source = SourceDocument.objects.get(title="Traveller held")
    assert made.status_code == 302 and made.headers["Location"] == address(source)


def test_its_statements_do_not_grow_with_the_text(
    analyst: Client, source: SourceDocument, django_assert_max_num_queries: Any
) -> None:
    long = make_source(title="Long", text="\n".join(f"Line {number}." for number in range(3000)), review="draft")
    for each in (source, long):
        with django_assert_max_num_queries(16):
            assert analyst.get(address(each)).status_code == 200


@pytest.mark.parametrize("occurred", ["2078-06-15", "2031-01-01"])
def test_a_date_that_may_mean_another_day_is_asked_about(
    analyst: Client, source: SourceDocument, occurred: str
) -> None:
    sent = typed({"kind": "detention", "occurred": occurred, "paragraph": "2"})
    told = analyst.post(address(source), sent).content.decode()
    assert "It lies after today" in told and "Which day is meant?" in told and not Incident.objects.exists()
    chosen = {"answer-stages-0-occurred": f"{occurred}={occurred}"}
    assert analyst.post(address(source), sent | chosen).status_code == 302
    assert str(Incident.objects.get().stages.get().occurred) == occurred


def test_a_day_of_another_calendar_is_chosen_and_its_words_are_kept(analyst: Client, source: SourceDocument) -> None:
    # 15 Ashwin 2078 of Nepal is 1 October 2021: Ashwin 2078 began on 17 September 2021.
    row = {"kind": "hearing", "occurred": "2078-06-15", "occurred-calendar": "BS", "paragraph": "3"}
    shown = analyst.post(address(source), typed(row)).content.decode()
    assert "BS 2078-06-15=2021-10-01" in shown and not Incident.objects.exists()
    chosen = {"answer-stages-0-occurred": "BS 2078-06-15=2021-10-01"}
    assert analyst.post(address(source), typed(row) | chosen).status_code == 302
    stage = Incident.objects.get().stages.get()
    assert str(stage.occurred) == "2021-10-01" and str(Incident.objects.get().start) == "2021-10-01"
    assert stage.citations.get().stated_value == "15 Ashwin 2078 (Bikram Sambat)"


def test_tactics_are_offered_and_the_case_begins_with_its_first_step(analyst: Client, source: SourceDocument) -> None:
    make_tactic("abduction", label="Abduction")
    assert 'value="abduction"' in analyst.get(address(source)).content.decode()
    assert analyst.post(address(source), typed(tactic="abduction")).status_code == 302
    incident = Incident.objects.get()
    assert str(incident.start) == "2021-07-19" and incident.tactics_used.get().tactic_id == "abduction"


def test_a_case_that_is_more_open_than_its_source_is_told_of(analyst: Client, source: SourceDocument) -> None:
    SourceDocument.objects.update(level="team")
    told = messages_of(analyst.post(address(source), typed()))
    assert "Its source stays at level “team”" in told
