"""Dates of other calendars: each day is the one that ICU gives, and none is converted unseen."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from records.fields.calendars import AGREED_UNTIL, CALENDARS, Reading, named
from records.fields.edtf import EdtfError, UncertainDate
from records.fields.uncertain_date import UncertainDateFormField

ICU = Path(__file__).parent / "files" / "icu_calendars.csv"

# Days of public events and of published calendars, written down before the code was run.
DAYS = [
    ("SH 1397-02-11", "2018-05-01"),
    ("SH 1403-12-30", "2025-03-20"),  # a leap year: 30 Esfand, the day before Nowruz
    ("SH 1404-01-01", "2025-03-21"),
    ("SH ۱۳۹۷/۰۸/۰۹", "2018-10-31"),
    ("UQ 1442-09-30", "2021-05-12"),  # the feast was on 13 May 2021
    ("AH 1442-09-30", "2021-05-11/2021-05-13"),
    ("BS 2078-06-15", "2021-10-01"),
    ("2078-06-15 BS", "2021-10-01"),
    ("BS 2072-01-12", "2015-04-25"),  # the Gorkha earthquake
    ("BS 2063-01-11", "2006-04-24"),  # Democracy Day
    ("BS 2058-02-19", "2001-06-01"),  # the killings at the palace
    ("BS 2072-06-03", "2015-09-20"),  # the constitution
    ("BS 2078-06", "2021-09-17/2021-10-17"),
    ("EC 2013-04-05", "2020-12-14"),
    ("EC 2012-01-01", "2019-09-12"),  # a day later after the leap year 2011
    ("EC 2011-13-06", "2019-09-11"),
    ("BE 2561-05-01", "2018-05-01"),
    ("BE 2480-02-01", "1938-02-01"),  # the year began in April then
    ("BE 2483", "1940-04-01/1940-12-31"),  # the year of nine months
    ("BE 2561", "2018"),
    ("ROC 107-05-01", "2018-05-01"),
    ("ROC 110-11", "2021-11"),
]

REFUSALS = [
    ("1397-02-11", "11 Ordibehesht 1397 (Solar Hijri) = 1 May 2018: if that is meant, write 2018-05-01."),
    ("1446-09-01", "write 2025-02-28/2025-03-02."),  # 1 Ramadan 1446 was 1 March 2025
    ("2561-05-01", "1 May 2561 (Buddhist era) = 1 May 2018: if that is meant, write 2018-05-01."),
    ("110-11-22", "22 November 110 (Minguo) = 22 November 2021: if that is meant, write 2021-11-22."),
    ("0110-11-22", "if that is meant, write 2021-11-22."),
    ("EC 2013-13-06", "Pagume 2013 (Ethiopian) has 5 days"),
    ("SH 1404-12-30", "Esfand 1404 (Solar Hijri) has 29 days"),
    ("BS 2081-13-01", "Bikram Sambat has 12 months"),
    ("BE 2483-02-01", "the Buddhist year 2483 began in April and ended in December"),
    ("BS 1950-01-01", "Bikram Sambat is read from 2000 to 2099"),
]


def read(text: str) -> Reading:
    reading = named(text)
    assert reading is not None
    return reading


def icu_years():
    with ICU.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lengths = [int(length) for length in row["days_of_months"].split()]
            yield row["calendar"], int(row["year"]), date.fromisoformat(row["first_day"]), lengths


@pytest.mark.parametrize("code", ["SH", "AH", "EC", "BE", "ROC"])
def test_each_day_is_the_one_that_icu_gives(code):
    calendar, compared = "UQ" if code == "AH" else code, 0
    for _, year, day, lengths in (row for row in icu_years() if row[0] == code):
        for month, length in enumerate(lengths, start=1):
            for number in range(1, length + 1):
                reading = read(f"{calendar} {year}-{month}-{number}")
                assert (reading.first, reading.last) == (day, day), reading.words
                day += timedelta(days=1)
                compared += 1
            with pytest.raises(ValueError, match=f"has {length} days"):
                read(f"{calendar} {year}-{month}-{length + 1}")
    assert compared == {"SH": 43_464, "AH": 10_985, "EC": 51_500, "BE": 42_369, "ROC": 65_745}[code]


def test_each_day_of_bikram_sambat_follows_on_the_one_before():
    day = date(1943, 4, 14)  # 1 Baisakh 2000
    for year in range(2000, AGREED_UNTIL + 1):
        for month in range(1, 13):
            for number in range(1, 33):
                try:
                    reading = read(f"BS {year}-{month}-{number}")
                except ValueError:
                    break
                spare = timedelta(days=1 if (year, month) in {(2062, 1), (2062, 2)} else 0)
                assert (reading.first + spare, reading.last - spare) == (day, day)
                day += timedelta(days=1)
    assert day == date(2027, 4, 14)  # 1 Baisakh 2084


@pytest.mark.parametrize(("text", "edtf"), DAYS)
def test_a_day_of_another_calendar_is_shown_and_not_stored(text, edtf):
    assert read(text).edtf == edtf
    with pytest.raises(EdtfError) as refused:
        UncertainDate.parse(text)
    assert f"= {UncertainDate.parse(edtf).label}: if that is meant, write {edtf}." in str(refused.value)


@pytest.mark.parametrize(("text", "said"), REFUSALS)
def test_a_year_of_another_calendar_is_refused_with_the_likely_day(text, said):
    with pytest.raises(EdtfError) as refused:
        UncertainDate.parse(text)
    assert said in str(refused.value)


def test_a_year_without_an_official_table_carries_a_warning():
    assert "No official table" in read("BS 2084-01-01").warning
    assert read("BS 2083-01-01").warning == ""


def test_the_years_and_months_of_a_calendar_hold_together():
    for code, calendar in CALENDARS.items():
        for year in (calendar.years[0], calendar.years[-1]):
            reading = read(f"{code} {year}")
            assert 200 < (reading.last - reading.first).days < 390


def test_the_box_of_a_form_shows_the_working():
    with pytest.raises(Exception, match=r"15 Ashwin 2078 \(Bikram Sambat\) = 1 October 2021"):
        UncertainDateFormField().clean("BS 2078-06-15")


def test_an_interval_that_was_stored_before_such_were_refused_can_still_be_read():
    stored = UncertainDate.stored("2018-06/2018")
    assert stored is not None and stored.latest == date(2018, 12, 31)
