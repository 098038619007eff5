"""The notices, requests and deadlines of a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.text import capfirst

from cases.duties.deadlines import Deadline, groups
from cases.views.dossier.content import DossierDeadline, DossierEvent, DossierFact, DossierNotice
from cases.views.dossier.statements import Statements
from cases.vocabulary import Accusation, CcfKind, CcfOutcome, CcfState, Instrument, NoticeState, Rhythm

OVERDUE = "overdue"


def notice_life(notice: Any, statements: Statements, countries: dict[str, str], *, notes: bool) -> DossierNotice:
    """Return a notice with its present state, its events, and who asserts each."""
    title = capfirst(Instrument(notice.instrument).label)
    state = NoticeState(notice.state).label if notice.state else ""
    facts = [
        DossierFact(
            "Requested by", countries.get(notice.requested_by_id, ""), statements.of(notice, title, "requested_by")
        ),
        DossierFact("Asked for by", notice.body, statements.of(notice, title, "body")),
        DossierFact("Number", notice.number, statements.of(notice, title, "number")),
        DossierFact("Came after", notice.replaced_ref or "", statements.of(notice, title, "replaces")),
        *(
            DossierFact("Warrant", warrant_words(each, countries), statements.of(each, f"{title}, warrant"))
            for each in notice.visible_warrants
        ),
        DossierFact("Last known state", state),
        DossierFact("Note", notice.note if notes else ""),
        DossierFact("On the notice itself", "", statements.of(notice, title, "instrument", "person")),
    ]
    events = [event_of(each, title, NoticeState(each.state).label, statements) for each in notice.visible_events]
    return DossierNotice(title, notice.ref, tuple(fact for fact in facts if fact.text or fact.cited), tuple(events))


def warrant_words(warrant: Any, countries: dict[str, str]) -> str:
    """Say who issued a warrant, on which charge and when: "Russia, a court in Moscow; charge: fraud (fraud); 2018"."""
    issuer = ", ".join(each for each in (countries.get(warrant.issuer_id, ""), warrant.body) if each)
    sort = Accusation(warrant.accusation).label if warrant.accusation else ""
    charge = f"charge: {warrant.charge or 'not stated'}{f' ({sort})' if sort else ''}"
    return "; ".join([issuer or "issuer not known", charge, label(warrant.date) or "date not known"])


def request_life(request: Any, statements: Statements, *, notes: bool) -> DossierNotice:
    """Return a request to Interpol's commission with its steps."""
    kind = CcfKind(request.kind)
    title = f"Request to Interpol's commission: {kind.label}"
    facts = [
        DossierFact("Asks for", kind.meaning, statements.of(request, title, "kind", "notice")),
        DossierFact("About", f"{Instrument(request.notice.instrument).label} ({request.notice.ref})"),
        DossierFact("Number", request.number, statements.of(request, title, "number")),
        DossierFact("New fact found", label(request.new_fact), statements.of(request, title, "new_fact")),
        DossierFact("Last known state", CcfState(request.state).label if request.state else ""),
        DossierFact(
            "Outcome",
            CcfOutcome(request.outcome).label if request.outcome else "",
            statements.of(request, title, "outcome"),
        ),
        DossierFact("Note", request.note if notes else ""),
    ]
    events = [event_of(each, title, state_of(each), statements) for each in request.visible_events]
    return DossierNotice(title, request.ref, tuple(fact for fact in facts if fact.text), tuple(events))


def state_of(event: Any) -> str:
    until = f" until {event.until.label}" if event.until else ""
    return f"{CcfState(event.state).label}{until}"


def event_of(event: Any, title: str, state: str, statements: Statements) -> DossierEvent:
    when = label(event.occurred) or "date not known"
    return DossierEvent(capfirst(state), when, event.asserted_by, statements.of(event, f"{title}, {state}"))


def due_of(found: Iterable[Deadline], today: date, statements: Statements) -> tuple[DossierDeadline, ...]:
    """Return what the cases wait for in the order in which it falls due, as it stands on a day."""
    stands = groups(found, today)
    sorted_out = [
        (OVERDUE, stands.overdue),
        ("within 30 days", stands.next_30_days),
        ("later", stands.later),
        ("no day known", stands.waiting),
    ]
    return tuple(due(each, standing, statements) for standing, several in sorted_out for each in several)


def due(deadline: Deadline, standing: str, statements: Statements) -> DossierDeadline:
    cited = {number for record in deadline.records for number in statements.of(record, capfirst(deadline.what))}
    rhythm = f", {Rhythm(deadline.rhythm).label}" if deadline.rhythm else ""
    perhaps = [standing]
    perhaps += ["perhaps overdue"] if deadline.perhaps_overdue else []
    perhaps += ["perhaps ended"] if deadline.perhaps_ended else []
    return DossierDeadline(
        capfirst(deadline.what) + rhythm, deadline.when, ", ".join(perhaps), deadline.working, tuple(sorted(cited))
    )


def label(when: Any) -> str:
    return when.label if when else ""
