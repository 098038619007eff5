"""The board: people by the phase of their cases, the days in it, and what changed since the last visit.

A column holds whom the list of people gives for its phase: the same question, the same count. Somebody with two cases
can therefore stand in two columns, each time with the case that stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from cases.codebook import PEOPLE
from cases.models import Involvement, Person
from cases.models.situation import LONGEST_FIRST
from cases.situation.answer import phase_since
from cases.situation.dates import DayCount
from cases.situation.keys import these
from cases.situation.phrases import place_words, when
from cases.situation.standing import situation, standing, worked_out
from cases.views.chronology import country_names
from cases.vocabulary import Phase
from records.history.changes_since import changes_since
from records.lists.controls import controls
from records.lists.counting import Count
from records.lists.filters import TimeAsked
from records.lists.listing import Listing
from records.lists.pages import MadeUpRequest, chips, only_what_is_asked, query
from records.lists.together import asked_together
from records.models import Visit

#: How many people of a phase are shown; the list has the others.
CARDS = 40
#: So many cases of a phase are looked at, those who have been there longest: to count all people would go through all.
LOOKED_AT = 1000
#: A visit goes on for so long: to come back within it is the same visit.
ONE_VISIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Card:
    """One person in one phase: the case that stands there, for how long, what is pending, and whether it changed."""

    person: Person
    involvement: Any
    stands: str
    days: DayCount | None
    is_open: bool | None
    is_followed: bool | None
    pending: str
    changed: bool

    @property
    def notes(self) -> list[str]:
        """What stands below: whether it is closed, or for how long it has been there, and what is pending."""
        closed = "Closed, still followed" if self.is_followed else "Closed"
        lasting = [f"{self.days} in this phase"] if self.days else []
        said = [closed] if self.is_open is False else lasting
        said += ["not known whether open"] if self.is_open is None else []
        return [*said, f"pending: {self.pending}"] if self.pending else said


@dataclass(frozen=True)
class Lane:
    """A phase with its cards, the longest in it first, and how many people there are in it."""

    phase: Phase
    cards: list[Card]
    count: int
    counted: str
    query: str


class Board(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        listing = Listing(PEOPLE, request)
        address = only_what_is_asked(listing)
        if address is not None:
            return redirect(request.path + address.rstrip("?"))
        with listing.recall():
            context = self.context(request, listing)
            return render(request, "cases/board.html", context, status=400 if listing.problems else 200)

    def context(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        now, given = datetime.now(UTC), dict(listing.parameters.lists())
        sidebar = controls(listing.filterset)
        since = None if listing.problems or listing.moment else last_visit(request.user, now)
        shown = [] if listing.problems else lanes(listing, since)
        return {
            "section": "board",
            "resource": PEOPLE,
            "controls": sidebar,
            "chips": chips(listing, sidebar),
            "problems": listing.problems,
            "lanes": shown,
            "reasons": [] if listing.problems or any(lane.count for lane in shown) else listing.reasons(),
            "since": since,
            "most": CARDS,
            "moment": listing.moment,
            "now": request.path + query({**given, "as_of": None, "known_on": None}),
        }


def last_visit(user: Any, now: datetime) -> datetime | None:
    """Return when the reader looked at the board before this visit, and note that they do now."""
    if not user.is_authenticated:
        return None
    with transaction.atomic():
        visit = Visit.objects.visible_to(user).select_for_update().filter(page="board").first()
        if visit is None:
            visit = Visit(user=user, page="board", at=now)
        elif now - visit.at > ONE_VISIT:
            visit.before = visit.at
        visit.at = now
        visit.save()
    return visit.before


def lanes(listing: Listing, since: datetime | None) -> list[Lane]:
    """Return the phases asked for, each with its people, in a constant number of queries."""
    given = dict(listing.parameters.lists())
    chosen = given.pop("phase", None) or list(Phase)
    everybody = Listing(PEOPLE, MadeUpRequest(given, listing.user))
    found = {phase: place for phase, place in places(everybody).items() if phase in chosen}
    keys = {key for place in found.values() for key in place.cases}
    shown = Involvement.objects.visible_to(listing.user).filter(pk__in=these(keys))
    rows = {row.pk: row for row in worked_out(shown, listing.user, listing.moment.as_of)}
    changed, countries = changed_since(rows.values(), since, listing.user), country_names()
    return [
        Lane(
            phase,
            sorted((card(rows[key], countries, changed) for key in place.cases if key in rows), key=longest_first),
            place.people.number,
            place.people.words,
            query({**given, "phase": [phase]}),
        )
        for phase, place in found.items()
    ]


class Place(NamedTuple):
    """The cases of a phase that are shown, by key, and how many people have one there."""

    cases: list[int]
    people: Count


def places(listing: Listing) -> dict[Phase, Place]:
    """Return the people of a list by phase, those whom the filter `phase` finds: the longest in it are shown."""
    found = standing(Q(phase__in=list(Phase)), listing.user, listing.moment.as_of)
    stored, others = found.stored, found.others
    if set(listing.parameters) - set(TimeAsked._fields):
        people = listing.rows.order_by().values("pk")
        stored = stored.filter(person__in=people)
        wanted = set(people.filter(pk__in=these(row.person_id for row in others)).values_list("pk", flat=True))
        others = [row for row in others if row.person_id in wanted]
    by_phase: dict[str, list[Any]] = defaultdict(list)
    for row in others:
        by_phase[situation(row).phase or ""].append(row)
    ordered = stored.order_by(*LONGEST_FIRST).values_list("is_open", "phase_since", "pk", "involvement", "person")
    longest = asked_together(ordered.filter(phase=phase)[: LOOKED_AT + 1] for phase in Phase)
    return {phase: longest_in(rows, by_phase[phase]) for phase, rows in zip(Phase, longest, strict=True)}


def longest_in(stored: list[tuple[Any, ...]], others: list[Any]) -> Place:
    """Return the cases of the people who have been in a phase longest, by what is stored and by what was worked out."""
    longest = [(is_open is False, *row) for is_open, *row in stored]
    is_more = len(longest) > LOOKED_AT
    for row in others:
        found = situation(row)
        longest.append((found.is_open is False, phase_since(found), 0, row.pk, row.person_id))
    people: dict[int, list[int]] = defaultdict(list)
    for *_, case, person in sorted(longest):
        people[person].append(case)
    # Cases that were worked out come on top of those that were looked at.
    count = Count(min(len(people) - 1, LOOKED_AT), True) if is_more else Count(len(people))
    return Place([case for cases in list(people.values())[:CARDS] for case in cases], count)


def card(row: Any, countries: dict[str, str], changed: set[Any]) -> Card:
    """Return the card of a case that stands in a phase."""
    case, began = situation(row), situation(row).began
    lasts = False if case.was_ended else None
    stands = place_words(case.deciding.step, countries) if case.deciding is not None else ""
    stands = f"{stands} {when(began, lasts=lasts)}" if began is not None else stands
    pending = [each.kind.label for each in case.procedures if each.pending and each is not case.deciding]
    days = case.days_in_phase() if case.is_open is not False else None
    is_changed = not changed.isdisjoint({row.person, row.incident})
    return Card(row.person, row, stands, days, case.is_open, case.is_followed, ", ".join(pending), is_changed)


def longest_first(shown: Card) -> tuple[bool, int]:
    """Return the key that sorts cards: what is open before what is closed, then by the days that are certain."""
    return shown.is_open is False, -(shown.days.least if shown.days else 0)


def changed_since(cases: Iterable[Any], since: datetime | None, user: Any) -> set[Any]:
    """Return the people and incidents of some cases of which something that the reader sees changed since a moment."""
    if since is None:
        return set()
    records = {record for case in cases for record in (case.person, case.incident)}
    return {each.record for each in changes_since(dict.fromkeys(records, since), user)}
