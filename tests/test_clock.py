"""A clock that was set back revives nothing: what depends on the time waits until it is right."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from records.audit import chain
from records.audit.acts import note
from records.audit.chain import verify
from records.models import ApiToken, AuditEntry
from tests.factories import make_person
from tests.signin import PASSWORD, give_factor, may, sign_in

pytestmark = pytest.mark.django_db
BEHIND = "clock is behind"


def clock_shows(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """Let the trail see a time that is so much later than the real one."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # a plain one is enough
            return datetime.now(tz) + later

    monkeypatch.setattr(chain, "datetime", Shifted)


def seen(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """Let an act have happened at a later time, and the clock be right again."""
    with monkeypatch.context() as shifted:
        clock_shows(shifted, later)
        note("export", who="somebody", channel="test")


@pytest.fixture
def reader() -> User:
    user = may(User.objects.create_user("reader", password=PASSWORD), "read_team")
    give_factor(user)
    return user


class TestBehind:
    @pytest.fixture(autouse=True)
    def an_hour(self, monkeypatch: pytest.MonkeyPatch, reader: User) -> None:
        seen(monkeypatch, timedelta(hours=1))

    def test_a_session_waits(self, reader: User) -> None:
        client = sign_in(Client(), reader)
        response = client.get("/people/")
        assert response.status_code == 503 and BEHIND in response.content.decode()
        assert response["Retry-After"] == "60"

    def test_so_do_signing_in_tokens_and_private_addresses(self, client: Client, reader: User) -> None:
        _, words = ApiToken.objects.create(reader, expiry=timedelta(days=1), name="script", scopes=["read"])
        headers = {"Authorization": f"Token {words}"}
        answers = [
            client.post("/account/login/", {"login": "reader", "password": PASSWORD}),
            client.get("/api/v1/people/", headers=headers),
            client.get("/feeds/abc/deadlines.ics"),
            client.post("/api/v1/people/", json.dumps({}), "application/json"),
        ]
        assert [answer.status_code for answer in answers] == [503] * 4
        assert BEHIND in answers[1].json()["detail"]

    def test_what_is_public_is_read_all_the_same(self, client: Client) -> None:
        person = make_person()
        assert client.get(f"/people/{person.ref}/").status_code == 200
        assert client.get("/api/v1/people/").status_code == 200

    def test_the_health_page_says_that_something_is_wrong_and_the_log_what(self, client: Client, caplog: Any) -> None:
        assert client.get("/healthz").status_code == 503
        assert "clock --later-time-was-wrong" in caplog.text

    def test_what_is_done_on_the_server_is_kept_with_the_latest_time_and_what_the_clock_said(self) -> None:
        note("export", who="command", channel="command")
        last, before = AuditEntry.objects.order_by("-number")[:2]
        assert last.at == before.at
        assert datetime.fromisoformat(json.loads(last.details)["clock"]) < datetime.now(UTC)

    def test_declared_wrong_it_goes_on_loudly(self, reader: User, settings: Any) -> None:
        settings.ADMINS = [("root", "root@example.org")]
        said = StringIO()
        call_command("clock", later_time_was_wrong="the battery was empty", stdout=said)
        assert "Declared" in said.getvalue()
        assert sign_in(Client(), reader).get("/people/").status_code == 200
        [entry] = AuditEntry.objects.filter(kind="clock")
        assert "the battery was empty" in entry.details
        assert "the battery was empty" in mail.outbox[0].body
        note("export", who="somebody", channel="test")
        wrong, after = AuditEntry.objects.get(number=entry.number - 1), AuditEntry.objects.order_by("-number")[0]
        assert entry.at < wrong.at and entry.at < after.at < wrong.at
        assert verify() is None

    def test_the_command_says_what_is_wrong(self) -> None:
        with pytest.raises(CommandError, match=BEHIND):
            call_command("clock")


class TestInTime:
    def test_less_than_a_minute_is_tolerated(self, monkeypatch: pytest.MonkeyPatch, reader: User) -> None:
        seen(monkeypatch, timedelta(seconds=50))
        assert sign_in(Client(), reader).get("/people/").status_code == 200

    def test_nothing_is_declared_where_nothing_is_behind(self, reader: User) -> None:
        said = StringIO()
        call_command("clock", stdout=said)
        assert "not behind" in said.getvalue()
        with pytest.raises(CommandError, match="nothing was declared"):
            call_command("clock", later_time_was_wrong="no reason")
        assert not AuditEntry.objects.filter(kind="clock").exists()
