"""Indexes and foreign keys out of the way while many rows are written, and back in place when all are there.

To sort once is faster than to find a place for each of millions of rows. Unique indexes stay: they are constraints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models

#: The statement that puts each one back, and the one that takes it away.
FOUND = {
    "sqlite": (
        "SELECT sql, 'DROP INDEX \"' || name || '\"' FROM sqlite_master "
        "WHERE type = 'index' AND sql LIKE 'CREATE INDEX%%' AND tbl_name IN ({tables}) ORDER BY name"
    ),
    "postgresql": (
        "SELECT pg_get_indexdef(i.indexrelid), format('DROP INDEX %%s', i.indexrelid::regclass) FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indrelid "
        "WHERE NOT i.indisunique AND pg_table_is_visible(c.oid) AND c.relname IN ({tables}) "
        "UNION ALL SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', f.conrelid::regclass, f.conname, "
        "pg_get_constraintdef(f.oid)), format('ALTER TABLE %%s DROP CONSTRAINT %%I', f.conrelid::regclass, f.conname) "
        "FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
        "WHERE f.contype = 'f' AND pg_table_is_visible(c.oid) AND c.relname IN ({tables}) ORDER BY 1 DESC"
    ),
}
#: What lets the database sort in memory.
ROOM = {"sqlite": "PRAGMA cache_size = -200000", "postgresql": "SET LOCAL maintenance_work_mem = '256MB'"}


@contextmanager
def without_indexes(connection: Any, written: Collection[type[models.Model]]) -> Iterator[None]:
    """Take the indexes and foreign keys of these models' tables away, and put them back. Inside a transaction.

    PostgreSQL checks each foreign key over all rows when it comes back; SQLite has gone on checking it row by row.
    """
    tables = [model._meta.db_table for model in written]
    statement = FOUND[connection.vendor].format(tables=", ".join(["%s"] * len(tables)))
    with connection.cursor() as cursor:
        cursor.execute(ROOM[connection.vendor])
        cursor.execute(statement, tables * statement.count("IN ("))
        found = cursor.fetchall()
        for _, away in found:
            cursor.execute(away)
        yield
        for back, _ in found:
            cursor.execute(back)
