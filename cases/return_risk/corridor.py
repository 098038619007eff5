"""Signals between two states: agreements, ratifications, and earlier returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cases.return_risk.records import LISTED, RecordsAtRisk, parties_of
from cases.return_risk.rules import SignalState, both, happened, ratified_on, state_of
from cases.return_risk.signal import Input, Signal, dates, signal_words, stage_words
from cases.situation.phrases import plain
from cases.situation.places import hosts, origins
from cases.views.links import page_of
from cases.vocabulary import AgreementKind, RatificationState

MADE = {True: "made by that day", None: "perhaps made by that day", False: "made after that day"}


def agreements(case: Any, known: RecordsAtRisk, day: date) -> list[Signal]:
    """Return the agreements of host and origin that had been signed by a day, and of each whether both had ratified."""
    behind, host = origins(case.incident), hosts(case.incident)
    rows = [
        (row, happened(row.signed or row.in_force, known.evidence.of(row).citations, day))
        for row in known.agreements_between(behind, host)
    ]
    inputs = [
        Input(
            row.ref,
            ("kind", "countries", "signed", "in_force"),
            f"{row.title} ({AgreementKind(row.kind).label}){signed(row)}: {MADE[verdict]}",
            dates(row.signed, row.in_force),
            page_of("agreement", row.ref),
            known.evidence.of(row),
        )
        for row, verdict in rows
    ]
    state = state_of(verdict for _, verdict in rows)
    what = f"agreement between {known.either(behind)} and {known.either(host)}" if behind and host else "agreement"
    first = Signal(
        "agreement", "Agreement between the two states", state, signal_words(what, state, case), case, inputs
    )
    return [
        first,
        *(
            ratification(case, row, [code for code in (*behind, *host) if code in parties_of(row)], known, day)
            for row, verdict in rows
            if verdict is not False
        ),
    ]


def signed(agreement: Any) -> str:
    said = [f"signed {agreement.signed.phrase}" if agreement.signed else "day of signing not recorded"]
    if agreement.in_force:
        said.append(f"in force since {plain(agreement.in_force)}")
    return "".join(f", {each}" for each in said)


def ratification(case: Any, agreement: Any, pair: Iterable[str], known: RecordsAtRisk, day: date) -> Signal:
    """Return whether both states had ratified an agreement by a day; of several on a side all that are party to it."""
    rows = {row.country_id: row for row in agreement.visible_ratifications}
    verdicts = [ratified_on(rows[code], day) if code in rows else None for code in pair]
    state = SignalState.NOT_RECORDED
    if rows.keys() & set(pair):
        state = state_of([both(*verdicts)])
    inputs = [
        Input(
            rows[code].ref,
            ("state", "on", "as_of"),
            f"{known.country(code)}: {ratified(rows[code], day)}",
            dates(rows[code].on, rows[code].as_of),
            page_of("agreement", agreement.ref),
            known.evidence.of(rows[code]),
        )
        for code in pair
        if code in rows
    ]
    silent = [known.country(code) for code in pair if code not in rows]
    says = f"{agreement.title}, ratified by both: {state}"
    if silent:
        says += f"; of {' and '.join(silent)} nothing is recorded"
    return Signal("ratification", f"Ratification: {agreement.title}", state, says, case, inputs)


def ratified(row: Any, day: date) -> str:
    """Return what is said of one country's ratification, and what that means for the day."""
    said = RatificationState(row.state).label
    if row.on:
        said = f"{said} {row.on.phrase}"
    if row.as_of:
        said = f"{said}, said as of {plain(row.as_of)}"
    verdict = ratified_on(row, day)
    if verdict is None:
        return f"{said}; of that day this says nothing certain"
    return f"{said}; {'ratified' if verdict else 'not ratified'} on that day"


def earlier_returns(case: Any, known: RecordsAtRisk) -> Signal:
    """Return the removals of others from the host that had come before a day, and those that perhaps had."""
    behind, host, rows = origins(case.incident), hosts(case.incident), known.returns_before(case)
    state = state_of(row.verdict for row in rows)
    way = (
        f"earlier returns from {known.either(host)} to {known.either(behind)}" if behind and host else "earlier returns"
    )
    says = signal_words(way, state, case)
    if rows:
        sure, perhaps = ([row.stage for row in rows if row.verdict is wanted] for wanted in (True, None))
        says += f"; certainly before that day {counted(sure)}, perhaps before it {counted(perhaps)}"
    inputs = [
        Input(
            row.stage.ref,
            ("kind", "occurred", "country"),
            f"{row.stage.involvement.person.label}: {stage_words(row.stage)}"
            + ("" if row.verdict else ", perhaps not before that day"),
            dates(row.stage.occurred),
            f"{page_of('incident', row.stage.incident.ref)}#{row.stage.ref}",
            known.evidence.of(row.stage),
        )
        for row in rows[:LISTED]
    ]
    title = "Earlier returns on the same way"
    return Signal("earlier_returns", title, state, says, case, inputs, len(rows) - len(inputs))


def counted(stages: list[Any]) -> str:
    """Return how many records of people and of incidents some stages belong to. A group counts as one record."""
    people = len({stage.involvement.person_id for stage in stages})
    incidents = len({stage.incident_id for stage in stages})
    if not stages:
        return "none"
    return (
        f"{people} {'person or group' if people == 1 else 'people or groups'} in "
        f"{incidents} incident{'' if incidents == 1 else 's'}"
    )
