"""The clocks of the commission: cases worked out by hand in clock_cases.yaml, and what holds for every start."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cases.commission.clocks import DateSpan, add_months, due_span, dues, runs_out
from cases.duties.recurrence import next_occurrence, occurrence_on_or_after
from cases.vocabulary import Rhythm
from records.fields.edtf import UncertainDate

CASES = yaml.load(Path(__file__).with_name("clock_cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
FIRST = {
    "kind": "deletion",
    "runs_from": "admissible",
    "basis": "CCF Statute, Art. 40",
    "valid_to": None,
    "unit": "months",
}
START = {"valid_from": date(2017, 3, 11)}
RULES = [
    SimpleNamespace(**FIRST | START | {"kind": "access", "length": 4}),
    SimpleNamespace(**FIRST | START | {"kind": "correction", "length": 9}),
    SimpleNamespace(**FIRST | START | {"length": 9}),
    SimpleNamespace(
        **START | {"kind": "revision", "runs_from": "new_fact", "length": 6, "unit": "months", "valid_to": None},
        basis="CCF Statute, Art. 42",
    ),
]


def rule(length: Any, valid_from: str, valid_to: str = "", unit: str = "months") -> SimpleNamespace:
    days = {
        "valid_from": date.fromisoformat(valid_from),
        "valid_to": date.fromisoformat(valid_to) if valid_to else None,
    }
    return SimpleNamespace(**FIRST | {"length": int(length), "unit": unit} | days)


def step(state: str, occurred: str = "", until: str = "") -> SimpleNamespace:
    when, to = UncertainDate.parse_or_none(occurred), UncertainDate.parse_or_none(until)
    return SimpleNamespace(state=state, occurred=when, until=to)


def span(text: str) -> DateSpan:
    """Read what the table says: a day, two days with .. for an open side, or nothing."""
    sides = [None if side in ("", "..") else date.fromisoformat(side) for side in text.split("/")]
    return DateSpan(sides[0], sides[-1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_clock_runs_out_when_the_hand_says(case: dict[str, Any]) -> None:
    rules = [rule(**each) for each in case["rules"]] if "rules" in case else RULES
    request = SimpleNamespace(kind=case["kind"], new_fact=UncertainDate.parse_or_none(case.get("new_fact")))
    clocks = dues(request, [step(*each) for each in case["steps"]], rules)
    assert len(clocks) == int(case.get("clocks", 1))
    for due in clocks:
        assert due.span == span(case["due"])
        assert (due.extended_from or DateSpan()) == span(case.get("before", ""))
        assert (due.met is not None) == ("took" in case)
        if "took" in case:
            assert list(due.took) == [None if days == "null" else int(days) for days in case["took"]]
            assert due.in_time == {"yes": True, "no": False, "unknown": None}[case["in_time"]]
        assert due.working == case.get("working", due.working)
        assert due.working


def test_a_clock_names_the_rows_that_it_rests_on() -> None:
    steps = [step("filed", "2026-01-10"), step("admissible", "2026-02-10"), step("extended", "2026-10", "2027-02-10")]
    (due,) = dues(SimpleNamespace(kind="deletion", new_fact=None), steps, RULES)
    assert due.rests_on == (steps[1], steps[2])
    revision = SimpleNamespace(kind="revision", new_fact=UncertainDate.parse("2025-08-31"))
    (due,) = dues(revision, [], RULES)
    assert due.rests_on == (revision,)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (DateSpan(date(2026, 11, 10), date(2026, 11, 10)), "Tuesday 10 November 2026"),
        (
            DateSpan(date(2026, 11, 1), date(2026, 11, 28)),
            "between Sunday 1 November 2026 and Saturday 28 November 2026",
        ),
        (DateSpan(date(2026, 11, 1), None), "Sunday 1 November 2026 or later"),
        (DateSpan(None, date(2026, 11, 1)), "by Sunday 1 November 2026"),
        (DateSpan(), "not known"),
    ],
)
def test_days_are_told_in_words(given: DateSpan, label: str) -> None:
    assert given.label == label


DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
MONTHS = st.integers(0, 120)


@given(DAYS, MONTHS)
def test_so_many_months_later_is_so_many_months_later(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, MONTHS)
def test_adding_months_keeps_the_order_of_days(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@st.composite
def rule_books(draw: Any) -> list[Any]:
    """Draw rules that follow on one another, some with days between them that none covers."""
    day, book = draw(st.dates(date(2000, 1, 1), date(2030, 1, 1))), []
    for _ in range(draw(st.integers(1, 4))):
        last = day + timedelta(days=draw(st.integers(0, 900)))
        unit = draw(st.sampled_from(["months", "weeks", "days"]))
        book.append(rule(draw(st.integers(1, 24)), day.isoformat(), last.isoformat(), unit))
        day = last + timedelta(days=draw(st.integers(1, 200)))
    if draw(st.booleans()):
        book[-1].valid_to = None
    return book


@given(rule_books(), st.lists(st.dates(date(1999, 1, 1), date(2040, 1, 1)), min_size=4, max_size=4), st.booleans())
def test_a_vaguer_start_never_gives_a_narrower_answer(book: list[Any], days: list[date], is_open: bool) -> None:
    first, second, third, fourth = sorted(days)
    ends = UncertainDate.parse
    narrow = ends(f"{second}/{third}" if second != third else str(second))
    wide = ends(f"../{fourth}" if is_open else f"{first}/{fourth}" if first != fourth else str(first))

    def of(start: UncertainDate) -> DateSpan:
        return due_span(start, [each for each in book if start.possibly_overlaps(each.valid_from, each.valid_to)])

    inner, outer = of(narrow), of(wide)
    if inner:  # where no rule covers the narrow start, there is no answer to compare
        assert outer.earliest is None or (inner.earliest is not None and outer.earliest <= inner.earliest)
        assert outer.latest is None or (inner.latest is not None and outer.latest >= inner.latest)


@given(rule_books(), st.dates(date(1999, 1, 1), date(2040, 1, 1)), st.integers(0, 800), st.data())
def test_every_day_on_which_it_may_have_started_gives_a_day_inside(
    book: list[Any], first: date, width: int, data: Any
) -> None:
    last = first + timedelta(days=width)
    start = UncertainDate.parse(f"{first}/{last}" if width else str(first))
    whole = due_span(start, [each for each in book if start.possibly_overlaps(each.valid_from, each.valid_to)])
    day = first + timedelta(days=data.draw(st.integers(0, width)))
    for each in book:
        if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to):
            due = runs_out(day, each)
            assert whole.earliest is None or whole.earliest <= due
            assert whole.latest is None or due <= whole.latest


@pytest.mark.parametrize(
    ("first", "rhythm", "today", "comes"),
    [
        ("2019-01-25", "weekly", "2019-01-20", "2019-01-25"),
        ("2019-01-25", "weekly", "2019-01-25", "2019-01-25"),
        ("2019-01-25", "weekly", "2019-01-26", "2019-02-01"),
        ("2019-01-25", "weekly", "2026-11-22", "2026-11-27"),
        ("2019-01-25", "fortnightly", "2019-01-26", "2019-02-08"),
        ("2019-01-25", "daily", "2019-03-01", "2019-03-01"),
        ("2026-01-31", "monthly", "2026-02-01", "2026-02-28"),
        ("2026-01-31", "monthly", "2026-03-01", "2026-03-31"),
        ("2026-01-31", "monthly", "2026-04-30", "2026-04-30"),
        ("2028-01-31", "monthly", "2028-02-29", "2028-02-29"),
        ("2026-01-31", "monthly", "2026-12-31", "2026-12-31"),
        ("2026-01-15", "monthly", "2026-12-16", "2027-01-15"),
        # A vague first day.
        ("2019-01-25/2019-01-26", "weekly", "2026-11-22", "2026-11-27/2026-11-28"),
        ("2019-01-25/2019-02-05", "weekly", "2026-11-22", "2026-11-22/2026-11-28"),
        ("2019-01", "monthly", "2026-02-10", "2026-02-10/2026-03-09"),
        ("2019-01", "daily", "2026-02-10", "2026-02-10"),
        ("2019-01-25/..", "weekly", "2018-01-01", "2019-01-25/.."),
        ("2019-01-25/..", "weekly", "2026-11-22", "2026-11-22/.."),
        ("../2019-01-25", "weekly", "2026-11-22", "2026-11-22/2026-11-28"),
        ("2027-01", "weekly", "2026-11-22", "2027-01-01/2027-01-31"),
    ],
)
def test_what_comes_round_comes_round_next(first: str, rhythm: str, today: str, comes: str) -> None:
    assert next_occurrence(UncertainDate.parse(first), Rhythm(rhythm), date.fromisoformat(today)) == span(comes)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 3000), st.sampled_from(Rhythm))
def test_the_next_time_is_one_of_the_times_and_none_is_left_out(first: date, days: int, rhythm: Rhythm) -> None:
    today, times = first + timedelta(days=days), [first]
    while times[-1] < today:
        number = len(times)
        step_days = {"daily": 1, "weekly": 7, "fortnightly": 14}.get(rhythm.value)
        times.append(first + timedelta(days=step_days * number) if step_days else add_months(first, number))
    assert occurrence_on_or_after(first, rhythm, today) == times[-1]
