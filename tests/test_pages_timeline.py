"""A timeline draws an exact day as a point and a vague date as a span that covers all of its days."""

from __future__ import annotations

from cases.timeline import MOST_TICKS, Mark, Timeline
from records.fields.edtf import UncertainDate

DATES = ("2018-10-31", "2018-11", "2018-12~", "2018-11/2019-01", "2019-01-25/..", "../2018-11-05")


def parsed(*texts: str) -> list[UncertainDate]:
    return [UncertainDate.parse(text) for text in texts]


def number(per_cent: str) -> float:
    return float(per_cent.removesuffix("%"))


def marked(text: str, *others: str) -> Mark:
    mark = Timeline(parsed(text, *others)).mark(UncertainDate.parse(text))
    assert mark
    return mark


def test_a_known_day_is_a_point() -> None:
    assert marked("2018-10-31", "2019-02-05").width == ""


def test_a_vague_date_is_a_span_and_never_a_point() -> None:
    for text in DATES[1:]:
        assert number(marked(text, *DATES).width) > 1, text


def test_a_span_reaches_from_its_first_to_its_last_possible_day() -> None:
    axis = Timeline(parsed(*DATES))
    month = axis.mark(UncertainDate.parse("2018-11"))
    first, last = axis.mark(UncertainDate.parse("2018-11-01")), axis.mark(UncertainDate.parse("2018-11-30"))
    assert month and first and last
    assert (month.x, month.end) == (first.x, last.x)


def test_an_open_side_runs_to_the_edge_and_says_so() -> None:
    later, earlier = marked("2019-01-25/..", *DATES), marked("../2018-11-05", *DATES)
    assert later.opens_right and not later.opens_left and later.end == "100.00%"
    assert earlier.opens_left and not earlier.opens_right and earlier.x == "0.00%"


def test_an_unknown_date_is_not_drawn() -> None:
    assert Timeline([None, *parsed("2018")]).mark(None) is None


def test_everything_lies_on_the_axis() -> None:
    for texts in (DATES, ("2018-10-31",), ("1998/2018",), ("2018", "1850", "2190")):
        axis = Timeline(parsed(*texts))
        for mark in map(axis.mark, parsed(*texts)):
            assert mark and 0 <= number(mark.x) <= 100
            assert not mark.end or number(mark.x) <= number(mark.end) <= 100


def test_the_axis_has_few_marks_in_order() -> None:
    for texts in (DATES, ("2018-10-31",), ("1998/2018",), ("1800", "2199")):
        ticks = Timeline(parsed(*texts)).ticks
        places = [number(tick.x) for tick in ticks]
        assert len(ticks) <= MOST_TICKS and places == sorted(places)


def test_a_month_tells_its_year_where_the_year_begins() -> None:
    labels = [tick.label for tick in Timeline(parsed("2018-10-31", "2019-02-05")).ticks]
    assert labels == ["Nov 2018", "Dec", "Jan 2019", "Feb"]
