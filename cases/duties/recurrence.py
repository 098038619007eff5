"""The next day on which a recurring duty falls due."""

from __future__ import annotations

from datetime import date, timedelta

from cases.commission.clocks import DateSpan, add_months
from cases.vocabulary import Rhythm
from records.fields.edtf import UncertainDate

#: Days from one time to the next. Months differ, and are counted by the calendar.
DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14}
#: Among so many days in a row there is one of every day of the week and of the month.
LONGEST = timedelta(days=31)


def occurrence_on_or_after(first: date, rhythm: Rhythm, today: date) -> date:
    """Return the first day on or after today on which something comes round that began on `first`.

    Every month means from the first day on, not from the last time: 31 January, 28 February, 31 March.
    """
    if first >= today:
        return first
    if rhythm is not Rhythm.MONTHLY:
        step = DAYS[rhythm]
        return first + timedelta(days=-(-(today - first).days // step) * step)
    months = (today.year - first.year) * 12 + today.month - first.month
    this_month = add_months(first, months)
    return this_month if this_month >= today else add_months(first, months + 1)


def next_occurrence(first: DateSpan | UncertainDate, rhythm: Rhythm, today: date) -> DateSpan:
    """Return when it comes round next, on or after today, where it began on a day that may be vague."""
    earliest = first.earliest or min(first.latest or today, today) - LONGEST
    if first.latest is None:
        return DateSpan(max(earliest, today), None)
    # A first day that lies further back than one full round could be any day of a round: trying those is enough.
    spread = range(min((first.latest - earliest).days, LONGEST.days) + 1)
    tried = [earliest + timedelta(days=day) for day in spread] + [first.latest - timedelta(days=day) for day in spread]
    rounds = [occurrence_on_or_after(day, rhythm, today) for day in tried]
    return DateSpan(min(rounds), max(rounds))
