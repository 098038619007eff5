"""Timelines: where each date lies on a common axis, in per cent of its width.

An exact day is a point. A vague date is a span from its first to its last possible day, never a point in its middle; an
open side runs on to the edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from records.fields.edtf import MONTHS, UncertainDate

#: Months between two marks of the axis, tried from the closest on until few enough marks are left.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
MOST_TICKS = 5
MARGIN = 0.06
#: A span is drawn at least so wide (in per cent), so that a month on an axis of decades can be seen.
NARROWEST = 1.5


@dataclass(frozen=True)
class Tick:
    """A mark of the axis: where it stands and what it says."""

    x: str
    label: str


@dataclass(frozen=True)
class Mark:
    """A date on the axis. A point has no width; a span may be open to one side."""

    x: str
    width: str = ""
    end: str = ""
    opens_left: bool = False
    opens_right: bool = False


class Timeline:
    """The axis on which all of some dates fit."""

    def __init__(self, dates: Iterable[UncertainDate | None]) -> None:
        bounds = [bound for when in dates if when for bound in (when.earliest, when.latest) if bound]
        first, last = (min(bounds), max(bounds)) if bounds else (date(2000, 1, 1), date(2000, 1, 1))
        margin = timedelta(days=max(20, round((last - first).days * MARGIN)))
        self._first, self._days = first - margin, (last - first + 2 * margin).days

    def mark(self, when: UncertainDate | None) -> Mark | None:
        """Return where a date lies; None for an unknown one."""
        if when is None:
            return None
        start = self._percent(when.earliest) if when.earliest else 0.0
        end = self._percent(when.latest) if when.latest else 100.0
        if when.earliest == when.latest:
            return Mark(per_cent(start))
        if end - start < NARROWEST:
            middle = (start + end) / 2
            start, end = middle - NARROWEST / 2, middle + NARROWEST / 2
        open_left, open_right = when.earliest is None, when.latest is None
        return Mark(per_cent(start), per_cent(end - start), per_cent(end), open_left, open_right)

    @property
    def ticks(self) -> list[Tick]:
        """The marks of the axis: months or years, few enough to be read on a telephone."""
        for step in STEPS:
            months = self._months(step)
            if len(months) <= MOST_TICKS:
                break
        return [
            Tick(per_cent(self._percent(day)), tick_label(day, step, day == months[0] or day.month == 1))
            for day in months
        ]

    def _months(self, step: int) -> list[date]:
        """The firsts of months on the axis whose number, counted from year 0, is a multiple of `step`."""
        start, end = month_number(self._first) + 1, month_number(self._first + timedelta(days=self._days))
        return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1) if number % step == 0]

    def _percent(self, day: date) -> float:
        return 100 * (day - self._first).days / self._days


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def tick_label(day: date, step: int, tells_year: bool) -> str:
    """Return a year or a month; a month tells its year only where a reader needs it, so that labels stay apart."""
    month = MONTHS[day.month - 1][:3]
    return str(day.year) if step >= 12 else f"{month} {day.year}" if tells_year else month


def per_cent(number: float) -> str:
    return f"{number:.2f}%"
