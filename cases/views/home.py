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
from cases.silence import FollowedCase, cases_followed, silent_cases
from cases.situation.sentence import where_it_stands
from cases.situation.standing import involvements
from cases.views.agreements import agreement_row
from cases.views.chronology import country_names
from cases.views.links import Item
from cases.views.subjects import subject
from cases.vocabulary import Phase, Scope
from records.current_day import current_day
from records.lists.counting import counted
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
        followed = [case for case in cases_followed(user) if case.scope != Scope.DOMESTIC]
        coming = groups(deadlines(user, today), today)
        sources = SourceDocument.objects.visible_to(user).defer("text", "folded")
        agreements = AGREEMENTS.rows(user).order_by("-signed_earliest", "ref")
        return render(
            request,
            "cases/home.html",
            {
                "section": "home",
                "counts": [(resource, counted(resource.rows(user))) for resource in COUNTED],
                "open_cases": [OpenCase(row, where_it_stands(row, countries)) for row in latest_open(followed, user)],
                "phases": list(Phase),
                "overdue": coming.overdue[:DUE],
                "soon": coming.next_30_days[:DUE],
                "silent": longest_silent(followed, user, today),
                "changes": latest_changes(user),
                "newest_sources": sources.order_by(F("published_latest").desc(nulls_last=True), "ref")[:SOURCES],
                "agreements": [agreement_row(agreement, countries) for agreement in agreements[:TREATIES]],
            },
        )


def latest_open(followed: list[FollowedCase], user: Any) -> list[Any]:
    """Return those of some cases that are not closed and of which a stage is told, the one with the latest news first.

    They come as involvements, with their stages; what was closed to the reader since they were found is left out.
    """
    told = sorted((case for case in followed if case.is_open is not False and case.is_told), key=news, reverse=True)
    rows = involvements(user).in_bulk([case.pk for case in told[:OPEN_CASES]])
    return [rows[case.pk] for case in told[:OPEN_CASES] if case.pk in rows]


def news(case: FollowedCase) -> tuple[date, int]:
    return case.status_as_of or date.min, -case.pk


def longest_silent(followed: list[FollowedCase], user: Any, today: date) -> list[tuple[Person, str]]:
    """Return those of whom nothing was heard for longest, and in words for how long."""
    silent = silent_cases(user, today, followed)[:SILENT]
    people = Person.objects.visible_to(user).defer("folded").in_bulk([each.case.person_id for each in silent])
    return [(people[each.case.person_id], each.words) for each in silent if each.case.person_id in people]


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
