"""A part follows its record: what was entered, reviewed and approved is what a stranger reads, and no hollow case."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Incident, Person, PersonDetail
from records.access.teams import Team
from records.models import Proposal, Record
from records.models.record import BEYOND_THE_TEAM
from records.review import staying_shut
from records.review.row_values import with_parts
from sources.models import SourceDocument
from tests.admin_forms import filled, messages_of, rows
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.reviewing import answer, client_of, page, reviewer
from tests.signin import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Client:
    """Somebody of the role, as the README gives it: no superuser."""
    call_command("make_roles", verbosity=0)
    user = User.objects.create_user("analyst", is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    return sign_in(Client(), user)


def enter(client: Client, address: str, typed: dict[str, Any]) -> None:
    """Send the form of a new record as it is shown, levels and all, with what was typed."""
    sent = {name: value for name, value in filled(client, address).items() if "-0-" not in name}
    empty = {name: 0 for name in sent if name.endswith("-TOTAL_FORMS")}
    response = client.post(address, sent | empty | typed)
    wrong = response.context and [
        response.context["adminform"].form.errors,
        *(inline.formset.errors for inline in response.context["inline_admin_formsets"]),
    ]
    assert response.status_code == 302, wrong


def person_entered(analyst: Client) -> Person:
    details = [
        {"kind": "born", "date": "1987"},
        {"kind": "address", "value": "12 Weavers' Lane"},
        {"kind": "note", "value": "Fears the police"},
    ]
    names = [
        {"text": "Nur Weaver", "kind": "primary", "script": "Latn"},
        {"text": "نور", "kind": "native_script", "script": "Arab"},
    ]
    typed = {"label": "Nur Weaver", "standing": "target", "level": "public", **new("names", names)}
    enter(analyst, "/admin/cases/person/add/", typed | new("details", details))
    return Person.objects.get()


def new(table: str, typed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the rows of a table send, in each of which nobody touched the box for its level."""
    asks = {"details": ""}
    return rows(table, *({"level": asks.get(table, "public")} | row for row in typed))


def incident_entered(analyst: Client, person: Person, source: SourceDocument) -> Incident:
    make_country("TR")
    evidence = {"evidence_source": source.pk, "evidence_field": "occurred", "evidence_stated": "in October"}
    stage = {"person": person.pk, "kind": "detention", "occurred": "2018-10", "position": "0"} | evidence
    typed = {"title": "Held in Istanbul", "scope": "cross_border", "start": "2018-10", "level": "public"}
    typed |= new("country_parts", [{"country": "TR", "part": "location"}]) | new("stages", [stage])
    enter(analyst, "/admin/cases/incident/add/", typed)
    return Incident.objects.get()


def sent_to_review(analyst: Client, record: Record) -> Proposal:
    messages_of(analyst.post(page(record), filled(analyst, page(record)) | {"review": "in_review"}))
    return Proposal.objects.get(about=record.ref, state="open")


def published(analyst: Client, record: Record, second: Client) -> str:
    """Send a record to review and approve it; return the page that was approved."""
    proposal = sent_to_review(analyst, record)
    shown = second.get(page(proposal)).content.decode()
    assert "is approved and carried out" in answer(second, proposal, "approve")
    return shown


def test_what_was_entered_and_approved_is_what_a_stranger_reads(analyst: Client, client: Client) -> None:
    second, source = client_of(reviewer("second")), make_source()
    person = person_entered(analyst)
    shown = published(analyst, person, second)
    assert "نور" in shown and "What stays shut (2)" in shown
    incident = incident_entered(analyst, person, source)
    assert "What stays shut" not in published(analyst, incident, second)
    told = client.get(f"/people/{person.ref}/").content.decode()
    for words in ("Nur Weaver", "نور", "1987", "Held in Istanbul"):
        assert words in told
    for words in ("Weavers&#x27; Lane", "Fears the police"):
        assert words not in told
    [row] = client.get("/api/v1/incidents/?q=Nur+Weaver").json()["results"]
    assert [each["kind"] for each in row["stages"]] == ["detention"]
    assert len(client.get(f"/api/v1/citations/?source={source.ref}").json()["results"]) == 1
    exported: Any = client.get("/incidents/export.csv")
    assert b"detention" in b"".join(exported.streaming_content)
    assert person.ref in client.get("/search/?q=نور").content.decode()


def test_a_record_that_is_withheld_takes_its_parts_with_it(analyst: Client, client: Client) -> None:
    second, source = client_of(reviewer("second")), make_source()
    person = person_entered(analyst)
    published(analyst, person, second)
    incident = incident_entered(analyst, person, source)
    published(analyst, incident, second)
    chosen = {"action": "withhold", "_selected_action": [incident.pk]}
    assert "withheld" in messages_of(second.post("/admin/cases/incident/", chosen))
    for address in ("stages", "citations", "involvements", "incidents"):
        answered = client.get(f"/api/v1/{address}/")
        assert answered.status_code == 404 or answered.json()["results"] == []
    assert "Held in Istanbul" not in client.get(f"/people/{person.ref}/").content.decode()


def test_details_other_than_a_birth_stay_with_the_team(analyst: Client) -> None:
    person_entered(analyst)
    assert dict(PersonDetail.objects.values_list("kind", "level")) == {
        "born": "public",
        "address": "team",
        "note": "team",
    }


def test_who_decides_is_told_what_stays_shut_and_why(analyst: Client) -> None:
    source = make_source(review="draft")
    person = person_entered(analyst)
    person.names.filter(text="Nur Weaver").update(level="partner")
    person.names.filter(text="نور").update(level="restricted")
    incident = incident_entered(analyst, person, source)
    told = staying_shut(sent_to_review(analyst, person), reviewer("second"))
    # What is for named readers alone is not told to who decides: they do not see it either.
    assert [(part.kind, part.name, part.why) for part in told] == [
        ("person detail", "address", "its level is “team”"),
        ("person detail", "note", "its level is “team”"),
    ]
    shut = staying_shut(sent_to_review(analyst, incident), reviewer("third"))
    assert [(part.kind, part.why) for part in shut] == [
        ("involvement", f"it is not read without {person.ref}, which is in review, level “public”")
    ]


@pytest.mark.parametrize("is_published", [False, True])
def test_parts_of_before_are_let_follow_at_once(analyst: Client, client: Client, is_published: bool) -> None:
    """What was entered before parts followed is the team's, and stays so until two people say otherwise."""
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    person.names.update(level="team")
    if is_published:
        published(analyst, person, second)
    chosen = {"action": "let_parts_follow", "_selected_action": [person.pk]}
    told = messages_of(analyst.post("/admin/cases/person/", chosen))
    proposal = Proposal.objects.get(about=person.ref, state="open")
    assert f"{person.ref}: 2 parts, once a second person approves {proposal.ref}" in told
    assert set(person.names.values_list("level", flat=True)) == {"team"}
    assert "is approved and carried out" in answer(second, proposal, "approve")
    if not is_published:
        published(analyst, person, second)
    assert set(person.names.values_list("level", flat=True)) == {"public"}
    assert set(person.details.exclude(kind="born").values_list("level", flat=True)) == {"team"}
    assert "نور" in client.get(f"/people/{person.ref}/").content.decode()
    assert f"{person.ref}: 0 parts" in messages_of(analyst.post("/admin/cases/person/", chosen))


def test_a_part_with_a_level_of_its_own_keeps_it(analyst: Client, client: Client) -> None:
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    sent = filled(analyst, page(person)) | {"names-1-level": "team"}
    assert analyst.post(page(person), sent).status_code == 302
    assert "What stays shut (3)" in published(analyst, person, second)
    assert "نور" not in client.get(f"/people/{person.ref}/").content.decode()
    assert person.names.get(text="نور").level not in BEYOND_THE_TEAM


def test_a_part_that_is_added_to_what_the_team_alone_reads_waits_for_nobody(analyst: Client) -> None:
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    sent = filled(analyst, page(person)) | {"level": "team"}
    assert analyst.post(page(person), sent).status_code == 302
    published(analyst, person, second)
    analyst.post(page(person), with_name(filled(analyst, page(person)), "Nuri"))
    assert person.names.get(text="Nuri").level == "public"
    sent = filled(analyst, page(person)) | {"level": "public"}
    analyst.post(page(person), sent)
    assert "Nuri" in second.get(page(Proposal.objects.get(about=person.ref, state="open"))).content.decode()


def with_name(sent: dict[str, Any], text: str) -> dict[str, Any]:
    """Return what a person's form sends when one more name was entered."""
    at = sum(name.endswith("-id") and bool(value) for name, value in sent.items() if name.startswith("names-"))
    row = {"text": text, "kind": "also_known_as", "script": "Latn", "level": "public"}
    return sent | {f"names-{at}-{name}": value for name, value in row.items()} | {"names-TOTAL_FORMS": at + 1}


def test_a_part_that_is_added_to_what_is_published_waits_for_a_second_person(analyst: Client, client: Client) -> None:
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    published(analyst, person, second)
    analyst.post(page(person), with_name(filled(analyst, page(person)), "Nuri"))
    assert not person.names.filter(text="Nuri").exists()
    proposal = Proposal.objects.get(about=person.ref, state="open")
    assert "is approved and carried out" in answer(second, proposal, "approve")
    assert "Nuri" in client.get(f"/people/{person.ref}/").content.decode()


def bare_incident(analyst: Client) -> Incident:
    """A case with one stage, for which there is no source."""
    typed = {"title": "Taken away", "scope": "cross_border", "start": "2018-10", "level": "public"}
    stage = {"person": person_entered(analyst).pk, "kind": "detention", "occurred": "2018-10", "position": "0"}
    enter(analyst, "/admin/cases/incident/add/", typed | new("stages", [stage]))
    return Incident.objects.get()


def change(client: Client, record: Record, **typed: Any) -> str:
    return messages_of(client.post(page(record), filled(client, page(record)) | typed))


REASON = "His sister saw it, and must not be named"


def test_what_has_no_evidence_is_not_sent_to_review_without_a_reason(analyst: Client) -> None:
    incident = bare_incident(analyst)
    told = change(analyst, incident, review="in_review")
    assert "Add a source for: detention in October 2018 of Nur Weaver." in told
    assert "why without evidence" in told and not Proposal.objects.exists()
    change(analyst, incident, review="in_review", without_evidence="  ")
    assert not Proposal.objects.exists()


def test_the_reason_is_shown_to_who_decides_and_stays_with_the_team(analyst: Client, client: Client) -> None:
    second = client_of(reviewer("second"))
    incident = bare_incident(analyst)
    published(analyst, Person.objects.get(), second)
    change(analyst, incident, without_evidence=REASON)
    shown = published(analyst, incident, second)
    assert "There is no source for: detention in October 2018 of Nur Weaver." in shown
    assert f"Why it is published all the same: “{REASON}”" in shown
    incident.refresh_from_db()
    assert (incident.review, incident.without_evidence) == ("published", REASON)
    for address in ("/incidents/{}/", "/api/v1/incidents/{}/"):
        answered = client.get(address.format(incident.ref))
        assert answered.status_code == 200 and "sister" not in answered.content.decode()
    exported: Any = client.get("/incidents/export.csv")
    assert b"sister" not in b"".join(exported.streaming_content)


def test_the_reason_is_reworded_and_never_taken_away_once_it_is_published(analyst: Client) -> None:
    second = client_of(reviewer("second"))
    incident = bare_incident(analyst)
    change(analyst, incident, without_evidence=REASON)
    published(analyst, incident, second)
    sent = filled(analyst, page(incident)) | {"without_evidence": " "}
    assert "which stays: reword it" in analyst.post(page(incident), sent).content.decode()
    change(analyst, incident, without_evidence="A witness whom we protect saw it")
    incident.refresh_from_db()
    assert incident.without_evidence == "A witness whom we protect saw it"


def test_staff_of_another_team_find_no_box_for_the_reason(analyst: Client) -> None:
    second = client_of(reviewer("second"))
    incident = bare_incident(analyst)
    change(analyst, incident, without_evidence=REASON)
    published(analyst, Person.objects.get(), second)
    published(analyst, incident, second)
    Incident.objects.filter(pk=incident.pk).update(team=Team.objects.create(name="Others"))
    shown = analyst.get(page(incident)).content.decode()
    assert "Taken away" in shown and "sister" not in shown and 'name="without_evidence"' not in shown
    change(analyst, incident, place="Istanbul")
    incident.refresh_from_db()
    assert incident.without_evidence == REASON


def test_a_part_that_is_added_while_somebody_decides_does_not_open_unseen(analyst: Client) -> None:
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    proposal = sent_to_review(analyst, person)
    read = {"shown": second.get(page(proposal)).context["digest"]}
    person.refresh_from_db()
    analyst.post(page(person), with_name(filled(analyst, page(person)), "Nuri"))
    assert person.names.filter(text="Nuri").exists()
    told = messages_of(second.post(page(proposal), read | {"approve": "1"}))
    assert "has changed since" in told
    person.refresh_from_db()
    assert person.review == "in_review"


def test_what_waits_for_a_person_is_shown_to_who_approves_the_person(analyst: Client, client: Client) -> None:
    """The steps of an incident that is approved before its person open with the person."""
    second, source = client_of(reviewer("second")), make_source()
    person = person_entered(analyst)
    incident = incident_entered(analyst, person, source)
    incident.stages.update(place="Aksaray", note="In the cellar")
    first = published(analyst, incident, second)
    assert "Aksaray" not in first and "What stays shut (1)" in first
    assert "in October" not in first  # nor what is said of the step
    shown = published(analyst, person, second)
    for words in ("Aksaray", "In the cellar", "in October"):
        assert words in shown
        assert words in client.get(f"/incidents/{incident.ref}/").content.decode() or words == "in October"


def test_what_opens_is_found_with_the_same_statements_however_much_it_is() -> None:
    """The form of a record asks it of each proposal that waits for the record."""
    source = make_source(review="in_review")
    part = make_involvement(make_incident(), make_person())
    asked = []
    for more in (3, 30):
        for _ in range(more):
            make_citation(source, "occurred", stage=make_stage(part))
        with CaptureQueriesContext(connection) as statements:
            [opened] = with_parts([source]).values()
        asked.append(len(statements))
    assert (len(opened), asked[0]) == (34, asked[1])


def test_of_a_part_that_is_opened_the_reviewer_is_shown_all_that_opens(analyst: Client) -> None:
    second, source = client_of(reviewer("second")), make_source()
    person = person_entered(analyst)
    published(analyst, person, second)
    incident = incident_entered(analyst, person, source)
    incident.stages.update(place="Aksaray", level="team")
    published(analyst, incident, second)
    chosen = {"action": "let_parts_follow", "_selected_action": [incident.pk]}
    analyst.post("/admin/cases/incident/", chosen)
    shown = second.get(page(Proposal.objects.get(state="open"))).content.decode()
    assert "Aksaray" in shown and "in October" in shown and "October 2018" in shown


def test_a_part_that_is_moved_is_shown_as_it_stands(analyst: Client) -> None:
    second = client_of(reviewer("second"))
    person = person_entered(analyst)
    published(analyst, person, second)
    hidden = make_person("Somebody", review="draft", level="team")
    name = make_name(hidden, "A name that was hidden", level="public")
    analyst.post(page(name), filled(analyst, page(name)) | {"person": person.pk})
    shown = second.get(page(Proposal.objects.get(state="open"))).content.decode()
    assert "A name that was hidden" in shown and "made readable as it stands" in shown
