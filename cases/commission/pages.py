"""The list of requests to Interpol's review commission, and the page of one request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.codebook import CCF_REQUESTS
from cases.codebook.notices import outcome, requests_of_page
from cases.commission.clocks import Due, dues
from cases.models import CcfEvent, CcfRequest, ClockRule
from cases.timeline import Mark, Timeline
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Fact, Proof, known_and_not
from cases.views.links import Item, page_of, term
from cases.vocabulary import CcfKind, CcfOutcome, CcfState, ClockStart, Instrument
from records.lists.listing import Listing
from records.lists.pages import DetailPage, Export, ListPage


@dataclass(frozen=True)
class Clock:
    """One clock of a request, as pages show it: its days, how they were worked out, and what proves its start."""

    due: Due
    proof: Proof

    @property
    def name(self) -> str:
        to_file = self.due.runs_from == ClockStart.NEW_FACT
        return "Last day to file the request" if to_file else "Last day for the commission's answer"

    @property
    def took(self) -> str:
        """How long it ran: "269 days", "between 255 and 282 days", "at least 12 days"; "" where that is not known."""
        least, most = self.due.took
        if least is not None and most is not None:
            return days(least) if least == most else f"between {least} and {days(most)}"
        return f"at least {days(least)}" if least is not None else f"at most {days(most)}" if most is not None else ""

    @property
    def verdict(self) -> str:
        return {True: "in time", False: "late", None: "whether in time is not known"}[self.due.in_time]


@dataclass(frozen=True)
class StepRow:
    """One step in a request's life, as a row of its timeline."""

    event: CcfEvent
    state: CcfState
    mark: Mark | None
    proof: Proof


@dataclass(frozen=True)
class RequestRow:
    """A request with its present state, its steps and its clocks."""

    request: CcfRequest
    kind: CcfKind
    state: CcfState | None
    outcome: CcfOutcome | None
    last: Any
    timeline: Timeline
    steps: list[StepRow]
    clocks: list[Clock]
    proof: Proof


def days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def clock_rules(user: Any) -> list[ClockRule]:
    return list(ClockRule.objects.visible_to(user))


def request_row(request: Any, rules: Iterable[ClockRule], evidence: Evidence | None = None) -> RequestRow:
    """Return a request as pages show it; without `evidence`, without its sources."""
    axis = Timeline(event.occurred for event in request.visible_events)
    steps = [
        StepRow(event, CcfState(event.state), axis.mark(event.occurred), evidence.of(event) if evidence else Proof([]))
        for event in request.visible_events
    ]
    clocks = [
        Clock(due, proof_of(due, request, evidence) if evidence else Proof([]))
        for due in dues(request, request.visible_events, rules)
    ]
    return RequestRow(
        request=request,
        kind=CcfKind(request.kind),
        state=CcfState(request.state) if request.state else None,
        outcome=CcfOutcome(decided) if (decided := outcome(request)) else None,
        last=request.life.last,
        timeline=axis,
        steps=steps,
        clocks=clocks,
        proof=evidence.of(request) if evidence else Proof([]),
    )


def proof_of(due: Due, request: Any, evidence: Evidence) -> Proof:
    """Return what proves the days of a clock: of the request itself, only what is said of the new fact."""
    proofs = [evidence.of(row, "new_fact") if row is request else evidence.of(row) for row in due.rests_on]
    return Proof([citation for proof in proofs for citation in proof.citations])


def requests_about(notice: Any, user: Any, day: date | None) -> list[Any]:
    """Return the requests about a notice that `user` may see, with their steps, as of a day or now."""
    return list(requests_of_page(user, day).filter(notice=notice.pk).order_by("ref"))


class CcfRequestsList(ListPage):
    resource = CCF_REQUESTS
    template_name = "cases/ccf_requests.html"
    columns = (
        ("label", "Person"),
        ("kind", "Asks for"),
        ("", "Present state"),
        ("", "Time runs out"),
        ("", "Outcome"),
        ("", "#Sources"),
    )

    def context(self, listing: Listing) -> dict[str, Any]:
        context = super().context(listing)
        return context | {"noun": "request" if context["count"] == 1 else "requests"}

    def rows(self, records: list[Any], user: Any) -> list[dict[str, Any]]:
        rules, cited = clock_rules(user), CCF_REQUESTS.column("sources")
        return [{"row": request_row(request, rules), "sources": len(cited.read(request))} for request in records]


class CcfRequestsExport(Export):
    resource = CCF_REQUESTS


class CcfRequestPage(DetailPage):
    resource = CCF_REQUESTS
    template_name = "cases/ccf_request.html"

    def rows(self, user: Any) -> QuerySet:
        return requests_of_page(user, self.moment.as_of)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        parts = [record, *record.visible_events]
        evidence = Evidence(user, parts)
        row = request_row(record, clock_rules(user), evidence)
        return {
            "row": row,
            "used": cited_sources(evidence.of_all(parts)),
            **known_and_not(request_facts(row, evidence)),
        }


def request_facts(row: RequestRow, evidence: Evidence) -> list[Fact]:
    request, notice = row.request, row.request.notice
    about = Item(Instrument(notice.instrument).label, page_of("notice", notice.ref))
    facts = [
        evidence.fact("Notice", request, "notice", about),
        Fact("Person", [Item(notice.person.label, page_of("person", notice.person.ref))]),
        evidence.fact("Asks for", request, "kind", term(row.kind)),
        evidence.fact("Number", request, "number"),
        evidence.fact("Outcome", request, "outcome", term(row.outcome) or ""),
        evidence.fact("Note", request, "note"),
    ]
    if row.kind == CcfKind.REVISION or request.new_fact:
        facts.insert(4, evidence.fact("New fact discovered", request, "new_fact"))
    return facts
