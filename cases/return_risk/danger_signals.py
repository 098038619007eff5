"""The signals of the danger of return for one person, as of a day.

They are inputs. They are listed in a fixed order, and neither weighed nor added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cases.return_risk.corridor import agreements, earlier_returns
from cases.return_risk.records import RecordsAtRisk
from cases.return_risk.rules import (
    Verdict,
    both,
    happened,
    holds,
    let_out_since,
    opposite,
    refused_since,
    reported_by,
    state_of,
    was_open,
)
from cases.return_risk.signal import (
    HELD_IN_SECRET,
    Input,
    Signal,
    dates,
    signal_words,
    stage_words,
)
from cases.situation.phrases import plain
from cases.situation.places import hosts
from cases.views.links import page_of
from cases.vocabulary import Instrument, InvolvementRole, NoticeState, Scope, StageKind

#: Stages that leave open whether an order exists: each can mean a request, a permission or a fear.
SHORT_OF_AN_ORDER = (StageKind.SURRENDER_RISK, StageKind.EXTRADITION_REQUESTED, StageKind.EXTRADITION_PENDING)
ORDERED, REFUSED = "extradition_granted_not_executed", "extradition_refused"
WITHOUT_CONTACT = (StageKind.CONTACT_LOST, StageKind.SOLITARY_CONFINEMENT, StageKind.DISAPPEARANCE)
IN_CIRCULATION = {
    True: "in circulation on that day",
    None: "perhaps in circulation on that day",
    False: "not in circulation on that day",
}
ON_THAT_DAY = {True: "so on that day", None: "perhaps so on that day", False: "not so on that day"}


def open_across(involvements: Iterable[Any], day: date) -> list[Any]:
    """Return the cases across a border that were possibly open on `day`: nobody is returned from inside the origin."""
    across = [row for row in involvements if row.incident.scope == Scope.CROSS_BORDER]
    return [row for row in across if row.role == InvolvementRole.SUBJECT and was_open(row, day)]


def signals(known: RecordsAtRisk) -> list[Signal]:
    """Return the signals for each case of a person that is `open_across`, and for the person.

    All is as far as the reader of the records may see it. The cases come with their incident, standing and visible
    stages (cases.codebook.situation). Without such a case there is none.
    """
    found = [signal for case in known.cases for signal in signals_of(case, known, known.day)]
    return [*found, notice(known)] if found else []


def signals_of(case: Any, known: RecordsAtRisk, day: date) -> list[Signal]:
    return [
        legal_status(case, known, day),
        removal_order(case, known, day),
        *agreements(case, known, day),
        earlier_returns(case, known),
        without_contact(case, known, day),
    ]


def legal_status(case: Any, known: RecordsAtRisk, day: date) -> Signal:
    """Return how the person stands in law towards the country where it happens."""
    host = hosts(case.incident)
    rows = [(row, holds(row, day)) for row in known.statuses if row.country_id in host]
    inputs = [
        Input(
            row.ref,
            ("kind", "since", "until"),
            f"{row.kind.label.lower()}{period(row)}: {ON_THAT_DAY[verdict]}",
            dates(row.since, row.until),
            page_of("person", known.person.ref),
            known.evidence.of(row),
        )
        for row, verdict in rows
    ]
    state = state_of(verdict for _, verdict in rows)
    says = signal_words(f"status in {known.either(host)}" if host else "status in the host country", state, case)
    if certain := [row.kind.label.lower() for row, verdict in rows if verdict]:
        says += f" ({', '.join(certain)})"
    return Signal("legal_status", "Status in the host country", state, says, case, inputs)


def period(status: Any) -> str:
    since = f"since {plain(status.since)}" if status.since else "since when is not recorded"
    return f", {since}" + (f", until {plain(status.until)}" if status.until else "")


def stage_input(stage: Any, case: Any, known: RecordsAtRisk, verdict: Verdict, after: str = "") -> Input:
    says = f"{stage_words(stage)}{'' if verdict else ', perhaps after that day'}{after}"
    link = f"{page_of('incident', case.incident.ref)}#{stage.ref}"
    fields = (
        ("kind", "occurred", "detention_kind") if stage.detention_kind_id in HELD_IN_SECRET else ("kind", "occurred")
    )
    return Input(stage.ref, fields, says, dates(stage.occurred), link, known.evidence.of(stage))


def stages_by(case: Any, known: RecordsAtRisk, day: date, chosen: list[Any]) -> list[tuple[Any, Verdict]]:
    """Return the stages that had come by a day, and those of which that cannot be told."""
    verdicts = [(stage, happened(stage.occurred, known.evidence.of(stage).citations, day)) for stage in chosen]
    return [(stage, verdict) for stage, verdict in verdicts if verdict is not False]


def removal_order(case: Any, known: RecordsAtRisk, day: date) -> Signal:
    """Return whether an order to hand over or remove the person is recorded.

    The outcome alone can state one, or that it was refused. A surrender that is pending or feared may or may not rest
    on an order; one that was pending no longer is, once it was refused.
    """
    outcome = case.outcome_id if case.outcome_id in (ORDERED, REFUSED) else None
    proof = known.evidence.of(case, "outcome")
    by_then = outcome is not None and reported_by(proof.citations, day)
    chosen = [stage for stage in case.visible_stages if stage.kind in SHORT_OF_AN_ORDER]
    stages = stages_by(case, known, day, chosen)
    refused = by_then and outcome == REFUSED
    verdicts: list[Verdict] = []
    inputs = []
    for stage, verdict in stages:
        since = refused_since(stage, case.visible_stages, day) if stage.kind != StageKind.SURRENDER_RISK else False
        is_over = since or (refused and stage.kind == StageKind.EXTRADITION_PENDING)
        verdicts.append(False if is_over else None)
        after = {True: "; refused since", None: "; perhaps refused since", False: ""}[since]
        inputs.append(stage_input(stage, case, known, verdict, after))
    if outcome:
        verdicts.append(outcome == ORDERED if by_then else None)
        says = f"outcome: {case.outcome.label.lower()}{'' if by_then else '; perhaps after that day'}"
        inputs.append(Input(case.ref, ("outcome",), says, (), page_of("incident", case.incident.ref), proof))
    state = state_of(verdicts)
    return Signal("removal_order", "Final removal order", state, f"final removal order: {state}", case, inputs)


def without_contact(case: Any, known: RecordsAtRisk, day: date) -> Signal:
    """Return whether the person is recorded as out of contact or held in secret, and whether a lawyer is recorded."""
    chosen = [
        stage
        for stage in case.visible_stages
        if stage.kind in WITHOUT_CONTACT or stage.detention_kind_id in HELD_IN_SECRET
    ]
    verdicts, inputs = [], []
    for stage, verdict in stages_by(case, known, day, chosen):
        out = let_out_since(stage, case.visible_stages, day)
        verdicts.append(both(verdict, opposite(out)))
        after = {True: "; out again by that day", None: "; perhaps out again by that day", False: ""}[out]
        inputs.append(stage_input(stage, case, known, verdict, after))
    lawyers = [
        Input(ref, (name,), f"a lawyer is recorded, without a date: {who.label}", (), link, proof)
        for ref, name, who, link, proof in known.lawyers_of(case)
    ]
    state = state_of(verdicts)
    says = f"held without contact: {state}; {'a' if lawyers else 'no'} lawyer is recorded"
    return Signal("without_contact", "Held without contact or counsel", state, says, case, [*inputs, *lawyers])


def notice(known: RecordsAtRisk) -> Signal:
    """Return whether a notice against the person was in circulation on the day."""
    verdicts = [(row, known.circulation(row)) for row in known.notices]
    state = state_of(verdict for _, verdict in verdicts)
    inputs = [
        Input(
            row.ref,
            ("instrument", "events.state", "events.occurred"),
            f"{notice_words(row, known)}; {IN_CIRCULATION[verdict]}",
            dates(*(event.occurred for event in row.told_events)),
            page_of("notice", row.ref),
            known.evidence.of_all([row, *row.told_events]),
        )
        for row, verdict in verdicts
    ]
    return Signal("notice", "Notice in circulation", state, f"notice in circulation: {state}", None, inputs)


def notice_words(row: Any, known: RecordsAtRisk) -> str:
    """Return a notice with its events: "red notice requested by China: published by July 2021, ..."."""
    by = f" requested by {known.country(row.requested_by_id)}" if row.requested_by_id else ""
    events = [
        f"{NoticeState(event.state).label} {event.occurred.phrase if event.occurred else 'on an unknown date'}"
        for event in row.told_events
    ]
    return f"{Instrument(row.instrument).label}{by}: {', '.join(events) or 'no event is recorded'}"
