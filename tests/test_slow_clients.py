"""Whoever sends or reads slowly, or claims to send much, keeps nobody else from being answered."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cases.models import Person
from config import acts
from config.worker import BYTES_PER_SECOND, SECONDS, SMALL, Channel
from records.models import ApiToken
from tests.installation import Installation, installation, served
from tests.signin import give_factor, may

__all__ = ["installation"]

#: The beginnings of requests whose rest never comes, of every kind of endpoint, and one whose answer is never read.
BEGINNINGS = {
    "signing in": b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nlogin=a",
    "the API": b"POST /api/v1/people/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n{",
    "the admin": b"POST /admin/cases/person/add/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\nlabel=",
    "a page": b"POST /watching/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nref=P\r\n",
    "headers": b"GET /people/ HTTP/1.1\r\nHost: 127.0",
    "an export": b"GET /api/v1/countries/?page_size=200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20,
}
PATIENCE = 5


@pytest.fixture
def partner(transactional_db: None) -> str:
    """A token that may submit."""
    user = may(User.objects.create_user("partner"), "submit_records", "read_partner")
    give_factor(user)
    _, words = ApiToken.objects.create(user, expiry=timedelta(days=1), name="script", scopes=["read", "submit"])
    return words


@pytest.fixture
def port(partner: str, installation: Installation) -> Iterator[int]:
    """The port of a real server with one worker of four threads."""
    with served(installation) as number:
        yield number


def begun(port: int, beginning: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(beginning)
    return client


def submit(port: int, token: str, label: str) -> int:
    """Submit a person, and return the status; raises TimeoutError where nobody answers in time."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as honest:
        body = json.dumps({"label": label, "standing": "target"})
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        honest.request("POST", "/api/v1/people/", body, headers)
        return honest.getresponse().status


@pytest.mark.django_db(transaction=True)
def test_twelve_slow_clients_of_every_kind_do_not_keep_an_honest_writer_waiting(port: int, partner: str) -> None:
    with ExitStack() as kept:
        slow = [
            kept.enter_context(closing(begun(port, beginning))) for beginning in BEGINNINGS.values() for _ in range(2)
        ]
        for number in range(3):
            for client, name in zip(slow, [name for name in BEGINNINGS for _ in range(2)], strict=True):
                client.sendall(b"" if name in ("an export", "a page") else b"a")
            assert submit(port, partner, f"Written meanwhile {number}") == 201


@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_revoked_while_the_body_arrives_writes_nothing(
    port: int, partner: str, installation: Installation
) -> None:
    body = json.dumps({"label": "Too late", "standing": "target"}).encode()
    head = f"POST /api/v1/people/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {partner}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with closing(begun(port, head.encode() + body[:10])) as client:
        installation.manage("shell", "-c", "from records.models import ApiToken; ApiToken.objects.all().delete()")
        client.sendall(body[10:])
        assert client.recv(12) == b"HTTP/1.1 401"
    assert installation.ask("SELECT count(*) FROM cases_person") == [0]


class TestDeadline:
    def channel(self, seconds: float, length: int, arrived: int = 0) -> Any:
        request = SimpleNamespace(content_length=length, body_bytes_received=arrived)
        return SimpleNamespace(request=request, began=time.monotonic() - seconds)

    @pytest.mark.parametrize(
        ("seconds", "length", "arrived", "is_late"),
        [
            (SECONDS - 1, 0, 0, False),
            (SECONDS + 1, 0, 0, True),
            (SECONDS + 1, SMALL, 0, True),
            (SECONDS + 1, SMALL + 2 * BYTES_PER_SECOND, 0, False),
            (SECONDS + 3, SMALL + 2 * BYTES_PER_SECOND, 0, True),
            (SECONDS + 1, 0, SMALL + 2 * BYTES_PER_SECOND, False),  # in chunks: nobody said how much there will be
        ],
    )
    def test_a_small_request_has_ten_seconds_and_a_large_one_a_rate(
        self, seconds: float, length: int, arrived: int, is_late: bool
    ) -> None:
        assert Channel.is_late(self.channel(seconds, length, arrived)) is is_late

    def test_between_requests_nothing_is_late(self) -> None:
        assert Channel.is_late(SimpleNamespace(request=None, began=0.0)) is False  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("claimed", ["201", "1000000", "9" * 5000])
@pytest.mark.parametrize("name", ["names-TOTAL_FORMS", "details-INITIAL_FORMS"])
def test_a_form_that_claims_too_many_rows_is_refused_before_anything(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, name: str, claimed: str
) -> None:
    def no_act(*words: Any) -> None:
        raise AssertionError("an act was begun")

    monkeypatch.setattr(acts, "act", no_act)
    response = admin_client.post("/admin/cases/person/add/", {"label": "A", name: claimed})
    assert response.status_code == 413
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own limits are asked for in test_deployment.py")
def test_an_act_that_holds_the_lock_too_long_is_stopped_and_logged(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(acts, "LONGEST", 0)
    monkeypatch.setattr(acts, "LONG", 0)
    monkeypatch.setattr(acts, "STEPS", 1)
    admin_client.raise_request_exception = False
    with caplog.at_level(logging.WARNING, logger="config.acts"):
        response = admin_client.post("/admin/cases/person/add/", {"label": "A", "standing": "target"})
    assert response.status_code == 503
    assert "A request to “admin” wrote for" in caplog.text
    assert not Person.objects.exists()
