"""Programs and libraries that read calendars: each tells on which days the events of a calendar fall.

A reader takes the text of a calendar and returns the days (ISO) of each event up to LAST, by the reference in its UID.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ctypes.util import find_library
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, ClassVar

import icalendar
from dateutil.rrule import rrulestr
from ical.calendar_stream import CalendarStream

Days = dict[str, list[str]]
LAST = date(2027, 4, 30)
#: More often than this no event falls before LAST.
OFTEN = 400
ICAL_JS = "ical.js@2.2.1"
READ_WITH_ICAL_JS = """
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
const found = [];
for (const each of new ICAL.Component(ICAL.parse(readFileSync("feed.ics", "utf8"))).getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(each), all = event.iterator();
  for (let start; (start = all.next()) && start.toString() <= process.argv[2]; ) {
    const { startDate, endDate } = event.getOccurrenceDetails(start);
    found.push([event.uid, startDate.toString(), endDate.toString()]);
  }
}
console.log(JSON.stringify(found));
"""


def gathered(found: Iterable[tuple[str, date, date]]) -> Days:
    """Return the days of each event from its identifiers, first days, and the days after its last."""
    days: dict[str, set[str]] = defaultdict(set)
    for uid, start, end in found:
        ref = uid.removeprefix("feb-").partition("@")[0]
        days[ref] |= {(start + timedelta(each)).isoformat() for each in range((end - start).days)}
    return {ref: sorted(some) for ref, some in days.items()}


def read_with_dateutil(text: str) -> Days:
    """What icalendar parses, as python-dateutil repeats it."""

    def events() -> Iterator[tuple[str, date, date]]:
        whole: Any = icalendar.Calendar.from_ical(text)
        for event in whole.walk("VEVENT"):
            start, length = event["dtstart"].dt, event["dtend"].dt - event["dtstart"].dt
            starts = [start]
            if "rrule" in event:
                rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=datetime.combine(start, time.min))
                starts = [
                    each.date() for each in rule.xafter(datetime.min, count=OFTEN, inc=True) if each.date() <= LAST
                ]
            yield from ((str(event["uid"]), each, each + length) for each in starts)

    return gathered(events())


def read_with_ical(text: str) -> Days:
    """The parser and timeline of Home Assistant."""
    [calendar] = CalendarStream.from_ics(text).calendars
    timeline = calendar.timeline.overlapping(date(2020, 1, 1), LAST + timedelta(1))
    return gathered((str(event.uid), event.start, event.end) for event in timeline)


def read_with_ical_js(text: str, folder: Path) -> Days:
    """The library of Thunderbird and of many calendars in browsers; installed into `folder`."""
    (folder / "feed.ics").write_text(text, encoding="utf-8", newline="")
    (folder / "read.mjs").write_text(READ_WITH_ICAL_JS, encoding="utf-8")
    subprocess.run(["npm", "install", "--silent", "--no-fund", "--prefix", folder, ICAL_JS], check=True)
    asked = ["node", "read.mjs", LAST.isoformat()]
    told = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout
    return gathered((uid, date.fromisoformat(start), date.fromisoformat(end)) for uid, start, end in json.loads(told))


class IcalTime(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_: ClassVar = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "date", "summer")),
        ("zone", ctypes.c_void_p),
    ]


class IcalSpan(ctypes.Structure):
    """struct icaltime_span of libical 3: seconds since 1970."""

    _fields_: ClassVar = [("start", ctypes.c_long), ("end", ctypes.c_long), ("busy", ctypes.c_int)]


OnOccurrence = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(IcalSpan), ctypes.c_void_p)


def libical() -> ctypes.CDLL:
    library = ctypes.CDLL(find_library("ical"))
    library.icalparser_parse_string.restype = ctypes.c_void_p
    for name in ("first", "next"):
        step = getattr(library, f"icalcomponent_get_{name}_component")
        step.restype, step.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]
    library.icalcomponent_get_uid.restype = ctypes.c_char_p
    library.icalcomponent_get_uid.argtypes = [ctypes.c_void_p]
    library.icaltime_from_string.restype = IcalTime
    times = [IcalTime, IcalTime]
    library.icalcomponent_foreach_recurrence.argtypes = [ctypes.c_void_p, *times, OnOccurrence, ctypes.c_void_p]
    return library


def read_with_libical(text: str) -> Days:
    """The C library of GNOME and KDE."""
    library, found = libical(), []
    whole, kind = library.icalparser_parse_string(text.encode()), library.icalcomponent_string_to_kind(b"VEVENT")
    first, last = (library.icaltime_from_string(day) for day in (b"20200101", f"{LAST:%Y%m%d}T235959".encode()))

    @OnOccurrence
    def note(event: int, span: Any, data: Any) -> None:
        start, end = (datetime.fromtimestamp(each, UTC) for each in (span.contents.start, span.contents.end))
        found.append((library.icalcomponent_get_uid(event).decode(), start.date(), end.date()))

    event = library.icalcomponent_get_first_component(whole, kind)
    while event:
        library.icalcomponent_foreach_recurrence(event, first, last, note, None)
        event = library.icalcomponent_get_next_component(whole, kind)
    return gathered(found)
