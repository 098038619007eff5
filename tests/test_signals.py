"""What bears on the danger of return, as of a day: by hand, in the seeds, and never more than a reader may see."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases.models import DetentionKind, Outcome, Person
from cases.return_risk.danger_signals import open_across, signals
from cases.return_risk.records import LISTED, records_at_risk
from cases.return_risk.rules import (
    came,
    happened,
    holds,
    not_past,
    ratified_on,
    state_of,
)
from cases.return_risk.signal import Signal
from cases.situation.standing import involvements
from cases.views.chronology import country_names
from records.fields.edtf import UncertainDate
from tests.factories import (
    make_agreement,
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_notice,
    make_notice_event,
    make_person,
    make_ratification,
    make_relationship,
    make_source,
    make_stage,
)
from tests.test_edtf import days, vaguer

CASES = yaml.safe_load(Path(__file__).with_name("signal_cases.yaml").read_text(encoding="utf-8"))
STRANGER = AnonymousUser()


def make_held(label: str = "Aybek Tursun", **fields: Any) -> SimpleNamespace:
    person, incident = make_person(label), make_incident(f"Case of {label}", **{"start": "2015-03-01"} | fields)
    involvement = make_involvement(incident, person)
    make_stage(involvement, "detention", "2015-03-01")
    return SimpleNamespace(person=person, incident=incident, involvement=involvement)


def make_return(label: str = "Somebody else", **fields: Any) -> Any:
    place = {"origin": fields.pop("origin", "CN"), "location": fields.pop("location", "TR")}
    if code := fields.pop("country", None):
        fields["country"] = make_country(code)
    case = make_involvement(make_incident(f"Return of {label}", **place), make_person(label))
    return make_stage(case, fields.pop("kind", "deportation"), fields.pop("occurred", "2014"), **fields)


def put_together(case: dict[str, Any]) -> Person:
    """Make the records of one case of the table."""
    held = make_held()
    for status in case.get("legal_statuses", ()):
        make_legal_status(held.person, **status)
    for number, stage in enumerate(case.get("stages", ()), start=1):
        make_stage(held.involvement, position=number, **stage | detention_kind(stage))
    if "outcome" in case:
        outcome = Outcome.objects.create(code=case["outcome"], label=case["outcome"], meaning="How it ended.")
        held.involvement.outcome = outcome
        held.involvement.save()
        make_citation(make_source(published=case["published"]), "outcome", involvement=held.involvement)
    for fields in case.get("agreements", ()):
        put_agreement(**fields)
    for fields in case.get("returns", ()):
        make_return(**fields)
    if "events" in case:
        notice = make_notice(held.person)
        for number, event in enumerate(case["events"], start=1):
            make_notice_event(notice, position=number, **event)
    return held.person


def detention_kind(stage: dict[str, Any]) -> dict[str, Any]:
    if code := stage.get("detention_kind"):
        return {"detention_kind": DetentionKind.objects.create(code=code, label=code, meaning=f"{code}.")}
    return {}


def put_agreement(*, countries: list[str], signed: str, ratifications: Any = (), published: str = "") -> None:
    agreement = make_agreement(*countries, signed=signed)
    for row in ratifications:
        make_ratification(agreement, **{"as_of": ""} | row)
    if published:
        make_citation(make_source(published=published), "kind", agreement=agreement)


def asked(person: Person, day: date | str, user: Any = STRANGER) -> list[Signal]:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    rows = list(involvements(user, day).filter(person=person).order_by("pk"))
    return signals(records_at_risk(user, person, open_across(rows, day), day, country_names()))


def one(name: str, found: list[Signal]) -> Signal:
    [signal] = [each for each in found if each.name == name]
    return signal


# The rules, by hand


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[f"{each['signal']}: {each['case']}" for each in CASES])
def test_a_signal_says_what_was_recorded_of_the_day(case: dict[str, Any]) -> None:
    person = put_together(case)
    told = {day: one(case["signal"], asked(person, day)).state.value for day in case["asked"]}
    assert told == case["asked"]


@pytest.mark.django_db
def test_a_not_ratified_of_an_earlier_day_is_told_with_its_day() -> None:
    held = make_held()
    agreement = make_agreement("CN", "TR", title="Treaty", signed="2017")
    make_ratification(agreement, "TR", state="not_ratified", as_of="2021-05-01")
    signal = one("ratification", asked(held.person, "2022-01-01"))
    assert signal.says == "Treaty, ratified by both: not known on that day; of China nothing is recorded"
    assert [each.says for each in signal.inputs] == [
        "Türkiye: not ratified, said as of 1 May 2021; of that day this says nothing certain"
    ]
    assert [str(when) for when in signal.inputs[0].dates] == ["2021-05-01"]


@pytest.mark.django_db
def test_each_input_names_its_record_its_fields_and_its_sources() -> None:
    held = make_held()
    status = make_legal_status(held.person, "TR", "refugee", since="2014")
    citation = make_citation(make_source(), "kind", legal_status=status)
    signal = one("legal_status", asked(held.person, "2016-01-01"))
    assert signal.says == "status in Türkiye: recorded (refugee)"
    assert signal.involvement == held.involvement
    [given_input] = signal.inputs
    assert (given_input.ref, given_input.fields) == (status.ref, ("kind", "since", "until"))
    assert given_input.proof.citations == signal.proof.citations == [citation]


@pytest.mark.django_db
def test_earlier_returns_are_counted_whole_and_listed_in_part() -> None:
    held = make_held()
    stages = [make_return(f"Person {number}") for number in range(LISTED + 2)]
    make_stage(make_involvement(stages[0].incident, make_person("Another of them")), "deportation", "2014")
    make_return("Later, perhaps", occurred="2014/2016")
    signal = one("earlier_returns", asked(held.person, "2015-06-01"))
    assert signal.says == (
        f"earlier returns from Türkiye to China: recorded; certainly before that day {LISTED + 3} people or groups in "
        f"{LISTED + 2} incidents, perhaps before it 1 person or group in 1 incident"
    )
    assert (len(signal.inputs), signal.more) == (LISTED, 4)


@pytest.mark.django_db
def test_a_lawyer_is_an_input_from_either_side() -> None:
    held = make_held()
    assert one("without_contact", asked(held.person, "2016-01-01")).says.endswith("; no lawyer is recorded")
    make_involvement(held.incident, make_person("Counsel of the case", standing="other"), "lawyer")
    make_relationship(held.person, make_person("Counsel of the person", standing="other"), "lawyer")
    signal = one("without_contact", asked(held.person, "2016-01-01"))
    assert signal.says == "held without contact: not recorded; a lawyer is recorded"
    assert [each.says for each in signal.inputs] == [
        "a lawyer is recorded, without a date: Counsel of the case",
        "a lawyer is recorded, without a date: Counsel of the person",
    ]


@pytest.mark.django_db
def test_a_client_of_the_person_is_no_lawyer_of_theirs() -> None:
    held = make_held()
    make_relationship(make_person("Client"), held.person, "lawyer")
    assert not one("without_contact", asked(held.person, "2016-01-01")).inputs


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stages", "day", "is_asked"),
    [
        ([], "2015-02-28", False),  # not begun
        ([], "2015-03-01", True),
        ([("release", "2016-05")], "2016-05-30", True),  # perhaps still held
        ([("release", "2016-05")], "2016-05-31", False),
        ([("conditional_release", "2016-05-01")], "2020-01-01", True),
        ([("release", "")], "2016-01-01", True),  # let out some day, which perhaps was later
    ],
)
def test_only_a_case_that_was_perhaps_open_on_the_day_has_signals(
    stages: list[tuple[str, str]], day: str, is_asked: bool
) -> None:
    held = make_held()
    for number, (kind, occurred) in enumerate(stages, start=1):
        make_stage(held.involvement, kind, occurred, position=number)
    assert bool(asked(held.person, day)) == is_asked


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["proxy", "borderline", "domestic"])
def test_what_happens_inside_the_origin_bears_no_danger_of_return(scope: str) -> None:
    assert asked(make_held(scope=scope, location="CN").person, "2016-01-01") == []


@pytest.mark.django_db
def test_without_a_host_country_what_cannot_be_asked_is_said() -> None:
    found = asked(make_held(location="CN").person, "2016-01-01")
    said = {each.name: each.says for each in found}
    for name in ("legal_status", "agreement", "earlier_returns"):
        assert said[name].endswith("not recorded; no host country is recorded")


@pytest.mark.django_db
def test_signals_stand_in_one_order_whatever_they_say() -> None:
    names = ["legal_status", "removal_order", "agreement", "earlier_returns", "without_contact", "notice"]
    quiet, loud = make_held(), make_held("Gulnar Tursun")
    make_stage(loud.involvement, "contact_lost", "2015-04-01")
    make_notice_event(make_notice(loud.person), "published", "2014")
    for person in (quiet.person, loud.person):
        assert [each.name for each in asked(person, "2016-01-01")] == names


@pytest.mark.django_db
def test_the_section_says_that_signals_are_inputs_and_no_prediction() -> None:
    held = make_held()
    make_stage(held.involvement, "surrender_risk", "2015-04-01")
    day = date(2016, 1, 1)
    text = render_to_string("includes/signals.html", {"signals": asked(held.person, day), "signals_day": day})
    assert "inputs and no prediction" in text and "1 January 2016" in text
    assert "Surrender risk on 1 April 2015" in text and "Final removal order: not known on that day" in text
    assert not render_to_string("includes/signals.html", {"signals": []}).strip()


# What a reader may not see


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hidden", ["legal_status", "stage", "agreement", "ratification", "return", "lawyer", "notice", "event", "citation"]
)
def test_what_a_stranger_may_not_see_changes_nothing_that_a_stranger_is_told(hidden: str) -> None:
    held = make_held()
    status = make_legal_status(held.person, "TR", "refugee", since="2014")
    agreement = make_agreement("CN", "TR", title="Treaty", signed="2014")
    notice = make_notice(held.person)
    make_notice_event(notice, "requested", "2014")
    before = asked(held.person, "2016-01-01")
    closed: dict[str, Any] = {"level": "team"}
    {
        "legal_status": lambda: make_legal_status(held.person, "TR", "revoked", since="2015", **closed),
        "stage": lambda: make_stage(held.involvement, "contact_lost", "2015-04-01", **closed),
        "agreement": lambda: make_agreement("CN", "TR", title="Hidden", signed="2013", **closed),
        "ratification": lambda: make_ratification(agreement, "TR", **closed),
        "return": lambda: make_return(**closed),
        "lawyer": lambda: make_involvement(held.incident, make_person("Counsel", **closed), "lawyer"),
        "notice": lambda: make_notice_event(make_notice(held.person, **closed), "published", "2014"),
        "event": lambda: make_notice_event(notice, "published", "2014", **closed),
        "citation": lambda: make_citation(make_source(**closed), "kind", legal_status=status),
    }[hidden]()
    assert asked(held.person, "2016-01-01") == before


@pytest.mark.django_db
def test_the_signals_take_as_many_queries_however_much_there_is() -> None:
    def queries(person: Person, day: str) -> int:
        rows = list(involvements(STRANGER).filter(person=person))
        with CaptureQueriesContext(connection) as taken:
            on = date.fromisoformat(day)
            signals(records_at_risk(STRANGER, person, open_across(rows, on), on, country_names()))
        return len(taken)

    def fill(held: SimpleNamespace) -> None:
        make_legal_status(held.person, "TR", "refugee", since="2014")
        make_notice_event(make_notice(held.person), "published", "2014")
        make_ratification(make_agreement("CN", "TR"), "TR")
        make_involvement(held.incident, make_person("Counsel", standing="other"), "lawyer")
        make_return()

    held = make_held()
    fill(held)
    few = queries(held.person, "2016-01-01")
    for _ in range(5):
        fill(held)
        case = make_involvement(make_incident(location="TR", start="2015"), held.person)
        make_stage(case, "contact_lost", "2015-03-02")
    assert queries(held.person, "2016-01-01") == few
    assert queries(held.person, "2010-01-01") == 1  # none was open: the names of the countries alone


# Properties


@given(day=days, data=st.data(), asked_about=days)
def test_a_vaguer_date_never_makes_an_answer_surer(day: date, data: st.DataObject, asked_about: date) -> None:
    exact, vague = UncertainDate.on(day), data.draw(st.sampled_from([*vaguer(day), None]))
    assert came(exact, asked_about) == (day <= asked_about)
    assert came(vague, asked_about) in (None, came(exact, asked_about))
    assert vague is None or not_past(vague, asked_about) in (None, not_past(exact, asked_about))
    for state in ("ratified", "not_ratified"):
        for name in ("on", "as_of"):
            rows = [
                SimpleNamespace(**{"state": state, "on": None, "as_of": None, name: each}) for each in (exact, vague)
            ]
            sure, vaguely = (ratified_on(row, asked_about) for row in rows)
            assert vaguely in (None, sure)


@given(since=days, length=st.integers(0, 4000), data=st.data(), asked_about=days)
def test_a_status_holds_from_its_first_day_to_its_last(
    since: date, length: int, data: st.DataObject, asked_about: date
) -> None:
    until = min(since + timedelta(days=length), date(2198, 12, 31))
    exact = SimpleNamespace(kind_id="refugee", since=UncertainDate.on(since), until=UncertainDate.on(until))
    assert holds(exact, asked_about) == (since <= asked_about <= until)
    vague = SimpleNamespace(
        kind_id="refugee",
        since=data.draw(st.sampled_from(vaguer(since))),
        until=data.draw(st.sampled_from(vaguer(until))),
    )
    assert holds(vague, asked_about) in (None, holds(exact, asked_about))


@given(published=days, asked_about=days, stance=st.sampled_from(["supports", "contradicts", "superseded", "misprint"]))
def test_only_a_source_that_supports_a_fact_and_was_out_shows_that_it_had_come(
    published: date, asked_about: date, stance: str
) -> None:
    citation = SimpleNamespace(stance=stance, source=SimpleNamespace(published=UncertainDate.on(published)))
    told = stance == "supports" and published <= asked_about
    assert happened(None, [citation], asked_about) is (True if told else None)


@given(verdicts=st.lists(st.sampled_from([True, None, False])))
def test_the_state_of_several_records_does_not_depend_on_their_order(verdicts: list[bool | None]) -> None:
    assert len({state_of(order) for order in (verdicts, verdicts[::-1], sorted(verdicts, key=str))}) == 1
