"""Groups that come apart: some of them held, some resettled, some removed. Each part has a `Situation` of its own.

A step that says to how many it happened takes so many people out of those to whom it can have happened, by the country
in which they are and by what became of them: only who was let out on conditions is recalled, only who was brought home
is imprisoned there. A step without a number happened to all to whom it can have happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from cases.situation.outlook import value_of
from cases.situation.state import State, after
from cases.situation.step import CaseStep
from cases.vocabulary import Fate, Liberty, StageKind, Track

_HELD, _FREE = {Liberty.HELD}, {Liberty.AT_LIBERTY, Liberty.ON_CONDITIONS, Liberty.REMOVED, Liberty.DISAPPEARED}
_LIKELY = [_HELD, {Liberty.ON_CONDITIONS}, {Liberty.REMOVED, Liberty.DISAPPEARED}, {Liberty.AT_LIBERTY}]
#: To whom a step on liberty happens, by what became of them before, the likeliest first; `_LIKELY` for all others.
_HAPPENS_TO: dict[StageKind, list[set[Liberty]]] = {
    StageKind.DETENTION: [_FREE],
    StageKind.RELEASE: [_HELD | {Liberty.ON_CONDITIONS}, {Liberty.REMOVED, Liberty.DISAPPEARED}],
    StageKind.CONDITIONAL_RELEASE: [_HELD, {Liberty.REMOVED, Liberty.DISAPPEARED}],
    StageKind.RELEASE_REVOKED: [{Liberty.ON_CONDITIONS}],
    StageKind.ESCAPE: [_HELD],
    StageKind.TRANSFER: _LIKELY,
    StageKind.INTERROGATION: _LIKELY,
    StageKind.SOLITARY_CONFINEMENT: _LIKELY,
    StageKind.DEPORTATION_CENTRE: _LIKELY,
    StageKind.IMPRISONMENT: _LIKELY,
}
#: By which part a group is listed: where somebody is still held, else where somebody has not been heard of.
_FIRST = [
    Liberty.HELD,
    Liberty.DISAPPEARED,
    Liberty.ON_CONDITIONS,
    Liberty.REMOVED,
    Liberty.UNKNOWN,
    Liberty.AT_LIBERTY,
    Liberty.DEAD,
]
_FATES = [Fate.SENTENCED, Fate.HELD, Fate.UNKNOWN, Fate.FREE, Fate.DEAD]


@dataclass(frozen=True)
class Part:
    """A part of a group: how many people (None: not told), where they stand, and whether they are the rest."""

    headcount: int | None
    is_rest: bool
    situation: Any

    @property
    def is_told(self) -> bool:
        """Whether anything is told of them."""
        return bool(self.situation.steps)


@dataclass(eq=False)
class _People:
    """So many people of a group with their steps, in the order in which these are listed."""

    number: int | None
    is_rest: bool = False
    steps: list[CaseStep] = field(default_factory=list)
    state: State = field(default_factory=State)

    def take(self, step: CaseStep, home: Collection[str]) -> None:
        self.steps.append(step)
        self.state = after(self.state, step, home)

    def some(self, number: int) -> _People:
        """Take so many of them apart."""
        if self.number is not None:
            self.number -= number
        return _People(number, False, list(self.steps), self.state)

    @property
    def value(self) -> Liberty:
        return value_of(self.state)

    def are_in(self, country: str) -> bool:
        return not country or not self.state.where or self.state.where == country


def parts_of(whole: Any) -> list[Part]:
    """Split a group by the steps that say to how many people they happened; empty where all of it went one way."""
    numbers = [step.headcount for step in whole.order.steps if _splits(step)]
    if not numbers:
        return []
    people = [_People(_size(whole.headcount, numbers[0]), is_rest=True)]
    for step in whole.order.steps:
        if _splits(step):
            people = _split(people, step, whole)
        else:
            for each in _all_concerned(people, step, whole):
                each.take(step, whole.home)
    if len(people) == 1:
        return []
    people.sort(key=lambda each: (not each.steps, not each.is_rest))
    return [Part(each.number, each.is_rest, _alone(whole, each.steps)) for each in people]


def leading(parts: list[Part]) -> Part:
    """Return the part by which a group is listed; of several, one whose case is open, then the largest."""

    def rank(part: Part) -> tuple[bool, int, bool, int]:
        found = part.situation
        return not part.is_told, _FIRST.index(found.value), found.is_open is False, -(part.headcount or 0)

    return min(parts, key=rank)


def fate_of(parts: Iterable[Part]) -> Fate | None:
    """Return what is known of those who were removed to the origin: of who is in its hands or unheard of, first."""
    found = {part.situation.fate for part in parts} - {None}
    return min(found, key=_FATES.index, default=None)


def _splits(step: CaseStep) -> bool:
    return step.headcount is not None and step.kind.track == Track.LIBERTY


def _size(own: tuple[int | None, int | None], first: int) -> int | None:
    """Return how many a group is: its own number, else that of the first step; None where only a least one is known."""
    least, most = own
    if most is not None:
        return max(most, first)
    return None if least is not None and least > first else first


def _split(people: list[_People], step: CaseStep, whole: Any) -> list[_People]:
    """Let a step happen to so many people as it says: where it finds too few, there were more of them than was told."""
    wanted, kept, taken = step.headcount or 0, list(people), []
    for each in _ranked(people, step, is_numbered=whole.headcount != (None, None)):
        if not wanted:
            break
        some = each
        if each.number is None or each.number > wanted:
            some, wanted = each.some(wanted), 0
            taken.append(some)
        else:
            wanted -= each.number
            if each.is_rest and len(people) > 1:
                each.is_rest = False
                kept.remove(each)
                taken.append(each)
        some.take(step, whole.home)
    if wanted:
        more = _People(wanted)
        more.take(step, whole.home)
        taken.append(more)
    return [*kept, *taken]


def _ranked(people: list[_People], step: CaseStep, *, is_numbered: bool) -> list[_People]:
    """Return those to whom a step can have happened, the likeliest first."""
    likely = _HAPPENS_TO.get(step.kind, _LIKELY)
    alive = [each for each in people if each.value != Liberty.DEAD]
    there = [each for each in alive if _left(each, step)] or alive

    def rank(each: _People) -> tuple[int, bool, bool]:
        place = next((number for number, values in enumerate(likely) if each.value in values), len(likely))
        return place, each.number != step.headcount, not each.is_rest

    ranked = sorted(there, key=rank)
    fitting = [each for each in ranked if rank(each)[0] < len(likely)]
    # Of a group of no known number nobody is arrested twice who was not let out: those are more people. Of one whose
    # number is known they are some of it, come back from elsewhere if need be.
    if not is_numbered:
        return fitting if step.kind == StageKind.DETENTION else [*fitting, *_others(ranked, fitting)]
    return [*fitting, *_others(ranked, fitting), *_others(alive, there)]


def _others(people: list[_People], taken: list[_People]) -> list[_People]:
    return [each for each in people if each not in taken]


def _left(each: _People, step: CaseStep) -> bool:
    """Whether people are where a step happened; an admission may name only the country that let them in."""
    return each.are_in(step.country if step.kind != StageKind.ADMITTED_THIRD_COUNTRY or step.destination else "")


def _all_concerned(people: list[_People], step: CaseStep, whole: Any) -> list[_People]:
    """Return all to whom a step without a number can have happened."""
    alive = [each for each in people if each.value != Liberty.DEAD]
    if step.kind.track != Track.LIBERTY:
        brought = [each for each in alive if each.state.at_home]
        if step.country in whole.home:
            return brought if brought and step.kind != StageKind.WANTED else alive
        return [each for each in alive if each.are_in(step.country)] or alive
    there = [each for each in alive if _left(each, step)]
    for values in _HAPPENS_TO.get(step.kind, [set(Liberty)]):
        if chosen := [each for each in there if each.value in values]:
            return chosen
    return there or alive


def _alone(whole: Any, steps: list[CaseStep]) -> Any:
    """Return where those stand to whom only some of the steps happened. No number of theirs splits them again."""
    part = replace(whole, stages=tuple(step.stage for step in steps))
    part.__dict__["parts"] = []
    return part
