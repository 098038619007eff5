"""Private addresses: issued once, revoked at once, and careful with names, because calendars lie on telephones."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from dateutil.rrule import rrulestr
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cases.calendar import calendar
from cases.deadlines import Deadline, deadlines
from cases.models import Person
from cases.outside import plain
from cases.watching import RESOURCES, follow_record
from config.logs import GONE, cleaned
from config.settings import ACCOUNT_RATE_LIMITS as RATE_LIMITS
from sources.models import AuditEntry, BreakGlass, Feed, FeedKind
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
from tests.signin import PASSWORD, grow_old, may, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/account/feeds/"
TODAY = date(2026, 11, 22)
FILES = {FeedKind.DEADLINES: "deadlines.ics", FeedKind.CHANGES: "changes.atom"}


@pytest.fixture
def reader() -> User:
    return may(User.objects.create_user("reader", password=PASSWORD), "read_partner")


@pytest.fixture
def analyst() -> User:
    return may(User.objects.create_user("analyst", password=PASSWORD), "read_partner", "read_team")


@pytest.fixture
def terminal() -> Iterator[io.StringIO]:
    """What the server writes to its terminal."""
    text = io.StringIO()
    handlers: Any = [each for each in logging.getLogger("django").handlers if type(each) is logging.StreamHandler]
    before = [handler.setStream(text) for handler in handlers]
    assert handlers
    yield text
    for handler, stream in zip(handlers, before, strict=True):
        handler.setStream(stream)


def address(user: User, kind: FeedKind = FeedKind.DEADLINES) -> str:
    _, secret = Feed.issue(user, kind, "telephone")
    return f"/feeds/{secret}/{FILES[kind]}"


def body(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def issue(client: Client, **given: str) -> Any:
    return client.post(PAGE, {"kind": "deadlines", "name": "telephone", **given})


def case_of(person: Person | None = None, **incident: Any) -> Any:
    return make_involvement(make_incident(**incident), person or make_person())


class TestPage:
    """Where people issue and revoke their own."""

    @pytest.mark.parametrize("kind", FILES)
    def test_an_address_is_shown_once_and_kept_as_a_hash(self, client: Client, reader: User, kind: FeedKind) -> None:
        sign_in(client, reader)
        page = issue(client, kind=kind.value)
        assert page.headers["Cache-Control"] == "no-store"
        shown = re.search(r'class="secret">http://testserver(/feeds/([\w-]{43})/[a-z.]+)<', page.content.decode())
        assert shown
        [feed] = Feed.objects.all()
        assert (feed.user, feed.kind, feed.name) == (reader, kind, "telephone")
        assert shown[2] not in str(feed.__dict__)
        assert shown[2] not in client.get(PAGE).content.decode()
        assert Client().get(shown[1]).status_code == 200

    @pytest.mark.parametrize("given", [{"kind": "everything"}, {"kind": ""}, {"name": ""}, {"name": "x" * 81}])
    def test_what_makes_no_sense_is_refused(self, client: Client, reader: User, given: dict[str, str]) -> None:
        assert "errorlist" in issue(sign_in(client, reader), **given).content.decode()
        assert not Feed.objects.exists()

    def test_issuing_asks_for_a_fresh_sign_in_and_revoking_does_not(self, client: Client, reader: User) -> None:
        there = address(reader)
        grow_old(sign_in(client, reader), 20)
        assert issue(client).headers["Location"].startswith("/account/reauthenticate/")
        assert client.post(PAGE, {"revoke": Feed.objects.get().pk}).status_code == 302
        assert Client().get(there).status_code == 404

    def test_revoking_works_on_ones_own_only(self, client: Client, reader: User) -> None:
        there = address(reader)
        feed = Feed.objects.get()
        sign_in(client, may(User.objects.create_user("other"), "read_team"))
        for key in (feed.pk, "0", "x", "", "9" * 30, "\0"):
            assert client.post(PAGE, {"revoke": key}).status_code == 404
        assert "telephone" not in client.get(PAGE).content.decode().split("<h2>A new")[0]
        assert Client().get(there).status_code == 200

    def test_both_are_in_the_audit_trail_without_the_secret(self, client: Client, reader: User) -> None:
        sign_in(client, reader)
        shown = re.search(r"/feeds/([\w-]{43})/", issue(client).content.decode())
        client.post(PAGE, {"revoke": Feed.objects.get().pk})
        told = list(AuditEntry.objects.filter(kind="token").order_by("number").values_list("actor", "told"))
        assert [(actor, "made" in text, "revoked" in text) for actor, text in told] == [
            ("reader", True, False),
            ("reader", False, True),
        ]
        assert shown and all("deadlines" in text and shown[1] not in text for _, text in told)

    def test_there_is_an_end_to_it(self, client: Client, reader: User) -> None:
        for _ in range(20):
            address(reader)
        assert "revoke one first" in issue(sign_in(client, reader)).content.decode()
        assert Feed.objects.count() == 20


class TestAddress:
    @pytest.mark.attack("D2")
    @pytest.mark.parametrize("kind", FILES)
    def test_every_address_that_does_not_open_is_a_missing_page(self, reader: User, kind: FeedKind) -> None:
        other = FeedKind.CHANGES if kind == FeedKind.DEADLINES else FeedKind.DEADLINES
        revoked = address(reader, kind)
        Feed.objects.all().delete()
        good = address(reader, kind)
        closed = address(User.objects.create_user("closed", is_active=False), kind)
        wrong_kind = address(reader, other).rpartition("/")[0] + f"/{FILES[kind]}"
        secrets = ["0" * 43, "x", "0" * 300, good.split("/")[2][:-1], good.split("/")[2] + "0", "%00", "a%20b", "ü"]
        addresses = [revoked, closed, wrong_kind, *(f"/feeds/{secret}/{FILES[kind]}" for secret in secrets)]
        answers = [Client().get(each) for each in [*addresses, "/nothing/"]]
        assert {answer.status_code for answer in answers} == {404}
        assert len({(answer.content, str(sorted(answer.headers.items()))) for answer in answers}) == 1
        assert Client().get(good).status_code == 200

    @pytest.mark.parametrize("kind", FILES)
    def test_no_cache_and_no_search_engine_keeps_it(self, client: Client, reader: User, kind: FeedKind) -> None:
        there = address(reader, kind)
        for asking in (Client(), sign_in(client, reader)):
            headers = asking.get(there).headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Robots-Tag"] == "noindex"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "ETag" not in headers and not headers.get("Set-Cookie")

    def test_the_secret_decides_who_reads_and_not_the_cookie(self, client: Client, reader: User, analyst: User) -> None:
        make_duty(case_of(level="team"), "hearing", "2026-12-01")
        sign_in(client, analyst)
        assert "BEGIN:VEVENT" not in body(client.get(address(reader)))
        assert "BEGIN:VEVENT" in body(Client().get(address(analyst)))

    def test_a_right_that_is_taken_away_is_gone_at_the_next_request(self, analyst: User) -> None:
        make_duty(case_of(level="team"), "hearing", "2026-12-01")
        there = address(analyst)
        assert "BEGIN:VEVENT" in body(Client().get(there))
        analyst.user_permissions.clear()
        assert "BEGIN:VEVENT" not in body(Client().get(there))

    @pytest.mark.attack("D4")
    def test_the_secret_is_taken_out_of_the_log(self, reader: User, terminal: io.StringIO) -> None:
        there = address(reader)
        secret = there.split("/")[2]
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {Feed._meta.db_table} RENAME TO elsewhere")
        assert Client(raise_request_exception=False).get(there).status_code == 500
        assert f"Internal Server Error: /feeds/{GONE}/deadlines.ics" in terminal.getvalue()
        assert secret not in terminal.getvalue()
        for line in (f"Not Found: {there}", f"GET http://127.0.0.1{there} HTTP/1.1", f"('/feeds/{secret}', {there!r})"):
            assert secret not in cleaned(line) and GONE in cleaned(line)
        assert cleaned("Not Found: /account/feeds/") == "Not Found: /account/feeds/"

    @override_settings(ACCOUNT_RATE_LIMITS=RATE_LIMITS | {"feed": RATE_LIMITS["feed"].replace("60/m", "3/d")})
    def test_somebody_who_asks_all_the_time_has_to_wait(self, reader: User) -> None:
        """After 60 requests a minute; here after three a day, so that a slow machine does not count as patience."""
        there = address(reader)
        assert RATE_LIMITS["feed"] == "60/m/ip"
        assert [Client().get(there).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert Client().get("/feeds/x/deadlines.ics").status_code == 429
        assert Client(REMOTE_ADDR="192.0.2.1").get(there).status_code == 200

    def test_reading_is_noted_once_an_hour(self, reader: User) -> None:
        first, second = address(reader), address(reader, FeedKind.CHANGES)
        for there in (first, first, second, first):
            Client().get(there)
        noted = AuditEntry.objects.filter(kind="export", channel="feed", actor="reader")
        assert noted.count() == 2
        assert all(first.split("/")[2] not in entry.told for entry in noted)

    @pytest.mark.parametrize("kind", FILES)
    def test_broken_glass_opens_nothing_there(self, kind: FeedKind) -> None:
        user = may(User.objects.create_user("glazier"), "break_glass")
        hidden = make_person("Zqx", level="team")
        make_duty(case_of(hidden, level="team"), "hearing", "2026-12-01")
        BreakGlass.objects.create(user=user, reason="to see what can be seen now")
        assert follow_record(User.objects.get(pk=user.pk), RESOURCES["people"], hidden.ref)
        assert hidden.ref not in body(Client().get(address(user, kind)))


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
        follow_record(analyst, RESOURCES["people"], person.ref)
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
            follow_record(analyst, RESOURCES["people"], record.ref)
        text = body(Client().get(address(analyst, FeedKind.CHANGES)))
        assert open_one.ref in text
        for row in (hidden, notice, closed, secret_part.incident):
            assert row.ref not in text
        assert "Zqx" not in text

    def test_a_restricted_part_makes_no_entry(self, analyst: User) -> None:
        person = make_person("Aybek Tursun")
        person.readers.add(analyst)
        follow_record(analyst, RESOURCES["people"], person.ref)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sources_change SET at = %s", [datetime(2020, 1, 1, tzinfo=UTC)])
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
        make_clock_rule(months=9)
        request = make_ccf_request(make_notice(make_person("Kerem Mamut")))
        make_ccf_event(request, "admissible", "2026-02")
        event = made(reader)[f"{request.ref}@waymark"]
        assert days(event) == ("2026-11-01", "2026-11-28")
        assert "between 1 November 2026 and 28 November 2026" in event["summary"]

    def test_a_clock_that_started_on_the_last_of_may_runs_out_on_the_last_of_february(self, reader: User) -> None:
        make_clock_rule(months=9)
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
        ],
    )
    def test_a_rhythm_comes_round(self, reader: User, rhythm: str, due: str, next_four: list[str]) -> None:
        make_duty(case_of(), "reporting", due, rhythm=rhythm)
        [event] = made(reader).values()
        start = datetime.combine(event["dtstart"].dt, datetime.min.time())
        rounds = rrulestr(event["rrule"].to_ical().decode(), dtstart=start)
        assert [f"{rounds[number]:%Y-%m-%d}" for number in range(4)] == next_four

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
    assert str(event["summary"]) == plain(f"{plain(name)}: hearing").replace("\\", "/")
    whole = Calendar.from_ical(text)
    assert len(list(whole.walk())) == 2 and not whole.errors and not event.errors
    assert all(line.isprintable() or not line for line in text.decode().split("\r\n"))


def test_the_changes_are_an_atom_feed(reader: User) -> None:
    person = make_person("Kerem <b>Mamut</b> & \x0b co")
    follow_record(reader, RESOURCES["people"], person.ref)
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
        follow_record(reader, RESOURCES["people"], person.ref)

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
