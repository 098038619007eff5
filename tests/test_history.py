"""The history of a record says what changed to those who may see it now, and could have seen it then."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from records.history.record_history import History, recent_work
from records.models import AuditEntry, Change, Team, Watch
from tests.factories import (
    make_agreement,
    make_category,
    make_citation,
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
from tests.pasts import by, signed_in, somebody, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return somebody("analyst", "read_team")


def test_a_change_tells_labels_dates_and_links_in_words(analyst):
    incident, source, treaty = make_incident(), make_source(title="A report"), make_agreement(title="A treaty")
    person = make_person("Idris Hasan")
    stage = make_stage(make_involvement(incident, person), occurred="2021-07")
    citation = make_citation(source, "kind", stage=stage, preferred=True)
    before = len(told(incident, analyst))
    with by(analyst):
        incident.title, incident.place, incident.agreement = "Held in Casablanca", "the airport", treaty
        incident.save()
        person.categories.set([make_category("lawyer")])
    with by(analyst):
        stage.occurred, stage.kind = "2021-07-19", "release"
        stage.save()
        citation.preferred = False
        citation.save()
    assert told(incident, analyst)[before:] == [
        "changed incident: title “Held in Istanbul” → “Held in Casablanca”",
        "changed incident: place “” → “the airport”",
        "changed incident: agreement “” → “A treaty”",
        "changed stage: kind “detention” → “release”",
        "changed stage: occurred “July 2021” → “19 July 2021”",
        "changed citation: preferred “yes” → “no”",
    ]


def test_an_act_says_who_when_by_which_door_and_why(analyst):
    person = make_person()
    with by(analyst, "The court record of 19 July."):
        person.occupation = "farmer"
        person.save()
        make_name(person, "Yidiresi")
    act = History(person, analyst).acts()[0]
    assert (act.who, act.channel, act.why) == ("analyst", "admin", "The court record of 19 July.")
    assert [(change.operation.value, change.kind, change.title) for change in act.changes] == [
        ("update", "person", "Aybek Tursun"),
        ("insert", "person name", "Yidiresi"),
    ]


@pytest.mark.attack("E6")
def test_the_reason_of_an_act_on_several_records_is_told_to_those_who_see_them_all(analyst):
    person, other = make_person(), make_person("Other")
    with by(somebody("colleague"), "CANARY and the other one"):
        for record in (person, other):
            record.occupation = "farmer"
            record.save()
    assert History(person, analyst).acts()[0].why == "CANARY and the other one"
    other.level = "restricted"
    other.save()
    assert History(person, analyst).acts()[0].why == ""


def test_writes_from_outside_are_told_without_a_name(analyst):
    person = make_person()
    person.occupation = "farmer"
    person.save()
    act = History(person, analyst).acts()[0]
    assert (act.who, act.channel) == ("", "outside the application")


def test_a_row_that_was_written_twice_in_an_act_is_told_once(analyst):
    person = make_person()
    with by(analyst):
        for text in ("farmer", "teacher"):
            person.occupation = text
            person.save()
    assert [line for line in told(person, analyst) if "occupation" in line] == [
        "changed person: occupation “” → “teacher”"
    ]


def test_the_history_is_for_the_team_and_named_readers_only(analyst):
    person = make_person()
    named = somebody("named")
    person.readers.add(named)
    others = [somebody("partner", "read_partner"), somebody("root", is_superuser=True), AnonymousUser()]
    assert told(person, analyst) and told(person, named)
    assert [told(person, user) for user in others] == [[], [], []]


@pytest.mark.attack("E6")
def test_values_of_a_hidden_part_are_not_told(analyst):
    person = make_person()
    detail = make_detail(person, kind="address", value="CANARY street", level="restricted")
    with by(analyst, "CANARY moved"):
        person.occupation = "farmer"
        person.save()
        detail.value = "CANARY road"
        detail.save()
    assert "CANARY" not in "".join(told(person, analyst))
    act = History(person, analyst).acts()[0]
    assert act.why == "", "a reason may be about the hidden part"
    assert [change.kind for change in act.changes] == ["person"]


@pytest.mark.attack("E6")
def test_a_level_that_was_lowered_does_not_give_away_what_was_restricted(analyst):
    incident = make_incident("CANARY", level="restricted")
    make_involvement(incident, make_person("Idris"), level="public")
    incident.title, incident.level = "Held in Istanbul", "team"
    incident.save()
    assert told(incident, analyst) == []
    incident.place = "Istanbul"
    incident.save()
    assert told(incident, analyst) == ["changed incident: place “” → “Istanbul”"]


@pytest.mark.attack("E6")
def test_who_is_named_later_does_not_read_what_was_restricted_before(analyst):
    person = make_person("CANARY", level="restricted")
    person.label, person.level = "Safe", "team"
    person.save()
    person.readers.add(analyst)
    assert "CANARY" not in "".join(told(person, analyst))


def test_who_was_named_then_reads_what_was_restricted(analyst):
    person = make_person("Secret", level="restricted")
    person.readers.add(analyst)
    with by(analyst):
        person.label = "Safe"
        person.save()
    assert told(person, analyst)[-1] == "changed person: label “Secret” → “Safe”"


@pytest.mark.attack("E6")
def test_a_part_of_a_record_that_was_restricted_is_not_told_either(analyst):
    person = make_person("Safe", level="restricted")
    name = make_name(person, "CANARY", level="public")
    name.text = "Yidiresi"
    name.save()
    person.level = "team"
    person.save()
    assert "CANARY" not in "".join(told(person, analyst))


@pytest.mark.attack("E6")
def test_another_team_does_not_read_what_was_one_teams_alone(analyst):
    istanbul = Team.objects.create(name="Istanbul")
    person = make_person("CANARY", level="team", team=istanbul)
    person.label, person.level = "Safe", "public"
    person.save()
    assert told(person, analyst) == []
    istanbul.members.add(analyst)
    assert "changed person: label “CANARY” → “Safe”" in told(person, analyst)


@pytest.mark.attack("E6")
def test_a_part_that_is_hidden_later_takes_its_past_with_it(analyst):
    person = make_person()
    detail = make_detail(person, kind="address", value="CANARY street", level="team")
    detail.value = "CANARY road"
    detail.save()
    assert "CANARY" in "".join(told(person, analyst))
    detail.level = "restricted"
    detail.save()
    assert "CANARY" not in "".join(told(person, analyst))
    assert "address" not in "".join(told(person, analyst))


@pytest.mark.attack("E6")
def test_what_was_removed_stays_as_hidden_as_it_was(analyst):
    person = make_person()
    secret = make_detail(person, kind="address", value="CANARY", level="restricted")
    shown = make_detail(person, kind="address", value="a street", level="team")
    of_hidden = make_citation(make_source(title="CANARY", level="restricted"), "value", person_detail=shown)
    for row in (of_hidden, secret, shown):
        row.delete()
    assert [line for line in told(person, analyst) if line.startswith("removed")] == [
        "removed person detail: level “team” → “”",
        "removed person detail: kind “address” → “”",
        "removed person detail: value “a street” → “”",
        "removed person detail: date “1980” → “”",
    ]
    assert "CANARY" not in "".join(told(person, analyst))


@pytest.mark.attack("E6")
def test_links_to_hidden_records_are_not_told(analyst):
    source, hidden = make_source(), make_source(title="CANARY", level="restricted")
    with by(analyst):
        source.derived_from = hidden
        source.note = "checked"
        source.save()
    assert [line for line in told(source, analyst) if line.startswith("changed")] == [
        "changed source document: note “” → “checked”"
    ]
    person, relative = make_person(), make_person("CANARY", level="restricted")
    relation = make_relationship(person, relative)
    relation.delete()
    assert "CANARY" not in "".join(told(person, analyst))
    assert "relationship" not in "".join(told(person, analyst))


@pytest.mark.attack("E6")
def test_what_was_removed_hides_with_what_it_rested_on(analyst):
    person, relative = make_person(), make_person("CANARY")
    make_relationship(person, relative).delete()
    assert any("removed relationship: relative “CANARY”" in line for line in told(person, analyst))
    relative.level = "restricted"
    relative.save()
    assert "relationship" not in "".join(told(person, analyst))


def test_the_text_of_a_source_is_never_told(analyst):
    source = make_source(text="CANARY")
    source.text = "CANARY 2"
    source.note = "checked"
    source.save()
    assert "CANARY" not in "".join(told(source, analyst))


def test_a_row_that_moved_is_told_where_it_is_and_where_it_was(analyst):
    here, there = make_incident("Here"), make_incident("There")
    involvement = make_involvement(here, make_person("Idris Hasan"))
    with by(analyst):
        involvement.incident = there
        involvement.save()
    line = "changed involvement: incident “Here” → “There”"
    assert line in told(here, analyst) and line in told(there, analyst)


def test_a_history_asks_as_many_questions_however_long_it_is(analyst):
    counts = []
    for length in (1, 6):
        incident = make_incident()
        for number in range(length):
            stage = make_stage(make_involvement(incident, make_person(f"Person {number}")))
            make_citation(make_source(), "occurred", stage=stage)
            with by(analyst):
                incident.title = f"Title {number}"
                incident.save()
                incident.readers.set([analyst])
                stage.note = "checked"
                stage.save()
        user = type(analyst).objects.get(pk=analyst.pk)
        with CaptureQueriesContext(connection) as captured:
            assert History(incident, user).acts()
        counts.append(len(captured))
    assert counts[0] == counts[1] < 30


def test_reading_of_restricted_rows_is_told_to_the_trail(analyst):
    person = make_person()
    person.readers.add(analyst)
    detail = make_detail(person, kind="address", level="restricted")
    assert signed_in(analyst).get(f"/people/{person.ref}/history/").status_code == 200
    entry: Any = AuditEntry.objects.get(kind="restricted_read")
    assert entry.subjects == detail.ref


def test_the_latest_work_of_somebody_is_of_records_that_they_may_see(analyst):
    person, other, of_others = make_person(), make_person("Other"), make_person("Third")
    for record, user in ((person, analyst), (other, analyst), (of_others, somebody("colleague"))):
        with by(user):
            record.occupation = "farmer"
            record.save()
    assert [done.ref for done in recent_work(analyst)] == [other.ref, person.ref]
    other.level = "restricted"
    other.save()
    assert [done.ref for done in recent_work(analyst)] == [person.ref]


def test_a_legal_status_is_named_by_its_kind_and_country(analyst):
    person = make_person()
    with by(analyst):
        make_legal_status(person)
    assert History(person, analyst).acts()[0].changes[0].title == "citizen, China"


def test_what_a_table_held_that_an_update_took_away_breaks_no_history(analyst):
    incident = make_incident()
    key = f"cases_incident:{incident.pk}"
    gone = {"table": "cases_incident_tactics", "row": "1", "part_of": key, "operation": "insert", "after": "{}"}
    Change.objects.create(at=timezone.now(), act=Change.objects.latest("pk").act, **gone)
    client = signed_in(analyst)
    assert client.get(f"/incidents/{incident.ref}/history/").status_code == 200
    assert client.get(f"/api/v1/incidents/{incident.ref}/history/").status_code == 200
    Watch.objects.create(user=analyst, resource="incidents", ref=incident.ref)
    assert client.get("/watching/digest/").status_code == 200


def test_the_past_of_columns_that_an_update_took_away_is_told(analyst):
    """China was corrected to Kazakhstan before origins became rows; the next change says nothing of the update."""
    incident = make_incident("Held")
    entered = json.loads(Change.objects.get(ref=incident.ref).after)
    row = {"table": "cases_incident", "row": str(incident.pk), "ref": incident.ref, "operation": "update"}
    texts = [json.dumps(entered | told_then) for told_then in ({}, {"origin_id": "CN"}, {"origin_id": "KZ"})]
    for act, (before, after) in zip("ab", pairwise(texts), strict=True):
        Change.objects.create(at=timezone.now(), act=act * 32, before=before, after=after, **row)
    with by(analyst):
        incident.title = "Held again"
        incident.save()
    assert told(incident, analyst)[-2:] == [
        "changed incident: origin “CN” → “KZ”",
        "changed incident: title “Held” → “Held again”",
    ]
