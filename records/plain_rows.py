"""Rows written as plain values, past the models' instances: where there are many, these take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import connection, models

#: One value for each column, as the database takes it: days as text, codes of vocabularies as plain text.
Row = Sequence[Any]
_KEYS_BEFORE = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s"
_NEXT_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def plain(value: Any) -> Any:
    """Return a value as a row has it. Others than text, numbers, days and None are written as they are."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    return value.isoformat() if kind is date else str(value) if isinstance(value, str) else value


def write(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows with values in the order of these columns. Keys are given, or drawn by the database."""
    _WRITERS[connection.vendor](model._meta.db_table, ", ".join(f'"{column}"' for column in columns), rows)


def next_keys(model: type[models.Model], number: int) -> Sequence[int]:
    """Return keys for so many new rows, which nobody else is given. Within a transaction that writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # it has one writer, and counts on from the last key that was written
            cursor.execute(_KEYS_BEFORE, [table])
            (last,) = cursor.fetchone()
            return range(last + 1, last + 1 + number)
        cursor.execute(_NEXT_KEYS, [table, model._meta.pk.column, number])
        return [key for (key,) in cursor.fetchall()]


def _insert(table: str, names: str, rows: Sequence[Row]) -> None:
    places = ", ".join(["%s"] * (names.count(",") + 1))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)  # noqa: S608


def _copy(table: str, names: str, rows: Sequence[Row]) -> None:
    statement = f'COPY "{table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


_WRITERS: dict[str, Callable[[str, str, Sequence[Row]], None]] = {"sqlite": _insert, "postgresql": _copy}
