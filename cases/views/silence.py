"""The page of open cases without news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from cases.filters.silence import SilenceFilter
from cases.models import Involvement
from cases.silence import (
    DEFAULT_DAYS,
    Silence,
    Sureness,
    by_scope,
    days_set,
    followed,
    followed_cases,
    silent_cases,
    with_sources,
)
from cases.situation.sentence import where_it_stands
from cases.situation.standing import Standing, involvements
from cases.views.chronology import country_names
from cases.vocabulary import Phase, Scope
from records.current_day import current_day
from records.fields.sort_keys import by_text
from records.lists.codebook import Resource
from records.lists.controls import controls
from records.lists.counting import MOST_COUNTED, Count, counted
from records.lists.listing import Listing
from records.lists.pages import chips, only_what_is_asked, query
from records.lists.paging import PAGE_SIZE, Ordering
from sources.models import SourceDocument

SILENCE = Resource(
    name="silence",
    singular="silent case",
    model=Involvement,
    meaning="Cases that are not closed, and people still followed after a removal, of whom no source has spoken for "
    "longer than their phase allows.",
    columns=(),
    filterset=SilenceFilter,
    rows=followed_cases,
    orderings=(Ordering("ref", by_text("ref")),),
)
MEANINGS = {
    Sureness.CERTAIN: "Beyond the threshold even by the latest day that the last sign can have come.",
    Sureness.POSSIBLE: "Beyond the threshold by the earliest day that the last sign can have come, not by the latest.",
    Sureness.NEVER_DATED: "No source with a date speaks of them, so for how long is not known.",
}


@dataclass(frozen=True)
class SilentRow:
    """A silent case as the page shows it: where it stands, and the sources of the last sign."""

    silent: Silence
    involvement: Any
    stands: str
    sources: list[SourceDocument]


@dataclass(frozen=True)
class SilenceGroup:
    """The rows of a page that are equally sure, and what that means."""

    sureness: Sureness
    meaning: str
    rows: list[SilentRow]


@dataclass(frozen=True)
class Limit:
    """After how many days a case of a phase is listed, and whether the organisation has set that."""

    phase: Phase
    days: int
    is_set: bool


class SilencePage(View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        listing = Listing(SILENCE, request, ("page",))
        if (address := only_what_is_asked(listing)) is not None:
            return redirect(request.path + address.rstrip("?"))
        user, today = request.user, current_day()
        own = days_set(user)
        day = listing.moment.as_of
        found, left_out = asked_about(listing)
        silent = [] if listing.problems else silent_cases(user, today, day=day, among=found, own=own)
        count = counted(silent)
        page = Paginator(silent[:MOST_COUNTED], PAGE_SIZE).get_page(request.GET.get("page", 1))
        shown = with_sources(list(page.object_list), user, day or today, today)
        sidebar, given = controls(listing.filterset), dict(listing.parameters.lists())
        context = {
            "resource": SILENCE,
            "section": SILENCE.name,
            "day": day or today,
            "moment": listing.moment,
            "now": query({**given, "as_of": None}),
            "controls": sidebar,
            "chips": chips(listing, sidebar),
            "problems": listing.problems,
            "count": count.number,
            "counted": count.words,
            "among": among(silent),
            "left_out": left_out,
            "domestic": query({**given, "scope": [Scope.DOMESTIC]}),
            "reasons": [] if listing.problems or silent else listing.reasons(),
            "groups": groups(shown, user, day),
            "limits": limits(own),
            "previous": query(given, page=str(page.previous_page_number())) if page.has_previous() else "",
            "next": query(given, page=str(page.next_page_number())) if page.has_next() else "",
        }
        return render(request, "cases/silence.html", context, status=400 if listing.problems else 200)


def asked_about(listing: Listing) -> tuple[Standing | None, Count]:
    """Return the cases that a question is about, and how many it leaves out because they are domestic."""
    if listing.problems:
        return None, Count(0)
    if set(listing.parameters) - {"as_of", "page"}:
        found = followed(listing.user, listing.moment.as_of, listing.rows)
        return found, counted(listing.filterset.left_out)
    found = followed(listing.user, listing.moment.as_of)
    domestic = by_scope(found, domestic=True)
    number = counted(domestic.stored)
    return by_scope(found, domestic=False), number._replace(number=number.number + len(domestic.others))


def among(silent: list[Silence]) -> str:
    """Return how many of some silent cases are not known to be open, or are closed and followed all the same."""
    verdicts = [each.case.is_open for each in silent]
    counted = ((verdicts.count(None), "not known to be open"), (verdicts.count(False), "closed and still followed"))
    return ", ".join(f"{number} {words}" for number, words in counted if number)


def groups(silent: Iterable[Silence], user: Any, day: date | None) -> list[SilenceGroup]:
    """Return some silent cases, the certain apart from the others, each with the sources of its last sign."""
    shown, countries = list(silent), country_names()
    keys = {key for each in shown if each.sign for key in each.sign.sources}
    sources = SourceDocument.objects.visible_to(user).filter(pk__in=keys).defer("text", "folded").order_by("ref")
    by_key = {source.pk: source for source in sources}
    cases = involvements(user, day).in_bulk([each.case.pk for each in shown])
    rows = [
        SilentRow(
            each,
            cases[each.case.pk],
            where_it_stands(cases[each.case.pk], countries),
            [source for key, source in by_key.items() if each.sign and key in each.sign.sources],
        )
        for each in shown
        if each.case.pk in cases
    ]
    alike = [(sureness, [row for row in rows if row.silent.sureness is sureness]) for sureness in Sureness]
    return [SilenceGroup(sureness, MEANINGS[sureness], found) for sureness, found in alike if found]


def limits(own: Mapping[str, int]) -> list[Limit]:
    return [Limit(phase, own.get(phase, DEFAULT_DAYS[phase]), phase in own) for phase in Phase]
