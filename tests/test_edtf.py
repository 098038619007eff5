"""What the text of a date means, what is refused, and that vagueness never turns into certainty."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.fields.edtf import EdtfError, Precision, UncertainDate

MEANINGS = [
    ("2018-10-31", date(2018, 10, 31), date(2018, 10, 31), Precision.DAY),
    ("2020-02", date(2020, 2, 1), date(2020, 2, 29), Precision.MONTH),
    ("2018-12", date(2018, 12, 1), date(2018, 12, 31), Precision.MONTH),
    ("2018", date(2018, 1, 1), date(2018, 12, 31), Precision.YEAR),
    ("2017-21", date(2017, 3, 1), date(2017, 5, 31), Precision.SEASON),
    ("2017-22", date(2017, 6, 1), date(2017, 8, 31), Precision.SEASON),
    ("2017-23", date(2017, 9, 1), date(2017, 11, 30), Precision.SEASON),
    ("2017-24", date(2017, 12, 1), date(2018, 2, 28), Precision.SEASON),
    ("2018-03-01~", date(2018, 2, 26), date(2018, 3, 4), Precision.APPROXIMATE),
    ("2018-12~", date(2018, 11, 1), date(2019, 1, 31), Precision.APPROXIMATE),
    ("2017-22?", date(2017, 3, 1), date(2017, 11, 30), Precision.APPROXIMATE),
    ("1998%", date(1997, 1, 1), date(1999, 12, 31), Precision.APPROXIMATE),
    ("2001/2006", date(2001, 1, 1), date(2006, 12, 31), Precision.RANGE),
    ("2018-12-21/2018-12-31", date(2018, 12, 21), date(2018, 12, 31), Precision.RANGE),
    ("2006~/2012-07", date(2005, 1, 1), date(2012, 7, 31), Precision.RANGE),
    ("2019-01-25/..", date(2019, 1, 25), None, Precision.OPEN),
    ("../2018-09", None, date(2018, 9, 30), Precision.OPEN),
    ("1800~", date(1799, 1, 1), date(1801, 12, 31), Precision.APPROXIMATE),
    ("2199-24~", date(2199, 9, 1), date(2200, 5, 31), Precision.APPROXIMATE),
]

REFUSALS = [
    ("", "is empty"),
    ("2019-02-30", "February 2019 has 28 days"),
    ("2018-04-00", "no such day as 00"),
    ("2018-13", "no such month as 13"),
    ("2018-00", "no such month as 00"),
    ("2018-22-01", "22 is summer"),
    ("2019-1-5", "Did you mean 2019-01-05?"),
    ("2019/1/5", "Did you mean 2019-01-05?"),
    ("2019.1~", "Did you mean 2019-01~?"),
    ("2019-2-30", "not a date in an accepted form"),
    ("31.10.2018", "not a date in an accepted form"),
    ("25 January 2019", "not a date in an accepted form"),
    ("2018-10-31T12:00", "not a date in an accepted form"),
    ("٢٠١٨", "not a date in an accepted form"),
    ("２０１８", "not a date in an accepted form"),
    ("2018~?", "not a date in an accepted form"),
    ("2018\n2019", "not a date in an accepted form"),
    ("2018\x00", "not a date in an accepted form"),
    ("-2018", "not a date in an accepted form"),
    ("2018/2019/2020", "not a date in an accepted form"),
    ("2018/", "not a date in an accepted form"),
    ("/2018", "not a date in an accepted form"),
    ("..", "not a date in an accepted form"),
    ("../..", "open at both ends"),
    ("2018/2018", "same date at both ends; write 2018"),
    ("2019/2018", "ends before it starts"),
    ("2018-05-20/2018-05-10", "ends before it starts"),
    ("2018-05-10~/2018-05-08", "ends before it starts"),
    ("2018-06/2018", "may end before it starts; if it ends with 2018, write 2018-06/2018-12."),
    ("2018-05-10/2018-05", "may end before it starts; if it ends with May 2018, write 2018-05-10/2018-05-31."),
    ("1799", "a year outside 1800 to 2199"),
    ("9999-12-31", "a year outside 1800 to 2199"),
    ("2018/2200", "a year outside 1800 to 2199"),
]

WORDINGS = [
    ("2018-10-31", "31 October 2018", "on 31 October 2018"),
    ("2018-10-01", "1 October 2018", "on 1 October 2018"),
    ("2021-07", "July 2021", "in July 2021"),
    ("2018", "2018", "in 2018"),
    ("2017-22", "summer 2017", "in summer 2017"),
    ("2017-24", "winter 2017-18", "in winter 2017-18"),
    ("1999-24", "winter 1999-00", "in winter 1999-00"),
    ("2017-11~", "about November 2017", "about November 2017"),
    ("2018-03-17?", "perhaps 17 March 2018", "perhaps 17 March 2018"),
    ("2018%", "perhaps about 2018", "perhaps about 2018"),
    ("2018-12-21/2018-12-31", "between 21 and 31 December 2018", None),
    ("2018-05-03/2018-06-10", "between 3 May and 10 June 2018", None),
    ("2018-12-03/2019-12-10", "between 3 December 2018 and 10 December 2019", None),
    ("2018-03/2018-05", "between March and May 2018", None),
    ("2006/2012", "between 2006 and 2012", None),
    ("2017-21/2017-23", "between spring and autumn 2017", None),
    ("2017-21/2017-24", "between spring 2017 and winter 2017-18", None),
    ("2018-05-10/2018-05-31", "between 10 and 31 May 2018", None),
    ("2018-03~/2018-05", "between about March 2018 and May 2018", None),
    ("2018-03~/2018-05~", "between about March 2018 and about May 2018", None),
    ("2019-01-25/..", "since 25 January 2019", None),
    ("../2018-09-14", "by 14 September 2018", None),
]

# Few years, so that generated dates meet each other often; any year has its turn too.
years = st.sampled_from([2017, 2018, 2019]) | st.integers(1801, 2198)
days = st.builds(lambda year, offset: date(year, 1, 1) + timedelta(days=offset), years, st.integers(0, 364))
marks = st.sampled_from(["", "", "~", "?", "%"])
forms = st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y-%m}", "{0:%Y}", "{0:%Y}-21", "{0:%Y}-22", "{0:%Y}-23", "{0:%Y}-24"])
simple_texts = st.builds(lambda form, day, mark: form.format(day) + mark, forms, days, marks)


@st.composite
def range_texts(draw: st.DrawFn) -> str:
    """Two simple forms; a pair that makes no range is given up for its first one."""
    start, end = draw(simple_texts), draw(simple_texts)
    try:
        return str(UncertainDate.parse(f"{start}/{end}"))
    except EdtfError:
        return start


open_texts = simple_texts.map(lambda text: f"{text}/..") | simple_texts.map(lambda text: f"../{text}")
dates = (simple_texts | range_texts() | open_texts).map(UncertainDate.parse)
sides = st.none() | days
near_texts = st.text(alphabet="012389-/.~?% ", max_size=24)


def vaguer(day: date) -> list[UncertainDate]:
    """Less exact ways to state a day: each interval holds the day's."""
    month, about = f"{day:%Y-%m}", f"{day:%Y-%m-%d}~"
    texts = [
        month,
        f"{day:%Y}",
        about,
        f"{month}~",
        f"{day:%Y}~",
        f"{day}/..",
        f"../{day}",
        f"{about}/..",
        f"../{month}",
    ]
    return [UncertainDate.parse(text) for text in [*texts, f"{day.year - 1}/{month}", f"{day}/{day.year + 1}"]]


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), MEANINGS)
def test_each_form_has_its_first_day_its_last_day_and_its_precision(text, earliest, latest, precision):
    read = UncertainDate.parse(text)
    assert (read.text, read.earliest, read.latest, read.precision) == (text, earliest, latest, precision)


@pytest.mark.parametrize(("text", "reason"), REFUSALS)
def test_what_is_not_a_date_is_refused_with_the_text_the_reason_and_the_accepted_forms(text, reason):
    with pytest.raises(EdtfError) as refusal:
        UncertainDate.parse(text)
    message = str(refusal.value)
    assert repr(text) in message
    assert reason in message
    assert "Write 2018-10-31 (a day)" in message


def test_a_very_long_text_is_refused_with_a_short_message():
    for text in ("2018" * 100_000, " " * 1_000_000, "2018" + " " * 1_000_000):
        for read in (UncertainDate.parse, UncertainDate.parse_or_none):
            with pytest.raises(EdtfError, match="longer than 40 characters") as refusal:
                read(text)
            assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(("text", "label", "phrase"), WORDINGS)
def test_a_date_reads_as_english_alone_and_in_a_sentence(text, label, phrase):
    read = UncertainDate.parse(text)
    assert (read.label, read.phrase) == (label, phrase or label)


def test_stray_spaces_are_dropped_from_the_text():
    assert str(UncertainDate.parse(" 2018-10 ")) == "2018-10"
    assert str(UncertainDate.parse("2001 / 2006\n")) == "2001/2006"


def test_no_text_is_an_unknown_date_and_anything_else_must_be_one():
    assert UncertainDate.parse_or_none(None) is None
    assert UncertainDate.parse_or_none("") is None
    assert UncertainDate.parse_or_none("  ") is None
    assert UncertainDate.parse_or_none("2018") == UncertainDate.parse("2018")
    with pytest.raises(EdtfError):
        UncertainDate.parse_or_none("unknown")


def test_a_day_of_the_calendar_becomes_a_date_but_a_clock_time_does_not():
    assert UncertainDate.on(date(2018, 10, 31)) == UncertainDate.parse("2018-10-31")
    with pytest.raises(TypeError, match="a moment, not a day"):
        UncertainDate.on(datetime(2018, 10, 31, 23, 59, tzinfo=UTC))


def test_dates_are_equal_if_their_texts_are():
    assert UncertainDate.parse("2018") == UncertainDate.parse(" 2018 ")
    assert UncertainDate.parse("2018") != UncertainDate.parse("2018-01/2018-12")
    assert len({UncertainDate.parse("2018"), UncertainDate("2018")}) == 1


def test_dates_have_no_single_order_that_could_be_taken_for_the_truth():
    with pytest.raises(TypeError):
        sorted([UncertainDate.parse("2018"), UncertainDate.parse("2018-10-31")])  # type: ignore[type-var]


def test_a_date_cannot_be_changed_or_built_against_its_text():
    read = UncertainDate.parse("2018")
    with pytest.raises(AttributeError):
        read.latest = date(2030, 1, 1)  # type: ignore[misc]
    with pytest.raises(TypeError):
        UncertainDate("2018", earliest=date(2030, 1, 1))  # type: ignore[call-arg]
    with pytest.raises(EdtfError):
        UncertainDate("2018-13")


def test_the_public_form_has_the_text_both_bounds_and_the_precision():
    assert UncertainDate.parse("2019-01-25/..").as_json() == {
        "edtf": "2019-01-25/..",
        "earliest": "2019-01-25",
        "latest": None,
        "precision": "open",
    }


def test_the_order_of_two_dates_is_told_only_where_it_is_certain():
    def before(first: str, second: str) -> bool | None:
        return UncertainDate.parse(first).before(UncertainDate.parse(second))

    assert before("2018-10-30", "2018-10-31") is True
    assert before("2018-10-31", "2018-10-31") is False
    assert before("2018-10-31", "2018") is None
    assert before("2018", "2019") is True
    assert before("2019", "2018") is False
    assert before("2018~", "2019") is None
    assert before("../2017", "2018") is True
    assert before("2019/..", "2018") is False
    assert before("2018/..", "2019") is None


@given(dates)
def test_a_date_survives_being_written_read_copied_and_pickled(value):
    for twin in (UncertainDate.parse(str(value)), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert (twin.earliest, twin.latest, twin.precision) == (value.earliest, value.latest, value.precision)


@given(dates)
def test_the_first_possible_day_never_follows_the_last(value):
    assert value.earliest or value.latest
    assert not (value.earliest and value.latest) or value.earliest <= value.latest
    assert (value.precision is Precision.OPEN) == (value.earliest is None or value.latest is None)


@given(st.text() | near_texts)
def test_any_text_is_either_read_or_refused(text):
    try:
        value = UncertainDate.parse(text)
    except EdtfError:
        return
    assert UncertainDate.parse(value.text) == value
    assert value.label
    assert value.phrase.endswith(value.label)


@given(days, sides, sides, dates)
def test_stating_a_day_less_exactly_never_makes_an_answer_more_certain(day, start, end, other):
    exact = UncertainDate.on(day)
    for vague in vaguer(day):
        if vague.certainly_within(start, end):
            assert exact.certainly_within(start, end)
        if exact.possibly_overlaps(start, end):
            assert vague.possibly_overlaps(start, end)
        assert vague.before(other) in (None, exact.before(other))
        assert other.before(vague) in (None, other.before(exact))


@given(simple_texts, sides, sides)
def test_marking_a_date_as_approximate_never_makes_an_answer_more_certain(text, start, end):
    exact, about = UncertainDate.parse(text.rstrip("~?%")), UncertainDate.parse(text.rstrip("~?%") + "~")
    assert exact.certainly_within(about.earliest, about.latest)
    assert not about.certainly_within(exact.earliest, None)
    assert not about.certainly_within(None, exact.latest)
    assert not about.certainly_within(start, end) or exact.certainly_within(start, end)
    assert not exact.possibly_overlaps(start, end) or about.possibly_overlaps(start, end)


@given(dates, sides, sides)
def test_what_is_certain_is_also_possible(value, start, end):
    if start and end and start > end:
        start, end = end, start
    if value.certainly_within(start, end):
        assert value.possibly_overlaps(start, end)


@given(dates, days, days)
def test_the_answers_are_those_of_looking_at_every_possible_day(value, start, end):
    """The bounds against a plain count of days, cut off where an open side is beyond both questions."""
    first = value.earliest or min(start, value.latest) - timedelta(days=1)
    last = value.latest or max(end, value.earliest) + timedelta(days=1)
    inside = sum(start.toordinal() <= day <= end.toordinal() for day in range(first.toordinal(), last.toordinal() + 1))
    if start <= end:
        assert value.possibly_overlaps(start, end) == (inside > 0)
        assert value.certainly_within(start, end) == (inside == (last - first).days + 1)
