"""Whether the server's clock has been set back: the audit trail keeps the latest time that was seen.

A clock that is behind revives what has expired: sign-ins, tokens, broken glass, and tries that were counted out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection

from records.audit.acts import act, note
from records.models import AuditEntry
from records.vocabulary import AuditKind

#: So far the clock may be behind: machines that keep time by a server correct it by less.
TOLERATED = timedelta(minutes=1)


def latest_seen() -> datetime | None:
    """Return the time of the last entry of the trail, which is never earlier than that of one before it."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(connection.vendor))
        row = cursor.fetchone()
    return datetime.fromisoformat(row[0]) if row else None


@cache
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that asks for it, and its parameters: put together once, as most requests ask it first."""
    return AuditEntry.objects.order_by("-number").values_list("at")[:1].query.sql_with_params()


def behind_by() -> timedelta:
    """Return by how much the clock is behind the latest time seen; nothing where that is tolerated."""
    seen = latest_seen()
    behind = seen - datetime.now(UTC) if seen else timedelta()
    return behind if behind > TOLERATED else timedelta()


def in_words(behind: timedelta) -> str:
    """Say what is wrong, and what to do."""
    seen = latest_seen()
    return (
        f"The server's clock is behind: the audit trail has seen {seen:%Y-%m-%d %H:%M} UTC, "
        f"{behind.total_seconds():.0f} seconds later than now. Set the clock right. If it was the later time that was "
        'wrong, say so on the server: manage.py clock --later-time-was-wrong "what happened"'
    )


def declare_later_time_wrong(why: str) -> None:
    """Let the trail go on from now, and keep that somebody said so."""
    with act("clock", "command", why):
        note(AuditKind.CLOCK, seen=str(latest_seen()))
