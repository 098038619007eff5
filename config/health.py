"""/healthz: whether this installation can serve."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.errors import code_of, status_of, text_of
from records.audit.clock import behind_by, in_words
from records.audit.triggers import missing

log = logging.getLogger(__name__)
#: A write that went well is good for so many seconds, however often it is asked for: strangers ask too.
WRITTEN, GOOD_FOR = "healthz.written", 1
#: How long it waits for SQLite's lock, in milliseconds.
PATIENCE = 500


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say "ok" (200) or "unavailable" (507 for a full disk, else 503), and why only in the log: strangers ask too."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    try:
        reason = trouble()
        try_to_write()
    except (DatabaseError, OSError) as error:
        reason = f"{text_of(error)} ({error})"
        if status_of(error) is HTTPStatus.INSUFFICIENT_STORAGE:
            status = HTTPStatus.INSUFFICIENT_STORAGE
    if reason:
        log.error("Not healthy: %s", reason)
    response = JsonResponse({"status": "unavailable" if reason else "ok"}, status=status if reason else HTTPStatus.OK)
    response.headers["Cache-Control"] = "no-store"
    return response


def trouble() -> str:
    """Return what keeps the database from serving, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return f"{len(plan)} migrations are not applied"
    if behind := behind_by():
        return in_words(behind)
    if names := missing(connection):
        return f"changes are not written down: trigger {names[0]} is missing or altered. Run: manage.py migrate"
    return ""


def try_to_write() -> None:
    """Write a session and take it back: it is in no history, and is never stored. Raises DatabaseError."""
    if cache.get(WRITTEN):
        return
    with without_patience(), transaction.atomic():
        Session.objects.create(session_key=secrets.token_hex(16), expire_date=timezone.now())
        transaction.set_rollback(True)
    cache.set(WRITTEN, True, GOOD_FOR)


@contextmanager
def without_patience() -> Iterator[None]:
    """Wait for SQLite's lock only briefly. Where somebody else keeps it, they are writing, and that is all we ask."""
    if connection.vendor != "sqlite":
        yield
        return
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    wait(PATIENCE)
    try:
        yield
    except OperationalError as error:
        if code_of(error.__cause__) != sqlite3.SQLITE_BUSY:
            raise
    finally:
        wait(options["timeout"] * 1000)


def wait(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
