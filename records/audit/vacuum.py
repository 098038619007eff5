"""Rewriting the database so that it holds nothing of deleted rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import OperationalError, connection

#: What no command inside the database reaches.
BEYOND = {
    "sqlite": "the free blocks of the disk, snapshots of it, and every backup",
    "postgresql": (
        "the write-ahead log until it is recycled and wherever it is archived, replicas until they have followed, "
        "the free blocks of the disk, and every backup"
    ),
}


class DatabaseInUse(RuntimeError):
    """Somebody else is at work in the database, so that it could not be written anew."""


def write_anew(tables: Iterable[str]) -> None:
    """Write the database file (SQLite), or these tables (PostgreSQL), anew, without what was deleted.

    Raises DatabaseInUse.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _sqlite(cursor)
        else:
            for table in tables:
                cursor.execute(f'VACUUM (FULL, ANALYZE) "{table}"')


def _sqlite(cursor: Any) -> None:
    cursor.execute("PRAGMA journal_mode")
    has_log = cursor.fetchone()[0] == "wal"
    try:
        cursor.execute("VACUUM")
    except OperationalError as error:
        raise DatabaseInUse(str(error)) from error
    if has_log:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise DatabaseInUse("the write-ahead log is being read")
