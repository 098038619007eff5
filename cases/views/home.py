"""The first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.codebook import AGREEMENTS, EVENTS, EVIDENCE, INCIDENTS, NOTICES, PEOPLE
from cases.duties.soonest import soonest
from cases.models import Incident, Notice, Person
from cases.models.incident import BY_NEWS
from cases.silence import FOLLOWED, silent_cases
from cases.situation.sentence import where_it_stands
from cases.situation.standing import involvements, standing
from cases.views.agreements import agreement_row
from cases.views.chronology import country_names
from cases.views.links import Item
from cases.views.subjects import subject
from cases.vocabulary import Phase, Scope
from records.current_day import current_day
from records.fields.sort_keys import by_date
from records.lists.counting import counted_together
from records.lists.pages import PageWithoutParameters
from records.lists.paging import Ordering, page
from records.models import AuditEntry, lanes_read_by
from records.vocabulary import AuditKind
from sources.models import SourceDocument

#: How many rows of a kind the page shows.
OPEN_CASES, CHANGES, SOURCES, TREATIES, DUE, SILENT = 12, 8, 6, 6, 6, 6
#: In whose name the seeds that come with Waymark are loaded.
SEEDS = "load_seeds"
LAST_CHANGED = Ordering("updated", F("updated_at"), descending=True)
COUNTED = (PEOPLE, INCIDENTS, NOTICES, EVIDENCE, AGREEMENTS, EVENTS)


@dataclass(frozen=True)
class OpenCase:
    """A case without an end: who, in which incident, and where it stands."""

    involvement: Any
    standing: str


@dataclass(frozen=True)
class RecentChange:
    """A record that was entered or altered, and when."""

    record: Item
    noun: str
    at: datetime


class Home(PageWithoutParameters):
    def get(self, request: HttpRequest) -> HttpResponse:
        user, countries, today = request.user, country_names(), current_day()
        coming = soonest(user, today, DUE).first
        agreements = AGREEMENTS.table_rows_at(user, None).order_by("-signed_earliest", "ref")
        return render(
            request,
            "cases/home.html",
            {
                "section": "home",
                "counts": list(zip(COUNTED, counted_together(each.rows(user) for each in COUNTED), strict=True)),
                "open_cases": [OpenCase(row, where_it_stands(row, countries)) for row in latest_open(user)],
                "phases": list(Phase),
                "overdue": coming.overdue,
                "soon": coming.next_30_days,
                "silent": longest_silent(user, today),
                "changes": latest_changes(user, loaded := seeds_loaded_at()),
                "loaded": loaded,
                "newest_sources": newest_sources(user),
                "agreements": [agreement_row(agreement, countries) for agreement in agreements[:TREATIES]],
            },
        )


def latest_open(user: Any) -> list[Any]:
    """Return those who are followed, in a case that is not closed and of which a stage is told; the latest news first.

    They come as involvements, with their stages.
    """
    found = standing(FOLLOWED & Q(is_told=True) & ~Q(is_open=False), user, None)
    stored = found.stored.exclude(incident__scope=Scope.DOMESTIC).filter(involvement=OuterRef("pk"))
    latest = involvements(user).filter(Exists(stored)).order_by(BY_NEWS.desc(), "pk")
    told = [*latest[:OPEN_CASES], *(row for row in found.others if row.incident.scope != Scope.DOMESTIC)]
    return sorted(told, key=news, reverse=True)[:OPEN_CASES]


def news(case: Any) -> tuple[date, int]:
    return (case.status_as_of and case.status_as_of.latest) or date.min, -case.pk


def newest_sources(user: Any) -> list[SourceDocument]:
    """Return the sources that came out last."""
    sources = SourceDocument.objects.visible_to(user).defer("text", "folded")
    order = Ordering("published", by_date("published"), descending=True)
    return page(sources, order, None, SOURCES, lanes=lanes_read_by(user)).rows


def longest_silent(user: Any, today: date) -> list[tuple[Person, str]]:
    """Return those of whom nothing was heard for longest, and in words for how long."""
    silent = silent_cases(user, today, most=SILENT)[:SILENT]
    people = Person.objects.visible_to(user).defer("folded").in_bulk([each.case.person_id for each in silent])
    return [(people[each.case.person_id], each.words) for each in silent if each.case.person_id in people]


def seeds_loaded_at() -> datetime | None:
    """Return when seeds that come with Waymark were loaded last and changed something; None where none were."""
    loads = AuditEntry.objects.filter(actor=SEEDS, kind=AuditKind.WRITE).order_by("-number")
    at = loads.values_list("at", flat=True).first()
    return datetime.fromisoformat(at) if at else None


def latest_changes(user: Any, loaded: datetime | None) -> list[RecentChange]:
    """Return the records that changed last, the latest first, since seeds were loaded in bulk."""
    changes = sorted(changed(user, loaded), key=lambda change: (change.at, change.record.link), reverse=True)
    return changes[:CHANGES]


def changed(user: Any, loaded: datetime | None) -> Iterator[RecentChange]:
    since = Q(updated_at__gt=loaded) if loaded else Q()
    for noun, rows in (
        ("person", Person.objects.visible_to(user)),
        ("incident", Incident.objects.visible_to(user)),
        ("notice", Notice.objects.visible_to(user).select_related("person")),
        ("source", SourceDocument.objects.visible_to(user).defer("text")),
    ):
        for record in page(rows.filter(since), LAST_CHANGED, None, CHANGES, lanes=lanes_read_by(user)).rows:
            yield RecentChange(subject(record), noun, record.updated_at)
