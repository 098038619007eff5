"""What is in a feed: careful with names, because calendars lie on telephones, and well formed whatever is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from unicodedata import category
from xml.etree import ElementTree

import pytest
from dateutil.rrule import rrulestr
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cases.duties.calendar import calendar
from cases.duties.deadlines import Deadline, deadlines
from cases.models import Person
from cases.watching.safe_names import plain
from cases.watching.watches import RESOURCES, watch_record
from records.models import FeedKind
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_clock_rule,
    make_duty,
    make_incident,
    make_involvement,
    make_notice,
    make_person,
)
from tests.feeds import address, analyst, body, case_of, reader

__all__ = ["analyst", "reader"]

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


class TestNames:
    """A name stands outside only where the person is open beyond the team."""

    @pytest.mark.parametrize(
        ("kept", "is_named"),
        [
            ({"level": "public"}, True),
            ({"level": "partner"}, True),
            ({"level": "team"}, False),
            ({"level": "public", "review": "draft"}, False),
        ],
    )
    def test_in_both_feeds(self, analyst: User, kept: dict[str, str], is_named: bool) -> None:
        person = make_person("Kerem Mamut", **kept)
        make_duty(case_of(person, title="Kerem Mamut held"), "hearing", "2026-12-01")
        make_notice(person)
        watch_record(analyst, RESOURCES["people"], person.ref)
        for kind in FeedKind:
            text = body(Client().get(address(analyst, kind)))
            assert ("Kerem Mamut" in text) == is_named
            assert is_named or person.ref in text

    def test_what_is_restricted_is_left_out_with_all_that_rests_on_it(self, analyst: User) -> None:
        hidden = make_person("Zqx", level="restricted")
        hidden.readers.add(analyst)
        open_one = make_person("Aybek Tursun")
        secret_part = make_involvement(make_incident("Zqx"), open_one, level="restricted")
        closed = make_incident("Zqx again", level="restricted")
        for incident in (secret_part.incident, closed):
            incident.readers.add(analyst)
        part = case_of(open_one)
        part.incident.readers.add(analyst)
        for involvement in (case_of(hidden), secret_part, make_involvement(closed, open_one)):
            make_duty(involvement, "hearing", "2026-12-01")
        make_duty(part, "hearing", "2026-12-02", level="restricted")
        notice = make_notice(open_one, level="restricted")
        notice.readers.add(analyst)
        make_clock_rule()
        make_ccf_event(make_ccf_request(notice), "admissible", "2026-11-01")
        assert len(deadlines(User.objects.get(pk=analyst.pk), TODAY)) == 5, "all of them are on the page"
        assert "BEGIN:VEVENT" not in body(Client().get(address(analyst)))
        for record in (hidden, open_one):
            watch_record(analyst, RESOURCES["people"], record.ref)
        text = body(Client().get(address(analyst, FeedKind.CHANGES)))
        assert open_one.ref in text
        for row in (hidden, notice, closed, secret_part.incident):
            assert row.ref not in text
        assert "Zqx" not in text

    def test_a_restricted_part_makes_no_entry(self, analyst: User) -> None:
        person = make_person("Aybek Tursun")
        person.readers.add(analyst)
        watch_record(analyst, RESOURCES["people"], person.ref)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE records_change SET at = %s", [datetime(2020, 1, 1, tzinfo=UTC)])
        Person.objects.filter(pk=person.pk).update(level="public")
        person.names.create(person=person, text="Zqx", level="restricted")
        assert "<entry>" not in body(Client().get(address(analyst, FeedKind.CHANGES)))


def parsed(text: bytes | str) -> dict[str, Any]:
    """Return the events of a calendar, by identifier."""
    return {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def made(user: User, today: date = TODAY) -> dict[str, Any]:
    return parsed(calendar(deadlines(user, today), today, lambda path: f"https://waymark.example.org{path}"))


def days(event: Any) -> tuple[str, str]:
    """Return the first and the last day of an event."""
    assert type(event["dtstart"].dt) is date
    return str(event["dtstart"].dt), str(event["dtend"].dt - timedelta(days=1))


def coming(events: Iterable[Any], number: int) -> list[str]:
    """Return the first days on which recurring events fall, as python-dateutil reads their rules."""
    found: list[datetime] = []
    for event in events:
        start = datetime.combine(event["dtstart"].dt, datetime.min.time())
        found += islice(rrulestr(event["rrule"].to_ical().decode(), dtstart=start), number)
    return [f"{day:%Y-%m-%d}" for day in sorted(found)[:number]]


class TestCalendar:
    def test_a_day_is_an_event_of_one_day(self, reader: User) -> None:
        duty = make_duty(case_of(make_person("Kerem Mamut")), "hearing", "2026-12-01")
        event = made(reader)[f"{duty.ref}@waymark"]
        assert days(event) == ("2026-12-01", "2026-12-01")
        assert event["summary"] == "Kerem Mamut: hearing"
        assert event["url"] == f"https://waymark.example.org/duties/{duty.ref}/"
        assert event["dtstamp"].dt == datetime(2026, 11, 22, tzinfo=UTC)
        assert not event.walk("VALARM") and "rrule" not in event

    def test_a_clock_that_started_in_february_runs_out_between_two_days(self, reader: User) -> None:
        """By hand: admissible some day of February 2026, nine months to decide: 1 to 28 November 2026."""
        make_clock_rule(length=9)
        request = make_ccf_request(make_notice(make_person("Kerem Mamut")))
        make_ccf_event(request, "admissible", "2026-02")
        event = made(reader)[f"{request.ref}@waymark"]
        assert days(event) == ("2026-11-01", "2026-11-28")
        assert "between Sunday 1 November 2026 and Saturday 28 November 2026" in event["summary"]

    def test_a_clock_that_started_on_the_last_of_may_runs_out_on_the_last_of_february(self, reader: User) -> None:
        make_clock_rule(length=9)
        request = make_ccf_request()
        make_ccf_event(request, "admissible", "2026-05-31")
        assert days(made(reader)[f"{request.ref}@waymark"]) == ("2027-02-28", "2027-02-28")

    def test_two_clocks_of_one_request_are_two_events(self, reader: User) -> None:
        make_clock_rule("filing", "revision", "new_fact", 6)
        make_clock_rule("deciding", "revision", "admissible", 9)
        request = make_ccf_request(kind="revision", new_fact="2026-10-01")
        make_ccf_event(request, "admissible", "2026-11-01")
        assert {days(event)[0] for event in made(reader).values()} == {"2027-04-01", "2027-08-01"}

    def test_what_has_no_day_is_no_event(self, reader: User) -> None:
        make_duty(case_of(), "decision_expected", "")
        assert made(reader) == {}

    @pytest.mark.parametrize(
        ("rhythm", "due", "next_four"),
        [
            ("daily", "2026-11-20", ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]),
            ("weekly", "2026-11-20", ["2026-11-27", "2026-12-04", "2026-12-11", "2026-12-18"]),
            ("fortnightly", "2026-11-20", ["2026-12-04", "2026-12-18", "2027-01-01", "2027-01-15"]),
            ("monthly", "2026-10-15", ["2026-12-15", "2027-01-15", "2027-02-15", "2027-03-15"]),
            ("monthly", "2026-10-31", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
            ("monthly", "2026-10-30", ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]),
            ("monthly", "2026-10-29", ["2026-11-29", "2026-12-29", "2027-01-29", "2027-02-28", "2027-03-29"]),
        ],
    )
    def test_a_rhythm_comes_round(self, reader: User, rhythm: str, due: str, next_four: list[str]) -> None:
        make_duty(case_of(), "reporting", due, rhythm=rhythm)
        assert coming(made(reader).values(), len(next_four)) == next_four

    def test_a_rhythm_on_the_30th_begins_in_february_too(self, reader: User) -> None:
        """By hand: on 15 February 2028 the next day is the 29th, the last of a leap year's February; then 30 March."""
        make_duty(case_of(), "reporting", "2026-10-30", rhythm="monthly")
        events = made(reader, date(2028, 2, 15)).values()
        assert coming(events, 4) == ["2028-02-29", "2028-03-30", "2028-04-30", "2028-05-30"]

    def test_a_rhythm_that_ends_before_its_february_has_no_event_for_it(self, reader: User) -> None:
        make_duty(case_of(), "reporting", "2026-10-30", rhythm="monthly", ended="2026-12-31")
        assert coming(made(reader).values(), 9) == ["2026-11-30", "2026-12-30"]

    @pytest.mark.parametrize("due", ["2026-10-29", "2026-10-30", "2026-10-31"])
    def test_no_rule_rests_on_what_readers_of_calendars_leave_out(self, reader: User, due: str) -> None:
        make_duty(case_of(), "reporting", due, rhythm="monthly")
        assert all("BYSETPOS" not in event["rrule"] for event in made(reader).values())

    def test_a_rhythm_of_a_vague_day_is_not_repeated_as_if_it_were_known(self, reader: User) -> None:
        make_duty(case_of(), "reporting", "2026-10", rhythm="monthly")
        [event] = made(reader).values()
        assert "rrule" not in event and "between" in event["summary"]

    def test_the_same_data_give_the_same_bytes(self, reader: User) -> None:
        make_duty(case_of(), "hearing", "2026-12-01")
        texts = [calendar(deadlines(reader, TODAY), TODAY, str) for _ in range(2)]
        assert texts[0] == texts[1]

    def test_long_lines_are_folded(self, reader: User) -> None:
        make_duty(case_of(make_person("Ünsal Şimşek " * 10)), "hearing", "2026-12-01")
        lines = calendar(deadlines(reader, TODAY), TODAY, str).split(b"\r\n")
        assert max(map(len, lines)) <= 75 and any(line.startswith(b" ") for line in lines)


NAMES = st.text(max_size=150) | st.sampled_from(
    ["a\r\nBEGIN:VALARM\r\nEND:VALARM", "a\\nb", "x;y,z:\\", '"', "a\u2028b\x85c", "\x1b[2J", "\\N", "^n^'", "‏שלום"]
)


@given(name=NAMES)
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_survives_the_calendar(name: str) -> None:
    person = Person(label=name, ref="PER-8QX3M2VD", level="public", review="published")
    deadline = Deadline(
        what="hearing",
        who=person,
        ref="DUT-8QX3M2VD",
        link="/duties/DUT-8QX3M2VD/",
        earliest=TODAY,
        latest=TODAY,
        working="",
        records=(),
        kind="hearing",
    )
    text = calendar([deadline], TODAY, lambda path: f"https://waymark.example.org{path}")
    [event] = parsed(text).values()
    assert str(event["summary"]) == " ".join(f"{plain(name)}: hearing".split()).replace("\\", "/")
    whole = Calendar.from_ical(text)
    assert len(list(whole.walk())) == 2 and not whole.errors and not event.errors
    assert not any(category(sign) in ("Cc", "Cs") for line in text.decode().split("\r\n") for sign in line)
    assert "\ufffd" in name or "\ufffd" not in text.decode()


#: A Persian name with a joiner that keeps two of its letters apart, and how it is told beside other words.
PERSIAN = "نیک\u200cآیین"
TOLD = f"\u2068{PERSIAN}\u2069"


def test_a_name_stays_as_it_is_written_and_apart_from_what_stands_beside_it(reader: User) -> None:
    person = make_person(PERSIAN)
    make_duty(case_of(person), "hearing", "2026-12-01/2026-12-03")
    [event] = parsed(calendar(deadlines(reader, TODAY), TODAY, str)).values()
    assert str(event["summary"]).startswith(f"{TOLD}: ") and "\ufffd" not in str(event["summary"])
    watch_record(reader, RESOURCES["people"], person.ref)
    entries = ElementTree.fromstring(body(Client().get(address(reader, FeedKind.CHANGES)))).findall("{*}entry")
    assert f"{TOLD}: person new" in [entry.findtext("{*}title") for entry in entries]
    assert {entry.findtext("{*}summary") for entry in entries} == {f"you follow {TOLD}"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Aybek Tursun", "Aybek Tursun"),
        ("ئايبەك 2021-07-08", "\u2068ئايبەك \u20682021-07-08\u2069\u2069"),
        ("اعتقل 2018-12~ هنا", "\u2068اعتقل \u20682018-12~\u2069 هنا\u2069"),
        ("Aybek \u202enasruT", "Aybek [U+202E]nasruT"),
        ("a\x1bb\uffff", "a[U+001B]b[U+FFFF]"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\n\u2028b", "a b"),
    ],
)
def test_what_stands_in_plain_text(name: str, told: str) -> None:
    assert plain(name) == told


def test_the_changes_are_an_atom_feed(reader: User) -> None:
    person = make_person("Kerem <b>Mamut</b> & \x0b co")
    watch_record(reader, RESOURCES["people"], person.ref)
    tree = ElementTree.fromstring(body(Client().get(address(reader, FeedKind.CHANGES))))
    [entry] = tree.findall("{*}entry")
    assert entry.findtext("{*}title") == "Kerem <b>Mamut</b> & co: person new"
    assert entry.findtext("{*}summary") == "you follow Kerem &lt;b&gt;Mamut&lt;/b&gt; &amp; co"
    link = entry.find("{*}link")
    assert link is not None and link.attrib["href"] == f"http://testserver/people/{person.ref}/"
    assert (entry.findtext("{*}id") or "").startswith(f"urn:waymark:{person.ref}:")


def test_a_feed_takes_as_many_queries_however_much_is_in_it(reader: User) -> None:
    def one_more(number: int) -> None:
        person = make_person(f"Aybek {number}")
        make_duty(case_of(person), "hearing", "2026-12-01")
        make_ccf_event(make_ccf_request(make_notice(person)), "admissible", "2026-02")
        watch_record(reader, RESOURCES["people"], person.ref)

    def queries(there: str) -> int:
        Client().get(there)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(there).status_code == 200
        return len(asked)

    make_clock_rule()
    there = [address(reader, kind) for kind in FeedKind]
    for number in range(2):
        one_more(number)
    few = [queries(each) for each in there]
    for number in range(2, 10):
        one_more(number)
    assert [queries(each) for each in there] == few
