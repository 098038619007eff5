"""When somebody was born, as far as their age on a day tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from records.fields.edtf import UncertainDate

OLDEST = 130


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; of 29 February the 28th, where that year has no such day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def born_by_age(years: int, on: UncertainDate) -> UncertainDate | None:
    """Return between which days somebody was born who was so many years old on a day, or on some day of a time.

    At the latest on that day itself so many years before; at the earliest a day after the one a year before that, or
    they would have been a year older. None where the day is open to one side, or as long ago as that.
    """
    if on.earliest is None or on.latest is None or on.earliest.year <= years + 1:
        return None
    first = years_before(on.earliest, years + 1) + timedelta(1)
    return UncertainDate.parse(f"{first}/{years_before(on.latest, years)}")


def narrowed(births: Iterable[UncertainDate]) -> UncertainDate | None:
    """Return the days on which several ages agree; where they do not, all days that one of them allows."""
    sides = [(each.earliest, each.latest) for each in births if each.earliest and each.latest]
    if not sides:
        return None
    firsts, lasts = zip(*sides, strict=True)
    first, last = max(firsts), min(lasts)
    if first > last:
        first, last = min(firsts), max(lasts)
    return UncertainDate.parse(f"{first}/{last}" if first < last else f"{first}")
