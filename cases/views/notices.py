"""The list of notices, and the page of one notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.codebook import NOTICES
from cases.codebook.notices import notices_of_page
from cases.commission.pages import clock_rules, request_row, requests_about
from cases.models import Notice, NoticeEvent, Warrant
from cases.timeline import Mark, Timeline
from cases.views.chronology import country_names
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Fact, Proof, known_and_not
from cases.views.links import Item, country_item, page_of, term
from cases.vocabulary import Accusation, Instrument, NoticeState
from records.lists.pages import DetailPage, Export, ListPage
from records.models import Record


@dataclass(frozen=True)
class EventRow:
    """One step in a notice's life, as a row of its timeline."""

    event: NoticeEvent
    state: NoticeState
    mark: Mark | None
    proof: Proof


@dataclass(frozen=True)
class WarrantRow:
    """A warrant behind a notice, and what proves it."""

    warrant: Warrant
    issuer: Item | None
    accusation: Item | None
    proof: Proof


@dataclass(frozen=True)
class NoticeRow:
    """A notice with its present state, its events and the warrants behind it."""

    notice: Notice
    instrument: Instrument
    requested_by: Item | None
    state: NoticeState | None
    last: Any
    timeline: Timeline
    events: list[EventRow]
    warrants: list[WarrantRow]
    proof: Proof


def notice_row(notice: Any, countries: dict[str, str], evidence: Evidence | None = None) -> NoticeRow:
    """Return a notice as pages show it; without `evidence`, without its sources."""
    axis = Timeline(event.occurred for event in notice.visible_events)
    none = Proof([])
    events = [
        EventRow(event, NoticeState(event.state), axis.mark(event.occurred), evidence.of(event) if evidence else none)
        for event in notice.visible_events
    ]
    return NoticeRow(
        notice=notice,
        instrument=Instrument(notice.instrument),
        requested_by=country_item(notice.requested_by_id, countries),
        state=NoticeState(notice.state) if notice.state else None,
        last=notice.life.last,
        timeline=axis,
        events=events,
        warrants=[warrant_row(each, countries, evidence) for each in notice.visible_warrants],
        proof=evidence.of(notice) if evidence else none,
    )


def warrant_row(warrant: Any, countries: dict[str, str], evidence: Evidence | None) -> WarrantRow:
    return WarrantRow(
        warrant=warrant,
        issuer=country_item(warrant.issuer_id, countries),
        accusation=term(Accusation(warrant.accusation)) if warrant.accusation else None,
        proof=evidence.of(warrant) if evidence else Proof([]),
    )


def parts_of(notice: Any) -> list[Record]:
    """Return what hangs on a notice, as far as it was fetched for the reader."""
    return [*notice.visible_warrants, *notice.visible_events]


class NoticesList(ListPage):
    resource = NOTICES
    template_name = "cases/notices.html"
    columns = (
        ("label", "Person"),
        ("instrument", "Instrument"),
        ("requested_by", "Requested by"),
        ("", "Present state"),
        ("", "Charges"),
        ("", "Number"),
        ("", "#Sources"),
    )

    def rows(self, records: list[Any], user: Any) -> list[dict[str, Any]]:
        countries = country_names()
        cited = NOTICES.column("sources")
        return [{"row": notice_row(notice, countries), "sources": len(cited.read(notice))} for notice in records]


class NoticesExport(Export):
    resource = NOTICES


class NoticePage(DetailPage):
    resource = NOTICES
    template_name = "cases/notice.html"

    def rows(self, user: Any) -> QuerySet:
        return notices_of_page(user, self.moment.as_of)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        requests, rules = requests_about(record, user, self.moment.as_of), clock_rules(user)
        parts = [record, *parts_of(record), *requests]
        parts += [event for request in requests for event in request.visible_events]
        evidence = Evidence(user, parts)
        row = notice_row(record, country_names(), evidence)
        return {
            "row": row,
            "came_after": replacing(record, user, self.moment.as_of),
            "requests": [request_row(request, rules, evidence) for request in requests],
            "used": cited_sources(evidence.of_all(parts)),
            **known_and_not(notice_facts(row, evidence)),
        }


def replacing(notice: Any, user: Any, day: date | None) -> list[str]:
    """Return the references of the notices that came after this one, as far as `user` may see them by a day."""
    found = Notice.objects.visible_to(user).begun_by(user, day).filter(replaces=notice.pk)
    return list(found.order_by("ref").values_list("ref", flat=True))


def notice_facts(row: NoticeRow, evidence: Evidence) -> list[Fact]:
    notice: Any = row.notice
    person = Item(notice.person.label, page_of("person", notice.person.ref))
    replaced = Item(notice.replaced_ref, page_of("notice", notice.replaced_ref)) if notice.replaced_ref else None
    return [
        evidence.fact("Person", notice, "person", person),
        evidence.fact("Instrument", notice, "instrument", term(row.instrument)),
        evidence.fact("Requested by", notice, "requested_by", row.requested_by or ""),
        evidence.fact("Asked for by", notice, "body"),
        evidence.fact("Number", notice, "number"),
        evidence.fact("Came after", notice, "replaces", replaced or ""),
        evidence.fact("Note", notice, "note"),
    ]
