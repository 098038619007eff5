"""What the log of the server says of an error, and what it never says."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from config.logs import GONE, cleaned
from sources.models import SourceDocument
from tests.factories import make_source

SECRET = "Zqxsecret9vLmW3"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the server's terminal gets, through the handler and the filter of the settings."""
    text = io.StringIO()
    handlers = {handler for name in ("", "django", "django.request") for handler in logging.getLogger(name).handlers}
    terminals = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    before = [handler.setStream(text) for handler in terminals]
    yield text
    for handler, stream in zip(terminals, before, strict=True):
        handler.setStream(stream or handler.stream)


LEAKS = [
    "GET /people/?q={} HTTP/1.1",
    "Error handling request /account/reset/?key={}&uid=1",
    "https://waymark:{}@db.example.org/waymark",
    "could not connect: postgres://waymark:{}@127.0.0.1/waymark",
    "Authorization: Token {}",
    "{{'HTTP_AUTHORIZATION': 'Token {}'}}",
    "Proxy-Authorization: Basic {}",
    "Bearer {}",
    "Cookie: theme=dark; sessionid={}",
    "'HTTP_COOKIE': 'csrftoken={}'",
    "Set-Cookie: __Host-sessionid={}; Secure",
    "sessionid={}",
    "password={}",
    '{{"password": "{}"}}',
    "POST: {{'password1': ['{}']}}",
    "new_password2='{}'",
    "csrfmiddlewaretoken={}",
    "api_key: {}",
    "SECRET_KEY = '{}'",
    "recovery_code={}",
    "Not Found: /feeds/{}/deadlines.ics",
    'duplicate key value violates "unique"\nDETAIL:  Key (label)=({}) already exists.',
    "Failing row contains (1, {}, team).",
]


@pytest.mark.parametrize("line", LEAKS)
def test_secrets_are_taken_out_of_a_line(line: str) -> None:
    kept = cleaned(f"before\n{line.format(SECRET)}\nafter")
    assert SECRET not in kept
    assert GONE in kept
    assert kept.startswith("before\n")
    assert kept.endswith("\nafter")


@pytest.mark.parametrize(
    "line",
    [
        "Not healthy: 2 migrations are not applied",
        "Internal Server Error: /people/PER-8QX3M2VD/",
        '  File "/srv/waymark/sources/pages.py", line 12, in get',
        "django.db.utils.OperationalError: no such table: sources_sourcedocument",
    ],
)
def test_what_helps_to_mend_an_error_stays(line: str) -> None:
    assert cleaned(line) == line


def test_messages_arguments_and_tracebacks_pass_the_filter(written: io.StringIO) -> None:
    log = logging.getLogger("cases.anything")
    log.error("refused for %s", f"Authorization: Token {SECRET}")
    try:
        raise ValueError(f"password={SECRET}")
    except ValueError:
        log.exception("at /login/?next=/&token=%s", SECRET)
    assert SECRET not in written.getvalue()
    assert written.getvalue().count(GONE) == 4  # one is this test, quoted by the traceback
    assert "Traceback" in written.getvalue()


@pytest.mark.attack("G3")
@pytest.mark.attack("D4")
@pytest.mark.django_db
def test_an_error_is_logged_with_its_place_and_without_the_question(client: Client, written: io.StringIO) -> None:
    make_source(title="Zqxcanary of the team", level="team")
    client.raise_request_exception = False
    client.cookies["sessionid"] = SECRET
    break_table()
    response = client.get(f"/sources/?q={SECRET}", headers={"Authorization": f"Token {SECRET}"})
    assert response.status_code == 500
    assert "Internal Server Error: /sources/" in written.getvalue()
    assert "sources_sourcedocument" in written.getvalue()
    assert SECRET not in written.getvalue()
    assert "Zqxcanary" not in written.getvalue()
    assert mail.outbox == []


def break_table() -> None:
    """Take a table away, as a migration gone wrong would; the test's transaction brings it back."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {SourceDocument._meta.db_table} RENAME TO elsewhere")


def told(response: Any) -> str:
    """Everything that an answer says."""
    return f"{response.status_code} {response.headers} {response.content.decode()}"


TELLTALES = ("select", "sources_", "traceback", "django", "sqlite", "postgres", "psycopg", "secret_key", "zqx", "/work")


@pytest.mark.attack("G3")
@pytest.mark.parametrize("address", ["/sources/?q=Zqxsecret", "/api/v1/sources/?q=Zqxsecret"])
@pytest.mark.django_db
def test_an_error_tells_a_stranger_nothing(client: Client, written: io.StringIO, address: str) -> None:
    client.raise_request_exception = False
    break_table()
    response = client.get(address)
    assert response.status_code == 500
    assert [word for word in TELLTALES if word in told(response).lower()] == []
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.attack("G3")
@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.evil.org", "x\0y", "a b", "testserver,evil.org"])
def test_a_wrong_host_is_refused_and_told_nothing(client: Client, written: io.StringIO, host: str) -> None:
    response = client.get("/people/", headers={"Host": host})
    assert response.status_code == 400
    assert [word for word in (*TELLTALES, "evil", "testserver", "allowed") if word in told(response).lower()] == []


@pytest.mark.attack("G3")
@pytest.mark.django_db
def test_a_page_that_does_not_exist_tells_nothing_of_the_routes(client: Client) -> None:
    for address in ("/nothing/", "/api/v1/nothing/", "/people/PER-00000000/", "/admin/nothing/"):
        response = client.get(address, follow=True)
        words = [word for word in (*TELLTALES[:-1], "urlconf", "pattern", "resolver") if word in told(response).lower()]
        assert words == [], address
