"""What is asked about a date before it is stored: which of several days is meant.

Years of Nepal and Ethiopia look like ours, so 2078-06-15 of a Nepali paper would be stored as a year to come, and a day
of an Ethiopian one eight years early. Nothing is converted here: each question tells what else may be meant.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from records.fields.calendars import CalendarError, Reading, in_full, likely, named, read_in, taken_apart
from records.fields.edtf import EdtfDate, EdtfError, UncertainDate, read_sides
from records.vocabulary import DateDoubt

CRESCENT = ("AH", "UQ")
#: How far ahead no hearing is set, and no permission runs.
FAR = timedelta(days=30 * 366)
SAUDI = "an official Saudi paper says so"


@dataclass(frozen=True)
class Meant:
    """One date that may be meant, and the words by which it can be chosen."""

    edtf: str
    words: str


@dataclass(frozen=True)
class DateQuestion:
    """A date that was given for a column of a row, why it is in doubt, and what it may mean: first what it says."""

    row: Any
    field: str
    value: UncertainDate
    doubt: DateDoubt
    instead: tuple[Meant, ...] = ()

    @property
    def meant(self) -> tuple[Meant, ...]:
        return Meant(self.value.text, f"{self.value.label}, as it stands"), *self.instead


def latest_today() -> date:
    """Return the latest day that it may be anywhere: a day is over last twelve hours behind UTC, and begins first
    fourteen hours ahead of it.
    """
    return timezone.now().date() + timedelta(days=1)


def simple(value: UncertainDate) -> EdtfDate | None:
    """Return the day, month or year that a date names, None of a range, a season or one that is only about then."""
    side, *more = read_sides(value.text)
    return side if side and not more and not side.mark and side.month <= 12 else None


def lies_ahead(row: Any, field: Any) -> DateQuestion | None:
    """Ask about what is said to have happened after today, and about what is to come in more than thirty years.

    A year of Nepal is 56 or 57 years ahead of ours. `field` is the column, an UncertainDateField.
    """
    value, today = getattr(row, field.name), latest_today()
    latest = today if field.happened else today + FAR
    if not value or not any(side.widened()[0] > latest for side in read_sides(value.text) if side):
        return None
    reading = read_as("BS", value)
    instead = (meant(reading),) if reading and (not field.happened or reading.first <= today) else ()
    return DateQuestion(
        row, field.name, value, DateDoubt.AFTER_TODAY if field.happened else DateDoubt.FAR_AHEAD, instead
    )


def first_of_january(row: Any, field: str, value: UncertainDate | None) -> DateQuestion | None:
    """Ask of a birth on 1 January whether only the year is known."""
    born = simple(value) if value else None
    if not value or not born or (born.month, born.day) != (1, 1):
        return None
    instead = Meant(str(born.year), f"{born.year}, only the year")
    return DateQuestion(row, field, value, DateDoubt.FIRST_OF_JANUARY, (instead,))


def years_before(row: Any, field: str, value: UncertainDate, source: UncertainDate | None) -> DateQuestion | None:
    """Ask of a day that lies seven or eight years before the source that tells of it."""
    if not source or not source.earliest or not source.latest or not value.earliest or not value.latest:
        return None
    if source.latest < years_later(value.earliest, 7) or source.earliest >= years_later(value.latest, 9):
        return None
    reading = read_as("EC", value)
    instead = (meant(reading),) if reading else ()
    return DateQuestion(row, field, value, DateDoubt.YEARS_BEFORE_SOURCE, instead)


def years_later(day: date, years: int) -> date:
    """Return the same day so many years later; of 29 February 1 March, where that year has no such day."""
    with suppress(ValueError):
        return day.replace(year=day.year + years)
    return date(day.year + years, 3, 1)


def read_as(code: str, value: UncertainDate) -> Reading | None:
    """Return what the figures of a date mean in another calendar, None where it has no such day."""
    side = simple(value)
    if side is None:
        return None
    digits = [str(side.year), *(str(each) for each in (side.month, side.day) if each)]
    with suppress(CalendarError):
        return read_in(code, (*digits, None, None)[:3])
    return None


def meant(reading: Reading, note: str = "") -> Meant:
    """Return a date of another calendar as one that may be meant, with the working."""
    is_day = reading.first == reading.last
    label = in_full(reading.first) if is_day else UncertainDate(reading.edtf).label
    parts = [f"{reading.words} is {label}", f"because {reading.because}" if reading.because else "", note]
    return Meant(reading.edtf, "; ".join(filter(None, parts)) + f". {reading.warning}".rstrip())


def meant_by(text: str) -> list[Meant]:
    """Return what a text that is refused as a date may mean: days of another calendar, or one of ours beside it."""
    code, plain = taken_apart(text)
    found: list[Meant] = []
    with suppress(CalendarError, EdtfError):
        for reading in [own] if (own := named(text)) else likely(text):
            found += of_the_crescent(plain) if reading.code in CRESCENT else [meant(reading)]
    if code:
        with suppress(EdtfError):
            ours = UncertainDate.parse(plain)
            found.append(Meant(ours.text, f"{ours.label} of the Gregorian calendar"))
    return found


def of_the_crescent(plain: str) -> list[Meant]:
    """Return what a Hijri date may mean: a day either side, unless an official Saudi paper has it."""
    either, saudi = named(f"AH {plain}"), named(f"UQ {plain}")
    return [meant(either), meant(saudi, SAUDI)] if either and saudi else []
