"""The calendar of deadlines shows the same days in every program that reads it; the days are worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from cases.duties.calendar import calendar
from cases.duties.deadlines import deadlines
from tests.calendar_readers import Days, read_with_dateutil, read_with_ical, read_with_ical_js, read_with_libical
from tests.factories import make_ccf_event, make_ccf_request, make_clock_rule, make_duty
from tests.feeds import case_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def expected() -> Days:
    """Deadlines of every kind, and the days on which each falls, up to the end of April 2027."""
    make_clock_rule(length=45, unit="days")
    make_clock_rule("vague", "access", length=4)
    part, exact, vague = case_of(), make_ccf_request(), make_ccf_request(kind="access")
    make_ccf_event(exact, "admissible", "2027-01-26")
    make_ccf_event(vague, "admissible", "2026-10-28/2026-10-31")
    days = {exact.ref: ["2027-03-12"], vague.ref: ["2027-02-28"]}
    rhythms = [
        ("", "2026-12-01", "", ["2026-12-01"]),
        ("", "2027-01-30/2027-02-02", "", ["2027-01-30", "2027-01-31", "2027-02-01", "2027-02-02"]),
        ("daily", "2026-11-20", "2026-11-24", ["2026-11-22", "2026-11-23", "2026-11-24"]),
        ("weekly", "2026-11-20", "2026-12-11", ["2026-11-27", "2026-12-04", "2026-12-11"]),
        ("fortnightly", "2026-11-20", "2027-01-14", ["2026-12-04", "2026-12-18", "2027-01-01"]),
        ("monthly", "2026-10-15", "2027-02-15", ["2026-12-15", "2027-01-15", "2027-02-15"]),
        ("monthly", "2026-10-29", "", month_ends("28", "29", "29")),
        ("monthly", "2026-10-30", "", month_ends("28", "30", "30")),
        ("monthly", "2026-10-31", "", month_ends("28", "31", "30")),
    ]
    for rhythm, due, ended, falls in rhythms:
        days[make_duty(part, "reporting", due, rhythm=rhythm, ended=ended).ref] = falls
    return days


def month_ends(february: str, long: str, short: str) -> list[str]:
    """Return the last days of November 2026 to April 2027 that are meant."""
    ends = {"2026-11": short, "2026-12": long, "2027-01": long, "2027-02": february, "2027-03": long, "2027-04": short}
    return [f"{month}-{day}" for month, day in ends.items()]


def feed() -> str:
    return calendar(
        deadlines(AnonymousUser(), TODAY), TODAY, lambda path: f"https://waymark.example.org{path}"
    ).decode()


def test_libraries_of_python_read_the_same_days(expected: Days) -> None:
    assert read_with_dateutil(feed()) == expected
    assert read_with_ical(feed()) == expected


@pytest.mark.program("node", "npm")
def test_ical_js_reads_the_same_days(expected: Days, tmp_path: Path) -> None:
    assert read_with_ical_js(feed(), tmp_path) == expected


@pytest.mark.program("libical")
def test_libical_reads_the_same_days(expected: Days) -> None:
    assert read_with_libical(feed()) == expected
