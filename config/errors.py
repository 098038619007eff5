"""The answer to an unexpected error: 507 for a full disk, 503 for a database out of reach or read-only, else 500."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

FULL = {"53100", sqlite3.SQLITE_FULL}
READ_ONLY = {"25006", sqlite3.SQLITE_READONLY}
#: The classes of PostgreSQL's codes for: no connection, to be tried again, out of means, stopped from outside, waiting.
BUSY_CLASSES = ("08", "40", "53", "55", "57")
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT}
RETRY_SECONDS = 5
READ_ONLY_TEXT = (
    "The database can be read, but not written. Nothing was changed; reading goes on. Whoever runs the server has to "
    "see that its disk is not mounted for reading only, and that file and folder of the database belong to its account."
)

TEXTS = {
    HTTPStatus.INSUFFICIENT_STORAGE: (
        "The server's disk is full. Nothing was changed; reading goes on. Whoever runs the server has to make room."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: "The database does not answer in time. Nothing was changed. Try again shortly.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The server met an error that it did not expect. Nothing was changed.",
}


def error_response(request: HttpRequest) -> HttpResponse:
    """Answer for an error that nobody caught, as Django calls it while handling one. What it was, only the log says."""
    error = sys.exc_info()[1]
    status, text = status_of(error), text_of(error)
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": text}, status=status)
    else:
        response = HttpResponse(render_to_string("500.html", {"text": text}), status=status)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def status_of(error: BaseException | None) -> HTTPStatus:
    """Return the status that tells whose fault an error is."""
    errors = list(behind(error))
    if any(is_full(each) for each in errors):
        return HTTPStatus.INSUFFICIENT_STORAGE
    if any(is_read_only(each) or is_busy(each) for each in errors):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def text_of(error: BaseException | None) -> str:
    """Return what an error means for whoever meets it, and what to do."""
    status = status_of(error)
    if status is HTTPStatus.SERVICE_UNAVAILABLE and any(is_read_only(each) for each in behind(error)):
        return READ_ONLY_TEXT
    return TEXTS[status]


def behind(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def code_of(error: BaseException | None) -> Any:
    """Return the code by which the database's own library names an error."""
    detailed = getattr(error, "sqlite_errorcode", None)
    return getattr(error, "sqlstate", None) if detailed is None else detailed & 0xFF


def is_full(error: BaseException) -> bool:
    return code_of(error) in FULL or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)


def is_read_only(error: BaseException) -> bool:
    return code_of(error) in READ_ONLY or getattr(error, "errno", None) == errno.EROFS


def is_busy(error: BaseException) -> bool:
    """Tell whether the database was stopped, out of reach, or held up by somebody else."""
    code = code_of(error)
    if isinstance(error, OperationalError):  # where no server answers, there is nobody to give a code
        return code_of(error.__cause__) is None
    return code.startswith(BUSY_CLASSES) if isinstance(code, str) else code in BUSY
