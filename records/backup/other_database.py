"""Asking another database of the same kind, and telling what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from records.audit.chain import head


@contextmanager
def other_database(**changes: Any) -> Iterator[None]:
    """Let every query go to another database, whose settings differ from ours by `changes`."""
    ours: Any = connections["default"]
    connections["default"] = type(ours)(ours.settings_dict | changes, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = ours


def contents() -> dict[str, Any]:
    """Tell what the database holds: rows by table, the head of the audit trail, the migrations it has been through.

    What SQLite counts for itself (sqlite_stat1) is no content: it may do so while a copy is made.
    """
    rows = {}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in sorted(name for name in tables if not name.startswith("sqlite_")):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = cursor.fetchone()[0]
    number, last = head()
    applied = sorted(".".join(each) for each in MigrationRecorder(connection).applied_migrations())
    return {"rows": rows, "audit": {"number": number, "hash": last}, "migrations": applied}


def differences(found: dict[str, Any], expected: dict[str, Any]) -> str:
    """Say where the contents of a database are not those of a manifest, or nothing."""
    rows, wanted = found["rows"], expected["rows"]
    wanted = {table: number for table, number in wanted.items() if not table.startswith("sqlite_")}
    told = [
        f"{table} has {rows.get(table)} rows instead of {wanted.get(table)}"
        for table in sorted(rows | wanted)
        if rows.get(table) != wanted.get(table)
    ]
    if found["audit"] != expected["audit"]:
        told.append(f"the audit trail ends at {found['audit']} instead of {expected['audit']}")
    return "; ".join(told)
