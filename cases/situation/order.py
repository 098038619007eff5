"""In which order steps were taken: by their dates, and where these leave it open, by the telling.

One rule for stages, for events of notices and for those of requests to Interpol's commission. Where neither dates nor
telling decide, the order is not known. The order in which rows were entered never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.functional import cached_property  # takes no lock, as that of Python 3.11 does

from cases.situation.dates import BEFORE_ALL, bounds
from records.fields.edtf import UncertainDate

#: How many characters a key of `merged_keys` has: two days, a position, a reference and a place.
LENGTH_OF_KEY = 10 + 1 + 10 + 1 + 5 + 1 + 12 + 1 + 3


class Taken(Protocol):
    """A step with a first and a last possible day, and its place in the telling (0: none)."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def position(self) -> int: ...
    @property
    def ref(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step as far as its order goes: the days on which it can have been taken, and its place in the telling."""

    first: date
    last: date
    position: int
    ref: str

    @classmethod
    def of(cls, row: Any, today: date, told: date | None = None) -> DatedStep:
        """Return the step of a row with `occurred`, `position` and `ref`.

        `told` is the day of the first source that tells of it: what no source dates happened by then at the latest.
        What is recorded of a time that has begun has happened, so no day after `today` is meant by it.
        """
        first, last = days_of(row.occurred, today, told)
        return cls(first, last, row.position, row.ref)


def days_of(when: UncertainDate | None, today: date, told: date | None = None) -> tuple[date, date]:
    """Return the first and the last day on which something recorded can have happened; see `DatedStep.of`."""
    if when is None:
        return BEFORE_ALL, min(told or today, today)
    first, last = bounds(when)
    return (first, last) if first > today else (first, min(last, today))


def by_date(one: Taken) -> tuple[date, date, int, str]:
    """Return the key by which steps are listed: the undated first, and the reference last of all."""
    began = one.last if one.first == BEFORE_ALL else one.first
    return began, one.last, one.position, one.ref


def as_told(row: Any) -> tuple[date, date, int, str]:
    """Return the key that lists rows with `occurred`, `position` and `ref` as `DatedStepQuerySet.in_order` does."""
    first, last = (row.occurred.earliest, row.occurred.latest) if row.occurred else (None, None)
    return first or last or BEFORE_ALL, last or (date.max if first else BEFORE_ALL), row.position, row.ref


def merged(told: Iterable[Sequence[Any]]) -> list[Any]:
    """Merge several lists of rows, each in its own order, which stays as it is, by their dates."""
    keyed = []
    for number, rows in enumerate(told):
        reached = None
        for place, row in enumerate(rows):
            reached = max(as_told(row), reached) if reached else as_told(row)
            keyed.append((reached, number, place, row))
    return [row for *_, row in sorted(keyed, key=lambda each: each[:3])]


def merged_keys(steps: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield the reference of each step of one case, in their order, with the key that `merged` puts it in its place by.

    As text, all of one length, that sorts as the key does.
    """
    reached = None
    for place, step in enumerate(steps):
        reached = max(as_told(step.stage), reached) if reached else as_told(step.stage)
        first, last, position, ref = reached
        yield step.ref, f"{first} {last} {position:05} {ref} {place:03}"


def dates_say(one: Taken, other: Taken) -> bool:
    """Whether one step came before another by the dates alone."""
    return one.last < other.first


def telling_says(one: Taken, other: Taken) -> bool:
    """Whether one step came before another by the telling, where the dates leave it open."""
    overlap = not dates_say(one, other) and not dates_say(other, one)
    return overlap and 0 < one.position < other.position


class Order:
    """The order of some steps of one case, as far as it is known: `before[i]` is a mask of what came before step i.

    `steps` stand in an order that agrees with all that is known. A telling that the dates contradict decides nothing
    about the steps between which it leads round in a circle.
    """

    def __init__(self, steps: Iterable[Taken]) -> None:
        listed = sorted(steps, key=by_date)
        before = _closed(listed, with_telling=True)
        if any(before[i] >> i & 1 for i in range(len(listed))):
            before = _without_circles(listed, before)
        ranked = sorted(range(len(listed)), key=lambda i: before[i].bit_count())
        place = {old: new for new, old in enumerate(ranked)}
        self.steps: Sequence[Any] = [listed[i] for i in ranked]
        self.before = [_moved(before[i], place) for i in ranked]

    @cached_property
    def first_days(self) -> list[date]:
        """The first day on which each step can have been taken: not before what came before it."""
        found: list[date] = []
        for step, mask in zip(self.steps, self.before, strict=True):
            found.append(max([step.first, *(day for number, day in enumerate(found) if mask >> number & 1)]))
        return found

    @cached_property
    def is_known(self) -> bool:
        """Whether the steps can have been taken in one order only."""
        return all(mask == (1 << number) - 1 for number, mask in enumerate(self.before))

    def by(self, day: date) -> Order:
        """Return the order of the steps that may have been taken by a day.

        What was told after a step that came later had not been taken either, however vague its own date is.
        """
        kept = [number for number, first in enumerate(self.first_days) if first <= day]
        if len(kept) == len(self.steps):
            return self
        place = {old: new for new, old in enumerate(kept)}
        found = Order(())
        found.steps = [self.steps[number] for number in kept]
        found.before = [_moved(self.before[number], place) for number in kept]
        return found

    def came_before(self, one: Taken, other: Taken) -> bool:
        """Whether one of the steps certainly came before another."""
        return bool(self.before[self.steps.index(other)] >> self.steps.index(one) & 1)


def _closed(steps: Sequence[Taken], *, with_telling: bool) -> list[int]:
    """Return for each step the mask of the steps before it, and of those before these, and so on."""
    before = [0] * len(steps)
    for i, later in enumerate(steps):
        for j, earlier in enumerate(steps):
            if i != j and (dates_say(earlier, later) or (with_telling and telling_says(earlier, later))):
                before[i] |= 1 << j
    for middle in range(len(steps)):
        for i in range(len(steps)):
            if before[i] >> middle & 1:
                before[i] |= before[middle]
    return before


def _without_circles(steps: Sequence[Taken], around: list[int]) -> list[int]:
    """Return the same where, within each circle, only the dates count."""
    by_dates = _closed(steps, with_telling=False)
    circles = [around[i] & sum(1 << j for j in range(len(steps)) if around[j] >> i & 1) for i in range(len(steps))]
    before = [(around[i] & ~circles[i]) | (by_dates[i] & circles[i]) for i in range(len(steps))]
    return [mask & ~(1 << i) for i, mask in enumerate(before)]


def _moved(mask: int, place: dict[int, int]) -> int:
    return sum(1 << new for old, new in place.items() if mask >> old & 1)
