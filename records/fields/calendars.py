"""Calendars of the countries that hold people: which Gregorian days a day, month or year of one may be.

A date is written with the letters of its calendar before or behind it, in digits of any script:

    SH 1397-02-11       Solar Hijri (Iran, Afghanistan)
    AH 1442-09-30       Hijri: the crescent decides, so a day either side
    UQ 1442-09-30       Hijri as an official paper of Saudi Arabia counts it (Umm al-Qura): that day
    BS 2078-06-15       Bikram Sambat (Nepal)
    EC 2013-04-05       Ethiopian (Ethiopia, Eritrea); month 13 is Pagume
    BE 2561-05-01       Buddhist era (Thailand)
    ROC 107-05-01       Minguo (Taiwan)

A month or year alone is an interval of days, never one that the paper does not name. What each calendar rests on
stands in docs/decisions.md. tests/test_calendars.py compares every day with a table made by ICU.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DAY = timedelta(days=1)
#: The last year of Bikram Sambat for which the tables agree: the one that ran when they were compared.
AGREED_UNTIL = 2083
#: The months of Bikram Sambat before it whose border the tables put a day apart.
DISPUTED = {(2062, 0), (2062, 1), (2062, 2)}
FORM = re.compile(
    r"(?:([A-Za-z]{2,3})\s*)?(\d{1,4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?(?:\s*([A-Za-z]{2,3}))?",
)


class CalendarError(ValueError):
    """The calendar has no such year, month or day; the message says which it has."""


@dataclass(frozen=True)
class Calendar:
    """The names of its months, the years it is read for, and the first day of each month.

    `starts(year, month)` takes the month after the last too. `doubt(year, month)` says by how many days a date may be
    off, and why; month 0 is the whole year.
    """

    name: str
    months: tuple[str, ...]
    years: range
    starts: Callable[[int, int], date]
    doubt: Callable[[int, int], tuple[int, str]] = lambda year, month: (0, "")


@dataclass(frozen=True)
class Reading:
    """A date of another calendar in words, and the first and the last Gregorian day that it may mean.

    `because` is the step of the sum that can be looked up: the day on which its month began, or its year with us.
    """

    code: str
    words: str
    first: date
    last: date
    warning: str
    because: str

    @property
    def edtf(self) -> str:
        """The Gregorian text: a day, a whole month or year where the days are just that, else an interval."""
        first, after = self.first, self.last + DAY
        months = (after.year - first.year) * 12 + after.month - first.month
        if first == self.last:
            return f"{first}"
        if (first.day, after.day, months) == (1, 1, 1):
            return f"{first:%Y-%m}"
        if (first.month, first.day, after.day, months) == (1, 1, 1, 12):
            return f"{first:%Y}"
        return f"{first}/{self.last}"


def read_table() -> dict[tuple[str, int], list[date]]:
    """Return the first day of each month of the years that the table has, and of the month after them."""
    found = {}
    with (Path(__file__).parent / "month_lengths.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            firsts = [date.fromisoformat(row["first_day"])]
            for length in row["days_of_months"].split():
                firsts.append(firsts[-1] + DAY * int(length))
            found[row["calendar"], int(row["year"])] = firsts
    return found


TABLE = read_table()


def hijri(year: int, month: int) -> date:
    return TABLE["AH", year][month - 1]


def bikram_sambat(year: int, month: int) -> date:
    return TABLE["BS", year][month - 1]


def solar_hijri(year: int, month: int) -> date:
    """Count eight leap years in each 33."""
    year, month = (year + 1, 1) if month == 13 else (year, month)
    months = 30 * (month - 1) + min(month - 1, 6)
    return date.fromordinal(226_895 + 365 * (year - 1) + (8 * year + 21) // 33 + months)


def ethiopian(year: int, month: int) -> date:
    """Count twelve months of 30 days, and a 13th of six where the year divided by four leaves three, else of five."""
    year, month = (year + 1, 1) if month == 14 else (year, month)
    return date.fromordinal(2431 + 365 * year + year // 4 + 30 * (month - 1))


def buddhist(year: int, month: int) -> date:
    """Count years from 1 April until 2483, which had nine months, and from 1 January since."""
    year, month = (year + 1, 1) if month == 13 else (year, month)
    return date(year - 543 + (year <= 2483 and month <= 3), month, 1)


def minguo(year: int, month: int) -> date:
    year, month = (year + 1, 1) if month == 13 else (year, month)
    return date(year + 1911, month, 1)


def by_the_crescent(year: int, month: int) -> tuple[int, str]:
    return 1, "A month begins when the crescent is seen, so it may be a day earlier or later."


def not_official(year: int, month: int) -> tuple[int, str]:
    if year > AGREED_UNTIL:
        return 2, f"No official table is known of years after {AGREED_UNTIL}: look again when the year has begun."
    return (1, "Published tables differ by a day here.") if (year, month) in DISPUTED else (0, "")


# One name for each month, of the several that a language may have.
HIJRI = (
    "Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II",
    "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qada", "Dhu al-Hijja",
)  # fmt: skip
GREGORIAN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CALENDARS = {
    "SH": Calendar("Solar Hijri", (
        "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
        "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
    ), range(1200, 1500), solar_hijri),
    "AH": Calendar("Hijri", HIJRI, range(1343, 1501), hijri, by_the_crescent),
    "UQ": Calendar("Hijri, Umm al-Qura", HIJRI, range(1343, 1501), hijri),
    "BS": Calendar("Bikram Sambat", (
        "Baisakh", "Jestha", "Ashadh", "Shrawan", "Bhadra", "Ashwin",
        "Kartik", "Mangsir", "Poush", "Magh", "Falgun", "Chaitra",
    ), range(2000, 2100), bikram_sambat, not_official),
    "EC": Calendar("Ethiopian", (
        "Meskerem", "Tikimt", "Hidar", "Tahsas", "Tir", "Yekatit", "Megabit",
        "Miyazya", "Ginbot", "Sene", "Hamle", "Nehase", "Pagume",
    ), range(1800, 2150), ethiopian),
    "BE": Calendar("Buddhist era", GREGORIAN, range(2400, 2601), buddhist),
    "ROC": Calendar("Minguo", GREGORIAN, range(1, 200), minguo),
}  # fmt: skip

#: What a year is likely of. Solar Hijri 1420 begins in 2041: nobody writes of it yet.
LIKELY = (
    (range(1290, 1420), ("SH", "AH")),
    (range(1420, 1500), ("AH",)),
    (range(2400, 2601), ("BE",)),
    (range(1, 200), ("ROC",)),
)

#: Which calendar the papers of a country carry, by its code, and those in a language, by its tag.
BY_COUNTRY = {"NP": "BS", "IR": "SH", "AF": "SH", "ET": "EC", "ER": "EC", "TH": "BE", "TW": "ROC", "SA": "UQ"}
BY_LANGUAGE = {
    "ne": "BS", "fa": "SH", "prs": "SH", "ps": "SH", "am": "EC", "ti": "EC", "om": "EC",
    "th": "BE", "zh-Hant": "ROC", "zh-TW": "ROC",
}  # fmt: skip


def calendar_of_language(tag: str) -> str:
    """Return the letters of the calendar that papers in a language carry, by the longest part of its tag; else ""."""
    while tag and tag not in BY_LANGUAGE:
        tag = tag.rpartition("-")[0]
    return BY_LANGUAGE.get(tag, "")


def named(text: str) -> Reading | None:
    """Return what a text means that names its calendar, None where it names none. Raises CalendarError."""
    match = FORM.fullmatch(text.strip())
    code = (match[1] or match[5] or "").upper() if match else ""
    if not match or code not in CALENDARS or (match[1] and match[5]):
        return None
    return read_in(code, match.group(2, 3, 4))


def taken_apart(text: str) -> tuple[str, str]:
    """Return the letters of the calendar that a text begins or ends with, "" without any, and the rest of it."""
    first, _, rest = text.strip().partition(" ")
    rest, first = (rest, first) if first.upper() in CALENDARS else text.strip().rpartition(" ")[::2]
    return (first.upper(), rest.strip()) if first.upper() in CALENDARS and rest else ("", text)


def likely(text: str) -> list[Reading]:
    """Return what a date may mean whose year is none of this calendar, the likeliest first."""
    match = FORM.fullmatch(text.strip())
    if not match or match[1] or match[5]:
        return []
    year, found = int(match[2]), []
    codes = next((codes for years, codes in LIKELY if year in years), ())
    for code in codes:
        with suppress(CalendarError):
            found.append(read_in(code, match.group(2, 3, 4)))
    return found


def read_in(code: str, digits: tuple[str | None, ...]) -> Reading:
    """Return what year, month and day mean in a calendar; month and day may be None. Raises CalendarError."""
    calendar = CALENDARS[code]
    year, month, day = (int(each or 0) for each in digits)
    if year not in calendar.years:
        raise CalendarError(f"{calendar.name} is read from {calendar.years[0]} to {calendar.years[-1]}")
    if digits[1] is not None and not 1 <= month <= len(calendar.months):
        raise CalendarError(f"{calendar.name} has {len(calendar.months)} months")
    if code == "BE" and year == 2483 and digits[1] is not None and month <= 3:
        raise CalendarError("the Buddhist year 2483 began in April and ended in December")
    first, last = days_of(code, year, month)
    words, because = [str(year)], ""
    if month:
        words.insert(0, calendar.months[month - 1])
    if digits[2] is not None:
        if not 1 <= day <= (last - first).days + 1:
            raise CalendarError(f"{' '.join(words)} ({calendar.name}) has {(last - first).days + 1} days")
        first = last = first + DAY * (day - 1)
        words.insert(0, str(day))
        because = because_of(code, year, month, day)
    spare, warning = calendar.doubt(year, month)
    full = f"{' '.join(words)} ({calendar.name})"
    return Reading(code, full, first - DAY * spare, last + DAY * spare, warning, because)


def because_of(code: str, year: int, month: int, day: int) -> str:
    """Return the step by which the sum for a day can be checked, "" for the first day of a year."""
    calendar = CALENDARS[code]
    if code in ("BE", "ROC"):
        return f"{calendar.months[month - 1]} {year} was in {calendar.starts(year, month).year}"
    if day > 1:
        return f"1 {calendar.months[month - 1]} {year} was {in_full(calendar.starts(year, month))}"
    return f"1 {calendar.months[0]} {year} was {in_full(calendar.starts(year, 1))}" if month > 1 else ""


def in_full(day: date) -> str:
    """Return a day as "Friday 1 October 2021": papers often name the day of the week, by which it can be checked."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {GREGORIAN[day.month - 1]} {day.year}"


def days_of(code: str, year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month, or of the whole year where the month is 0."""
    calendar = CALENDARS[code]
    if month:
        first = calendar.starts(year, month)
        # The Buddhist months before 2484 do not follow on each other in one year: March ends it, not December.
        after = (first + 31 * DAY).replace(day=1) if code == "BE" else calendar.starts(year, month + 1)
        return first, after - DAY
    if code == "BE" and year <= 2483:
        return date(year - 543, 4, 1), date(year - 543, 12, 31) if year == 2483 else date(year - 542, 3, 31)
    return calendar.starts(year, 1), calendar.starts(year, len(calendar.months) + 1) - DAY
