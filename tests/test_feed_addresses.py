"""Private addresses: issued once, revoked at once, and open to nobody but whoever holds the secret."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from cases.watching.watches import RESOURCES, watch_record
from config.logs import GONE, cleaned
from config.settings import ACCOUNT_RATE_LIMITS as RATE_LIMITS
from records.models import AuditEntry, BreakGlass, Feed, FeedKind
from tests.factories import make_duty, make_person
from tests.feeds import FILES, address, analyst, body, case_of, reader
from tests.signin import grow_old, may, sign_in

__all__ = ["analyst", "reader"]

pytestmark = pytest.mark.django_db
PAGE = "/account/feeds/"


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


def issue(client: Client, **given: str) -> Any:
    return client.post(PAGE, {"kind": "deadlines", "name": "telephone", **given})


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
        told = list(AuditEntry.objects.filter(kind="token").order_by("number").values_list("actor", "details"))
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
        assert RATE_LIMITS["feed"] == "60/m/key"
        assert [Client().get(there).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert Client().get("/feeds/x/deadlines.ics").status_code == 404
        assert Client().get(address(reader)).status_code == 200
        assert Client(REMOTE_ADDR="192.0.2.1").get(there).status_code == 200

    def test_reading_is_noted_once_an_hour(self, reader: User) -> None:
        first, second = address(reader), address(reader, FeedKind.CHANGES)
        for there in (first, first, second, first):
            Client().get(there)
        noted = AuditEntry.objects.filter(kind="export", channel="feed", actor="reader")
        assert noted.count() == 2
        assert all(first.split("/")[2] not in entry.details for entry in noted)

    @pytest.mark.parametrize("kind", FILES)
    def test_broken_glass_opens_nothing_there(self, kind: FeedKind) -> None:
        user = may(User.objects.create_user("glazier"), "break_glass")
        hidden = make_person("Zqx", level="team")
        make_duty(case_of(hidden, level="team"), "hearing", "2026-12-01")
        BreakGlass.objects.create(user=user, reason="to see what can be seen now")
        assert watch_record(User.objects.get(pk=user.pk), RESOURCES["people"], hidden.ref)
        assert hidden.ref not in body(Client().get(address(user, kind)))
