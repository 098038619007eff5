"""The first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.codebook import AGREEMENTS, EVENTS, EVIDENCE, INCIDENTS, NOTICES, PEOPLE
from cases.duties.deadlines import deadlines, groups
from cases.models import Incident, Notice, Person
from cases.silence import cases_followed, silent_cases
from cases.situation.sentence import where_it_stands
from cases.situation.standing import situation
from cases.views.agreements import agreement_row
from cases.views.chronology import country_names
from cases.views.links import Item
from cases.views.subjects import subject
from cases.vocabulary import Phase, Scope
from records.current_day import current_day
from records.lists.pages import PageWithoutParameters
from sources.models import SourceDocument

#: How many rows of a kind the page shows.
OPEN_CASES, CHANGES, SOURCES, TREATIES, DUE, SILENT = 12, 8, 6, 6, 6, 6
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
        followed = [row for row in cases_followed(user) if row.incident.scope != Scope.DOMESTIC]
        cases = [row for row in followed if situation(row).is_open is not False]
        coming = groups(deadlines(user, today), today)
        sources = SourceDocument.objects.visible_to(user).defer("text", "folded")
        agreements = AGREEMENTS.rows(user).order_by("-signed_earliest", "ref")
        return render(
            request,
            "cases/home.html",
            {
                "section": "home",
                "counts": [(resource, resource.rows(user).count()) for resource in COUNTED],
                "open_cases": [OpenCase(row, where_it_stands(row, countries)) for row in latest_first(cases)],
                "phases": list(Phase),
                "overdue": coming.overdue[:DUE],
                "soon": coming.next_30_days[:DUE],
                "silent": silent_cases(user, today, followed)[:SILENT],
                "changes": latest_changes(user),
                "newest_sources": sources.order_by(F("published_latest").desc(nulls_last=True), "ref")[:SOURCES],
                "agreements": [agreement_row(agreement, countries) for agreement in agreements[:TREATIES]],
            },
        )


def latest_first(cases: list[Any]) -> list[Any]:
    """Return the cases of which a stage is told, the one with the latest news first."""
    return sorted((row for row in cases if row.visible_stages), key=news, reverse=True)[:OPEN_CASES]


def news(involvement: Any) -> tuple[date, int]:
    as_of = involvement.status_as_of
    return (as_of.latest if as_of is not None and as_of.latest is not None else date.min), -involvement.pk


def latest_changes(user: Any) -> list[RecentChange]:
    """Return the records that changed last, the latest first."""
    changes = sorted(changed(user), key=lambda change: (change.at, change.record.link), reverse=True)
    return changes[:CHANGES]


def changed(user: Any) -> Iterator[RecentChange]:
    for noun, rows in (
        ("person", Person.objects.visible_to(user)),
        ("incident", Incident.objects.visible_to(user)),
        ("notice", Notice.objects.visible_to(user).select_related("person")),
        ("source", SourceDocument.objects.visible_to(user).defer("text")),
    ):
        for record in rows.order_by("-updated_at", "-ref")[:CHANGES]:
            yield RecentChange(subject(record), noun, record.updated_at)
