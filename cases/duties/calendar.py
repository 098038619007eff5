"""Deadlines as an iCalendar file (RFC 5545), read at a private address.

Days only, and no alarms. A day that is known only to lie between two others is an event over all of them, and says so.
What has no day is not in it. The library folds long lines and keeps what is text from being read as anything else.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event

from cases.duties.deadlines import Deadline
from cases.models import CcfRequest, Duty
from cases.vocabulary import Rhythm
from cases.watching.safe_names import plain, safe_person_name
from records.vocabulary import Level

PRODUCT = "-//Waymark//Deadlines//EN"
ONE_DAY = timedelta(days=1)
#: The days that every month has, those of the longest, and the month that has fewer than 30.
SHORTEST_MONTH, LONGEST_MONTH, FEBRUARY = 28, 31, 2
RHYTHMS: dict[str, dict[str, Any]] = {
    Rhythm.DAILY: {"freq": "daily"},
    Rhythm.WEEKLY: {"freq": "weekly"},
    Rhythm.FORTNIGHTLY: {"freq": "weekly", "interval": 2},
    Rhythm.MONTHLY: {"freq": "monthly"},
}


def calendar(found: Iterable[Deadline], today: date, absolute: Callable[[str], str]) -> bytes:
    """Return the calendar of some deadlines as its reader may carry it outside; see cases.watching.safe_names.

    `absolute` makes an address of a path. All events bear the time stamp of the day: when a row was written is told to
    nobody.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Waymark: deadlines")
    stamp = datetime.combine(today, time.min, UTC)
    for uid, deadline in with_uids(each for each in found if not is_restricted(each)):
        if days := [day for day in (deadline.earliest, deadline.latest) if day]:
            for each in events(deadline, days[0], days[-1], uid, stamp, absolute):
                made.add_component(each)
    return made.to_ical()


def with_uids(found: Iterable[Deadline]) -> Iterator[tuple[str, Deadline]]:
    """Yield each deadline with an identifier that stays: its reference, and a number where that has several clocks."""
    seen: Counter[str] = Counter()
    for deadline in sorted(found, key=lambda each: (each.ref, each.what)):
        seen[deadline.ref] += 1
        number = f"-{seen[deadline.ref]}" if seen[deadline.ref] > 1 else ""
        yield f"{deadline.ref}{number}@waymark", deadline


def is_restricted(deadline: Deadline) -> bool:
    """Whether anything that a deadline rests on is of that level."""
    rows: list[Any] = [deadline.who, *deadline.records]
    for record in deadline.records:
        if isinstance(record, Duty):
            rows += [record.involvement, record.incident]
        elif isinstance(record, CcfRequest):
            rows.append(record.notice)
    return any(row.level == Level.RESTRICTED for row in rows)


def events(
    deadline: Deadline, first: date, last: date, uid: str, stamp: datetime, absolute: Callable[[str], str]
) -> Iterator[Event]:
    """Yield the event over the days from `first` to `last`, or the events that recur from then on."""
    if not deadline.rhythm or first != last:
        yield event(deadline, first, last, uid, stamp, absolute)
        return
    for number, (start, rule) in enumerate(rules(deadline, first)):
        made = event(deadline, start, start, f"feb-{uid}" if number else uid, stamp, absolute)
        made.add("rrule", rule)
        yield made


def event(
    deadline: Deadline, first: date, last: date, uid: str, stamp: datetime, absolute: Callable[[str], str]
) -> Event:
    """Return the event over the days from `first` to `last`."""
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", stamp)
    made.add("summary", line(f"{safe_person_name(deadline.who)}: {plain(deadline.what)}{vagueness(deadline)}"))
    made.add("dtstart", first)
    made.add("dtend", last + ONE_DAY)
    made.add("description", line(f"{deadline.when}. {absolute(deadline.link)}"))
    made.add("url", absolute(deadline.link))
    made.add("transp", "TRANSPARENT")
    return made


def line(text: str) -> str:
    """Return text as one line. The library takes a backslash before an N for a line break; no name needs one."""
    return " ".join(text.split()).replace("\\", "/")


def vagueness(deadline: Deadline) -> str:
    """Say in a title what the event alone would not: that the day is only known to lie in it, or on one side of it."""
    exact = deadline.earliest is not None and deadline.earliest == deadline.latest
    return "" if exact else f", {deadline.when}"


def rules(deadline: Deadline, first: date) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield the rules by which a duty comes round from `first` on, each with the first day on which it falls due by it.

    A month that has no such day has its last one, while RFC 5545 would leave the month out. BYSETPOS is there for this,
    but a common reader of calendars ignores it and shows four days a month (findings/calendar-month-end.sh). So the
    31st is written as the last day of each month, and the 29th and 30th take a rule of their own for February.
    """
    duty = deadline.records[0]
    ended = duty.ended.latest if isinstance(duty, Duty) and duty.ended else None
    began = duty.due.earliest if isinstance(duty, Duty) and duty.due else None
    day = (began or first).day
    found = [(first, RHYTHMS[deadline.rhythm])]
    if deadline.rhythm == Rhythm.MONTHLY and day == LONGEST_MONTH:
        found = [(first, {"freq": "monthly", "bymonthday": -1})]
    elif deadline.rhythm == Rhythm.MONTHLY and day > SHORTEST_MONTH:
        others = [month for month in range(1, 13) if month != FEBRUARY]
        in_february = first if first.month == FEBRUARY else last_of_february(first)
        found = [
            (
                first if first.month != FEBRUARY else first.replace(month=3, day=day),
                {"bymonth": others, "bymonthday": day},
            ),
            (in_february, {"bymonth": FEBRUARY, "bymonthday": -1}),
        ]
        found = [(start, {"freq": "yearly", **rule}) for start, rule in found]
    for start, rule in found:
        if ended is None or start <= ended:
            yield start, {**rule, "until": ended} if ended else dict(rule)


def last_of_february(after: date) -> date:
    """Return the last day of the next February."""
    year = after.year if after.month < FEBRUARY else after.year + 1
    return date(year, FEBRUARY, monthrange(year, FEBRUARY)[1])
