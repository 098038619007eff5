"""The board: people by the phase of their cases, the days in it, and what changed since the last visit.

A column holds whom the list of people gives for its phase: the same question, the same count. Somebody with two cases
can therefore stand in two columns, each time with the case that stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from cases.codebook import PEOPLE
from cases.codebook.situation import in_order, is_subject
from cases.models import Person
from cases.situation.dates import DayCount
from cases.situation.keys import these
from cases.situation.phrases import place_words, when
from cases.situation.standing import situation, subjects, worked_out
from cases.views.chronology import country_names
from cases.vocabulary import Phase
from records.history.changes_since import changes_since
from records.lists.controls import controls
from records.lists.listing import Listing
from records.lists.pages import MadeUpRequest, chips, only_what_is_asked, query
from records.models import Visit

#: How many people of a phase are shown; the list has the others.
CARDS = 40
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
    standing_in = places(Listing(PEOPLE, MadeUpRequest(given, listing.user)))
    keys = {phase: standing_in[phase] for phase in Phase if phase in chosen}
    wanted = {key for some in keys.values() for key in some[:CARDS]}
    people = {row.pk: row for row in PEOPLE.rows_at(listing.user, listing.moment.as_of).filter(pk__in=wanted)}
    changed = changed_since(people.values(), since, listing.user)
    countries = country_names()
    return [
        Lane(
            phase,
            longest_first(card for key in some[:CARDS] for card in cards(people[key], phase, countries, changed)),
            len(some),
            query({**given, "phase": [phase]}),
        )
        for phase, some in keys.items()
    ]


def places(listing: Listing) -> dict[Phase, list[int]]:
    """Return the people of a list by phase, sorted by name: those whom the filter `phase` finds, asked once for all."""
    user, day = listing.user, listing.moment.as_of
    found: dict[Phase, dict[int, str]] = {phase: {} for phase in Phase}
    names = dict(listing.rows.order_by().values_list("pk", "folded"))
    for row in worked_out(subjects(user, day).filter(person__in=these(names)), user, day):
        if (phase := situation(row).phase) is not None:
            found[phase][row.person_id] = names[row.person_id]
    return {phase: sorted(keys, key=lambda key: (keys[key], key)) for phase, keys in found.items()}


def cards(person: Any, phase: Phase, countries: dict[str, str], changed: set[Any]) -> list[Card]:
    """Return a card for each case of a person's that stands in a phase."""
    found = []
    for row in in_order(person):
        case = situation(row)
        if not is_subject(row) or case.phase != phase or case.deciding is None or case.began is None:
            continue
        lasts = False if case.was_ended else None
        words = f"{place_words(case.deciding.step, countries)} {when(case.began, lasts=lasts)}"
        pending = [each.kind.label for each in case.procedures if each.pending and each is not case.deciding]
        days = case.days_in_phase() if case.is_open is not False else None
        is_changed = not changed.isdisjoint({person, row.incident})
        found.append(Card(person, row, words, days, case.is_open, case.is_followed, ", ".join(pending), is_changed))
    return found


def longest_first(found: Any) -> list[Card]:
    """Sort cards: what is open before what is closed, then by the days that are certain."""
    return sorted(found, key=lambda card: (card.is_open is False, -(card.days.least if card.days else 0)))


def changed_since(people: Any, since: datetime | None, user: Any) -> set[Any]:
    """Return the people and incidents of which something that the reader sees changed since a moment."""
    if since is None:
        return set()
    people = list(people)
    records = {*people, *(row.incident for person in people for row in person.visible_involvements)}
    return {each.record for each in changes_since(dict.fromkeys(records, since), user)}
