"""The days between which what the engine says of a case stays the same.

The engine takes two days: the one that is asked about, and today, by which all that is recorded of the past has
happened. It does nothing with them but compare them with the days that its inputs name, so what it says can change on
those days only. It is asked once between any two of them, and what is said twice is kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from cases.situation.dates import AFTER_ALL, BEFORE_ALL, bounds
from cases.situation.inputs import Inputs
from cases.situation.told import Told

ONE_DAY = timedelta(days=1)
#: What is said of a day, asked about it on another.
Answering = Callable[[date, date], tuple[Any, ...]]


@dataclass(frozen=True)
class Interval:
    """One answer, and all the days of which it holds, the last ones counted in.

    It holds of the days from `first_day` to `last_day`, asked about on the days from `first_today` to `last_today`; of
    the present where it `is_of_today`, and else of days before the one on which they are asked about.
    """

    is_of_today: bool
    first_day: date
    last_day: date
    first_today: date
    last_today: date
    answer: tuple[Any, ...]


class ToldInterval(NamedTuple):
    """All that is told of a case, and the days on which it is, the last ones counted in."""

    first_today: date
    last_today: date
    told: Told


def intervals(inputs: Inputs, today: date) -> list[Interval]:
    """Return the answers for every day that can be asked about from the day before `today` on.

    From the day before: somebody may have begun to ask before midnight. There is none for days before which the
    incident certainly began after, nor for days to come: those are worked out when they are asked about.
    """
    start = inputs.incident.start
    return stretches(inputs.answer, days_named(inputs), today, start.earliest if start is not None else None)


def stretches(answer: Answering, named: Iterable[date], today: date, earliest: date | None = None) -> list[Interval]:
    """Return what is answered of every day from the one before `today` on, and from `earliest` on of those before.

    `answer` takes the day that is asked about and the day on which it is, and compares them with those that are `named`
    and no others.
    """
    days = sorted(named)
    found: list[Interval] = []
    for first, last in cells(days):
        if last >= today - ONE_DAY:
            asked = _on(first, last, today)
            found.append(Interval(True, first, last, first, last, answer(asked, asked)))
            begins = [day for day in days if day < asked and (earliest is None or day >= earliest)]
            begins = [date.min, *begins] if earliest is None else begins
            for begin, following in zip_longest(begins, begins[1:]):
                end = following - ONE_DAY if following is not None else last
                found.append(Interval(False, begin, end, first, last, answer(begin, asked)))
    return list(_joined(found))


def told_intervals(inputs: Inputs, today: date) -> list[ToldInterval]:
    """Return what is told of the case on every day from the one before `today` on."""
    found: list[ToldInterval] = []
    for first, last in cells(sorted(days_named(inputs))):
        if last >= today - ONE_DAY:
            said = inputs.told(_on(first, last, today))
            if found and found[-1].told == said:
                first = found.pop().first_today
            found.append(ToldInterval(first, last, said))
    return found


def days_named(inputs: Inputs) -> set[date]:
    """Return the days by which steps, sources, the incident's start, the status and the tactics are compared."""
    named = days_of_steps(inputs.stages)
    for when in (inputs.incident.start, inputs.involvement.status_as_of):
        if when is not None:
            named |= {*bounds(when), *(day for day in (when.earliest, when.latest) if day)}
    named |= {used.occurred.earliest for used in inputs.tactics if used.occurred and used.occurred.earliest}
    return named - {BEFORE_ALL, AFTER_ALL}


def days_of_steps(steps: Iterable[Any]) -> set[date]:
    """Return the days by which steps, stages or events, and the sources of undated ones are compared."""
    rows = list(steps)
    named = {day for row in rows if row.occurred is not None for day in bounds(row.occurred)}
    told = [each.source.published for row in rows for each in row.visible_citations]
    named |= {when.latest for when in told if when is not None and when.latest is not None}
    return named - {BEFORE_ALL, AFTER_ALL}


def cells(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each stretch of days by which `today` compares alike with some days."""
    first = date.min
    for day in days:
        if first < day:
            yield first, day - ONE_DAY
        yield day, day
        first = day + ONE_DAY
    yield first, date.max


def _on(first: date, last: date, today: date) -> date:
    """Return a day of a stretch, no earlier than any day that is asked about on it."""
    return first if first > date.min else min(last, today)


def _joined(found: Iterable[Interval]) -> Iterator[Interval]:
    """Yield intervals, those that say the same of neighbouring days, or on neighbouring days, as one."""
    across: dict[tuple[bool, date, tuple[Any, ...]], Interval] = {}
    for each in _of_neighbouring_days(found):
        key = each.is_of_today, date.min if each.is_of_today else each.first_day, each.answer
        before = across.get(key)
        if before is not None and before.last_today + ONE_DAY == each.first_today and _is_same_stretch(before, each):
            joined = Interval(
                each.is_of_today, before.first_day, each.last_day, before.first_today, each.last_today, each.answer
            )
            across[key] = joined
            continue
        if before is not None:
            yield before
        across[key] = each
    yield from across.values()


def _is_same_stretch(before: Interval, later: Interval) -> bool:
    return later.is_of_today or before.last_day == later.last_day


def _of_neighbouring_days(found: Iterable[Interval]) -> Iterator[Interval]:
    """Yield the intervals, those about neighbouring days that were asked about on the same days as one."""
    before: Interval | None = None
    for each in found:
        if before is not None and not before.is_of_today and not each.is_of_today:
            alike = (before.answer, before.first_today) == (each.answer, each.first_today)
            if alike and before.last_day + ONE_DAY == each.first_day:
                before = Interval(
                    False, before.first_day, each.last_day, each.first_today, each.last_today, each.answer
                )
                continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before
