"""Uncertain dates in EDTF: reading, writing, and the days they may mean.

The text is a small part of EDTF (ISO 8601-2). What each form means:

    2018-10-31          that day
    2021-07             some day of that month
    2017-22             some day of that season: 21 spring (March to May), 22 summer (June to August),
                        23 autumn (September to November), 24 winter (December to February of the next
                        year). These are the northern meteorological seasons, whatever the country.
    2018                some day of that year
    2018~ 2018? 2018%   about then; perhaps then; perhaps about then. All three widen the date by one unit on
                        either side (a month by a month, a season by a season, a year by a year) and a day by
                        three days. The mark stays in the text.
    2006/2012           between the two: from the first day of the one to the last day of the other
    2019-01-25/..       then or at any later time
    ../2018-09-14       then or at any earlier time

An unknown date has no text; it is None in Python and '' in a column. Years run from 1800 to 2199: nothing
recorded here lies outside, so a year that does is of another calendar, or a slip of the keyboard. A date of
another calendar is never converted unseen: it is refused with the working and with the text to write for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from records.fields.calendars import GREGORIAN, CalendarError, Reading, likely, named

FIRST_YEAR, LAST_YEAR = 1800, 2199
MAX_LENGTH = 40
DAYS_ABOUT = 3
OPEN = ".."
ACCEPTED = (
    "Write 2018-10-31 (a day), 2021-07 (a month), 2017-22 (a season, 21 spring to 24 winter), 2018 (a year), "
    "2018~ (about), 2006/2012 (between), 2019-01-25/.. (since) or ../2018-09-14 (by)."
)
MONTHS = GREGORIAN
MARKS = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}

# Fixed widths and no nested repeats: matching takes time in proportion to the text, whatever the text.
SIMPLE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?([~?%]?)")
UNPADDED = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})(?:[-./ ]([0-9]{1,2}))?([~?%]?)")


class EdtfError(ValueError):
    """The text is not a date in one of the accepted forms; the message says which are."""


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"
    APPROXIMATE = "approximate"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """One simple form: a day, month, season or year, perhaps marked as approximate."""

    year: int
    month: int = 0  # 21 to 24 name a season, 0 the whole year
    day: int = 0
    mark: str = ""

    @property
    def precision(self) -> Precision:
        if self.mark:
            return Precision.APPROXIMATE
        if self.day:
            return Precision.DAY
        if self.month in SEASONS:
            return Precision.SEASON
        return Precision.MONTH if self.month else Precision.YEAR

    def bounds(self) -> tuple[date, date]:
        """First and last day as written, before any widening for 'about'."""
        return self._bounds(about=False)

    def widened(self) -> tuple[date, date]:
        """First and last day, with one unit more on either side if the date is approximate."""
        return self._bounds(about=bool(self.mark))

    def _bounds(self, *, about: bool) -> tuple[date, date]:
        if self.day:
            day, spare = date(self.year, self.month, self.day), timedelta(days=DAYS_ABOUT if about else 0)
            return day - spare, day + spare
        start, length = self._months()
        spare_months = length if about else 0
        after = first_of_month(start + length + spare_months)
        return first_of_month(start - spare_months), after - timedelta(days=1)

    def _months(self) -> tuple[int, int]:
        """The first month, counted from year 0, and the number of months."""
        january = self.year * 12
        if self.month in SEASONS:
            return january + 2 + 3 * (self.month - 21), 3
        return (january + self.month - 1, 1) if self.month else (january, 12)

    @property
    def label(self) -> str:
        return MARKS[self.mark] + self.name

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def words(self) -> list[str]:
        """Day, month or season, and year, as far as they are known."""
        if self.month == 24:
            return ["winter", f"{self.year}-{(self.year + 1) % 100:02}"]
        words = [str(self.year)]
        if self.month:
            words.insert(0, SEASONS.get(self.month) or MONTHS[self.month - 1])
        if self.day:
            words.insert(0, str(self.day))
        return words


def first_of_month(months: int) -> date:
    """The first day of a month that is counted from January of year 0."""
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date known only to lie between two days, either of which may be missing (open).

    Everything follows from the text, so bounds and text cannot disagree. Two are equal if their texts are.
    """

    text: str
    earliest: date | None = field(init=False, compare=False)
    latest: date | None = field(init=False, compare=False)
    precision: Precision = field(init=False, compare=False)

    def __post_init__(self) -> None:
        sides = read_sides(self.text)
        start, end = sides[0], sides[-1]
        known = [side for side in sides if side]
        precision = known[0].precision
        if len(sides) == 2:
            precision = Precision.RANGE if len(known) == 2 else Precision.OPEN
        # Frozen, so the derived values are set past the dataclass.
        object.__setattr__(self, "text", "/".join(part.strip() for part in self.text.split("/")))
        object.__setattr__(self, "earliest", start.widened()[0] if start else None)
        object.__setattr__(self, "latest", end.widened()[1] if end else None)
        object.__setattr__(self, "precision", precision)

    @classmethod
    def parse(cls, text: str) -> UncertainDate:
        """Read EDTF text, or raise EdtfError."""
        if len(text) > MAX_LENGTH:  # so that a huge text is neither stripped nor kept in the cache
            refuse(text, f"is longer than {MAX_LENGTH} characters")
        found = read(text)
        refuse_end_around_start(found.text)
        return found

    @classmethod
    def parse_or_none(cls, text: str | None) -> UncertainDate | None:
        """Read EDTF text; no text, or blank text of a reasonable length, is an unknown date."""
        if text is None or (len(text) <= MAX_LENGTH and not text.strip()):
            return None
        return cls.parse(text)

    @classmethod
    def stored(cls, text: str | None) -> UncertainDate | None:
        """Read the text of a column. What was accepted once is read, though it would be refused today."""
        return read(text) if text else None

    @classmethod
    def on(cls, day: date) -> UncertainDate:
        """A date known to the day. A clock time is refused: its day depends on the time zone."""
        if isinstance(day, datetime):
            raise TypeError(f"{day!r} is a moment, not a day")
        return cls.parse(day.isoformat())

    def __str__(self) -> str:
        return self.text

    def possibly_overlaps(self, start: date | None, end: date | None) -> bool:
        """Whether it may fall between two days (inclusive; None leaves that side open)."""
        starts_in_time = end is None or self.earliest is None or self.earliest <= end
        ends_in_time = start is None or self.latest is None or self.latest >= start
        return starts_in_time and ends_in_time

    def certainly_within(self, start: date | None, end: date | None) -> bool:
        """Whether it must fall between two days (inclusive; None leaves that side open)."""
        not_earlier = start is None or (self.earliest is not None and self.earliest >= start)
        not_later = end is None or (self.latest is not None and self.latest <= end)
        return not_earlier and not_later

    def before(self, other: UncertainDate) -> bool | None:
        """Whether it lies before another date; None if that cannot be told."""
        if self.latest and other.earliest and self.latest < other.earliest:
            return True
        if self.earliest and other.latest and self.earliest >= other.latest:
            return False
        return None

    @property
    def label(self) -> str:
        """The date in English, to stand alone: '31 October 2018', 'about 2017', 'between 2006 and 2012'."""
        sides = read_sides(self.text)
        start, end = sides[0], sides[-1]
        if len(sides) == 1 and start:
            return start.label
        if start and end:
            return f"between {start_of_range(start, end)} and {end.label}"
        return f"since {start.label}" if start else f"by {end.label}" if end else ""

    @property
    def phrase(self) -> str:
        """The date in English, to follow a verb: 'on 31 October 2018', 'in 2018', 'about 2017'."""
        if self.precision == Precision.DAY:
            return f"on {self.label}"
        if self.precision in {Precision.MONTH, Precision.SEASON, Precision.YEAR}:
            return f"in {self.label}"
        return self.label

    def as_json(self) -> dict[str, str | None]:
        """The four public values of a date, as the API and the exports give them."""
        return {
            "edtf": self.text,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "precision": self.precision.value,
        }


@lru_cache(maxsize=4096)
def read(text: str) -> UncertainDate:
    """A page of records repeats few dates many times; they never change, so equal ones can be shared."""
    return UncertainDate(text)


@lru_cache(maxsize=4096)
def read_sides(text: str) -> tuple[EdtfDate | None, ...]:
    """The one moment of a simple date or the two ends of a range, None for an open end. Shared, as `read` is."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > 2:
        refuse(text, "is not a date in an accepted form")
    if len(parts) == 1:
        return (read_edtf_date(parts[0], text),)
    if parts == [OPEN, OPEN]:
        refuse(text, "is open at both ends and says nothing; leave the date empty if it is unknown")
    start, end = (None if part == OPEN else read_edtf_date(part, text) for part in parts)
    if start and end:
        if start == end:
            refuse(text, f"has the same date at both ends; write {parts[0]}")
        if end.bounds()[1] < start.bounds()[0]:
            refuse(text, "ends before it starts")
    return start, end


def read_edtf_date(part: str, text: str) -> EdtfDate:
    """Read a simple form; `text` is the whole date, for the message."""
    match = SIMPLE.fullmatch(part)
    if not match:
        refuse(text, "is not a date in an accepted form" if text.strip() else "is empty")
    year, month, day = (int(digits or 0) for digits in match.groups()[:3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        refuse(text, f"has a year outside {FIRST_YEAR} to {LAST_YEAR}")
    if match[2] and month not in SEASONS and not 1 <= month <= 12:
        refuse(text, f"has no such month as {match[2]}; months are 01 to 12, seasons 21 to 24")
    if match[3] and month in SEASONS:
        refuse(text, f"gives a day in a season; {match[2]} is {SEASONS[month]}")
    if match[3]:
        days = EdtfDate(year, month).bounds()[1].day
        if not 1 <= day <= days:
            refuse(text, f"has no such day as {match[3]}; {MONTHS[month - 1]} {year} has {days} days")
    return EdtfDate(year, month, day, match[4])


def refuse_end_around_start(text: str) -> None:
    """Refuse an end such as the 2018 of '2018-06/2018': it may lie before the start, and reads as if it did."""
    start, end = read_sides(text)[0], read_sides(text)[-1]
    if start and end and not start.mark and not end.mark and end.bounds()[0] < start.bounds()[0]:
        last = end.bounds()[1]
        exact = f"{text.partition('/')[0]}/{last}" if start.day else f"{text.partition('/')[0]}/{last:%Y-%m}"
        refuse(text, f"may end before it starts; if it ends with {end.name}, write {exact}")


def start_of_range(start: EdtfDate, end: EdtfDate) -> str:
    """The start of a range without the words that its end repeats: '21' before 'and 31 December 2018'."""
    # Only dates of one shape share words: 'between 5 and May 2018' would be misread.
    if start.mark or end.mark or start.precision != end.precision:
        return start.label
    words, ending = start.words, end.words
    while words[-1] == ending[-1]:
        words, ending = words[:-1], ending[:-1]
    return " ".join(words)


def refuse(text: str, why: str) -> NoReturn:
    """Raise EdtfError, naming the text, what is wrong with it, the likely meaning and the accepted forms."""
    shown = text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "..."
    raise EdtfError(f"{shown!r} {why}.{suggestion(text)} {ACCEPTED}")


def suggestion(text: str) -> str:
    """What the text was probably meant to be: 2019-01-05 for 2019-1-5, or a day of another calendar.

    A form with the year last could mean two days, and gets none.
    """
    if len(text) > MAX_LENGTH:
        return ""
    try:
        readings = [reading] if (reading := named(text)) else likely(text)
    except CalendarError as error:
        return f" There is no such day: {error}."
    if readings:
        return "".join(f" {working(reading)}" for reading in readings)
    match = UNPADDED.fullmatch(text.strip())
    if not match:
        return ""
    meant = "-".join(part.zfill(2) for part in match.groups()[:3] if part) + match[4]
    try:
        return f" Did you mean {UncertainDate(meant)}?" if meant != text.strip() else ""
    except EdtfError:
        return ""


def working(reading: Reading) -> str:
    """Show how a date of another calendar is converted, and what to write for it."""
    warning = f" {reading.warning}" if reading.warning else ""
    try:
        label = UncertainDate(reading.edtf).label
    except EdtfError:  # a day outside the years recorded here
        return ""
    return f"{reading.words} = {label}: if that is meant, write {reading.edtf}.{warning}"
