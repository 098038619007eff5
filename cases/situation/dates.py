"""The days that a date may mean, for steps that are recorded as having happened, and numbers of days between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from records.fields.edtf import UncertainDate, read_sides

#: Stands for the beginning of time, where nothing bounds a date from below, and for its end.
BEFORE_ALL, AFTER_ALL = date.min, date.max


@dataclass(frozen=True, slots=True)
class DayCount:
    """A number of days, known as far as the dates are: `most` is None where nothing bounds it."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {number_of_days(self.least)}" if self.least else "an unknown number of days"
        days = number_of_days(self.most)
        return days if self.least == self.most else f"{self.least:,} to {days}"


def number_of_days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


class Span(NamedTuple):
    """The first and the last day on which something can have been, both counted in."""

    first: date
    last: date

    def days_until(self, day: date) -> DayCount:
        """Return how many days lie between it and a later day; what may lie ahead counts as none."""
        least = max((day - self.last).days, 0)
        return DayCount(least, None if self.first == BEFORE_ALL else max((day - self.first).days, least))


def bounds(when: UncertainDate | None) -> tuple[date, date]:
    """Return the first and the last day on which something of this date happened or began; unknown may be any day.

    What is open at its end began at its start and goes on, so only the start is asked about.
    """
    if when is None:
        return BEFORE_ALL, AFTER_ALL
    if when.latest is None and when.earliest is not None:
        start = read_sides(when.text)[0]
        return when.earliest, start.widened()[1] if start else AFTER_ALL
    return when.earliest or BEFORE_ALL, when.latest or AFTER_ALL


def certainly_by(when: UncertainDate | None, day: date) -> bool:
    """Whether it had happened, or begun, by a day."""
    return bounds(when)[1] <= day


def possibly_by(when: UncertainDate | None, day: date) -> bool:
    """Whether it may have happened, or begun, by a day."""
    return bounds(when)[0] <= day


def together(counts: Iterable[DayCount]) -> DayCount | None:
    """Return the number of days that holds each of several; None where there is none."""
    found = list(counts)
    if not found:
        return None
    most = [count.most for count in found if count.most is not None]
    return DayCount(min(count.least for count in found), max(most) if len(most) == len(found) else None)
