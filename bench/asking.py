"""Asking another build for addresses: runs in its folder, with its settings, and imports nothing of this one.

Reads [[work, reader, address]...] as JSON, and writes [[work, reader, milliseconds of processor]...] in its last line.
"""

from __future__ import annotations

import io
import json
import logging
import os
import statistics
import sys
import time
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

# The other build's own, which sets Django up: what comes after needs that.
from config.wsgi import application  # noqa: E402, I001
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

ANALYST = "synthetic-analyst-both"
GIVEN_UP, LONG, TIMES = 60.0, 3.0, 3


def main() -> None:
    """Ask for every address, and tell what each took."""
    logging.disable()
    user = User.objects.get(username=ANALYST)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = Client()
    client.force_login(user)
    cookies = {"stranger": "", "analyst": "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())}
    found = []
    for work, reader, address in json.load(sys.stdin):
        taken = times(address, cookies[reader])
        print(f"  {work}, {reader}: {taken or 'no answer'}", file=sys.stderr, flush=True)
        found.append([work, reader, taken])
    print(json.dumps(found))


def times(address: str, cookie: str) -> float | None:
    """Return the median of what an address takes; None where it is not answered, or not within GIVEN_UP seconds."""
    taken: list[float] = []
    timer = Timer(GIVEN_UP, lambda: connection.connection and connection.connection.interrupt())
    timer.start()
    try:
        for _ in range(TIMES + 1):
            began = time.process_time()
            if not ask(address, cookie):
                return None
            taken.append((time.process_time() - began) * 1000)
            if taken[0] > LONG * 1000:
                return round(taken[0], 2)
    except Exception as error:
        print(f"  {address}: {type(error).__name__}", file=sys.stderr)
        return None
    finally:
        timer.cancel()
    return round(statistics.median(taken[1:]), 2)


def ask(address: str, cookie: str) -> bool:
    parts, told = urlsplit(address), []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_ENCODING": "identity",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer: Any = application(environ, lambda status, *_: told.append(status))  # type: ignore[arg-type]
    for _ in answer:
        pass
    answer.close()
    return bool(told[0].startswith("200"))


if __name__ == "__main__":
    main()
