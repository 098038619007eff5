"""Who asks: a stranger, and an analyst of both teams, through the whole application, as its server calls it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

#: An account that `synthesize` makes, of both of its teams.
ANALYST = "synthetic-analyst-both"
STRANGER, TEAM = "stranger", "analyst"


class Reader:
    """Somebody who asks the application for addresses, without a server and a network between."""

    def __init__(self, name: str, user: Any, application: Callable[..., Iterable[bytes]], cookie: str = "") -> None:
        self.name, self.user, self.application, self.cookie = name, user, application, cookie

    def ask(self, address: str, *, compressed: bool = False) -> bytes:
        """Return the body of an answer. Raises RuntimeError where it is not 200."""
        told: list[str] = []
        environment = self.environment(address, compressed=compressed)
        with connections_stay_open():
            answer = self.application(environment, lambda status, *_: told.append(status))
            try:
                body = b"".join(answer)
            finally:
                getattr(answer, "close", lambda: None)()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{address} answered {told[0]}: {body[:200]!r}")
        return body

    def environment(self, address: str, *, compressed: bool) -> dict[str, Any]:
        parts = urlsplit(address)
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT_ENCODING": "gzip" if compressed else "identity",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


@contextmanager
def connections_stay_open() -> Iterator[None]:
    """Keep the connection over the end of a request, as a server does: the process behind it is the one measured."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def readers(application: Callable[..., Iterable[bytes]]) -> list[Reader]:
    """Return the two, the analyst signed in with a second factor, and let into the admin."""
    user = User.objects.get(username=ANALYST)
    user.is_staff = True
    user.save()
    TOTP.activate(user, secrets.token_hex(16).upper().translate(str.maketrans("0189", "ABCD")))
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    return [Reader(STRANGER, AnonymousUser(), application), Reader(TEAM, user, application, cookie)]
