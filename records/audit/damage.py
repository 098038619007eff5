"""Whether the files of the database are whole, as far as the database itself can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, ProgrammingError, transaction

#: What is raised where a file is so damaged that nobody can read it, or the message that says so.
UNREADABLE = (DatabaseError, UnicodeDecodeError)
#: How many faults of a file SQLite lists.
LISTED = 20
INDEXES = (
    "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND i.indisvalid AND i.indisready "
    "AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
)
TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
    "ORDER BY 1"
)


def found_quickly(connection: Any) -> str:
    """Return the first fault that a look at every page finds (SQLite), or that the server has met (PostgreSQL)."""
    if connection.vendor == "sqlite":
        return next(_sqlite(connection, "quick_check(1)"), "")
    return next(_checksums(connection), "")


def found(connection: Any) -> Iterator[str]:
    """Yield every fault, rows without their place in an index too. Reads everything."""
    if connection.vendor == "sqlite":
        yield from _sqlite(connection, f"integrity_check({LISTED})")
        return
    yield from _checksums(connection)
    if not _unavailable(connection):
        yield from _amcheck(connection)


def not_checked(connection: Any) -> list[str]:
    """Return what cannot be checked here, and what would allow it."""
    if connection.vendor == "sqlite":
        return []
    (checksums,) = _rows(connection, "SHOW data_checksums")[0]
    without = [] if checksums == "on" else ["PostgreSQL has no data checksums (pg_checksums --enable)"]
    return without + ([unavailable] if (unavailable := _unavailable(connection)) else [])


def _sqlite(connection: Any, check: str) -> Iterator[str]:
    try:
        told = [line for (line,) in _rows(connection, f"PRAGMA {check}")]
    except UNREADABLE as error:
        told = [str(error)]
    yield from (line for line in told if line != "ok")


def _checksums(connection: Any) -> Iterator[str]:
    """Yield the pages that PostgreSQL found to differ from their checksums since it counts."""
    statement = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    for (failures,) in _rows(connection, statement):
        if failures:
            yield f"PostgreSQL has read {failures} pages that do not match their checksums; its log names them"


def _unavailable(connection: Any) -> str:
    """Say why amcheck cannot be asked, or nothing."""
    if not _rows(connection, "SELECT 1 FROM pg_extension WHERE extname = 'amcheck'"):
        return "indexes and tables are not compared: the extension amcheck is missing (CREATE EXTENSION amcheck)"
    try:
        with transaction.atomic(using=connection.alias):
            _rows(connection, "SELECT bt_index_check('pg_class_oid_index'::regclass)")
    except ProgrammingError:
        return "indexes and tables are not compared: this role may not use amcheck (GRANT EXECUTE on its functions)"
    return ""


def _amcheck(connection: Any) -> Iterator[str]:
    for (index,) in _rows(connection, INDEXES):
        try:
            with transaction.atomic(using=connection.alias):
                _rows(connection, "SELECT bt_index_check(index => %s::regclass, heapallindexed => true)", index)
        except DatabaseError as error:
            yield f"index {index}: {str(error).splitlines()[0]}"
    for (table,) in _rows(connection, TABLES):
        for block, fault in _rows(connection, "SELECT blkno, msg FROM verify_heapam(%s::regclass)", table):
            yield f"table {table}, block {block}: {fault}"


def _rows(connection: Any, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()
