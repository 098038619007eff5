"""Notices and requests with their events, and what the person's cases wait for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cases.deadlines import Deadline, groups
from cases.views.dossier.content import Due, Event, Fact, Life, capital
from cases.views.dossier.statements import Statements
from cases.vocabulary import CcfKind, CcfOutcome, CcfState, Instrument, NoticeState, Rhythm

OVERDUE = "overdue"


def notice_life(notice: Any, statements: Statements, countries: dict[str, str], *, notes: bool) -> Life:
    """Return a notice with its present state, its events, and who asserts each."""
    title = capital(Instrument(notice.instrument).label)
    state = NoticeState(notice.state).label if notice.state else ""
    facts = [
        Fact("Requested by", countries.get(notice.requested_by_id, ""), statements.of(notice, title, "requested_by")),
        Fact("Number", notice.number, statements.of(notice, title, "number")),
        Fact("Last known state", state),
        Fact("Note", notice.note if notes else ""),
        Fact("On the notice itself", "", statements.of(notice, title, "instrument", "person")),
    ]
    events = [event_of(each, title, NoticeState(each.state).label, statements) for each in notice.visible_events]
    return Life(title, notice.ref, tuple(fact for fact in facts if fact.text or fact.cited), tuple(events))


def request_life(request: Any, statements: Statements, *, notes: bool) -> Life:
    """Return a request to Interpol's commission with its steps."""
    kind = CcfKind(request.kind)
    title = f"Request to Interpol's commission: {kind.label}"
    facts = [
        Fact("Asks for", kind.meaning, statements.of(request, title, "kind", "notice")),
        Fact("About", f"{Instrument(request.notice.instrument).label} ({request.notice.ref})"),
        Fact("Number", request.number, statements.of(request, title, "number")),
        Fact("New fact found", label(request.new_fact), statements.of(request, title, "new_fact")),
        Fact("Last known state", CcfState(request.state).label if request.state else ""),
        Fact(
            "Outcome",
            CcfOutcome(request.outcome).label if request.outcome else "",
            statements.of(request, title, "outcome"),
        ),
        Fact("Note", request.note if notes else ""),
    ]
    events = [event_of(each, title, state_of(each), statements) for each in request.visible_events]
    return Life(title, request.ref, tuple(fact for fact in facts if fact.text), tuple(events))


def state_of(event: Any) -> str:
    until = f" until {event.until.label}" if event.until else ""
    return f"{CcfState(event.state).label}{until}"


def event_of(event: Any, title: str, state: str, statements: Statements) -> Event:
    when = label(event.occurred) or "date not known"
    return Event(capital(state), when, event.asserted_by, statements.of(event, f"{title}, {state}"))


def due_of(found: Iterable[Deadline], today: date, statements: Statements) -> tuple[Due, ...]:
    """Return what the cases wait for in the order in which it falls due, as it stands on a day."""
    stands = groups(found, today)
    sorted_out = [
        (OVERDUE, stands.overdue),
        ("within 30 days", stands.next_30_days),
        ("later", stands.later),
        ("no day known", stands.waiting),
    ]
    return tuple(due(each, standing, statements) for standing, several in sorted_out for each in several)


def due(deadline: Deadline, standing: str, statements: Statements) -> Due:
    cited = {number for record in deadline.records for number in statements.of(record, capital(deadline.what))}
    rhythm = f", {Rhythm(deadline.rhythm).label}" if deadline.rhythm else ""
    perhaps = [standing]
    perhaps += ["perhaps overdue"] if deadline.perhaps_overdue else []
    perhaps += ["perhaps ended"] if deadline.perhaps_ended else []
    return Due(
        capital(deadline.what) + rhythm, deadline.when, ", ".join(perhaps), deadline.working, tuple(sorted(cited))
    )


def label(when: Any) -> str:
    return when.label if when else ""
