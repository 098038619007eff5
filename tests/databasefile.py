"""The database of a test as bytes: a real SQLite file, or every text that PostgreSQL holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections


@pytest.fixture
def database_file(transactional_db: None, tmp_path: Path) -> Iterator[Path | None]:
    """Put the embedded database into a file for one test. PostgreSQL stays where it is."""
    if connection.vendor != "sqlite":
        yield None
        return
    file, memory = tmp_path / "waymark.sqlite3", connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    opened = type(memory)(memory.settings_dict | {"NAME": str(file)}, "default")
    connections["default"] = opened
    yield file
    opened.close()
    connections["default"] = memory


@pytest.fixture
def everything_stored(database_file: Path | None) -> Callable[[], bytes]:
    """Return a function that reads all that is stored now: the database with its journals, and the captures."""

    def read() -> bytes:
        files = [file for file in settings.CAPTURES_DIR.rglob("*") if file.is_file()]
        if database_file is not None:
            files += database_file.parent.glob(f"{database_file.name}*")
        return b"\n".join([*(file.read_bytes() for file in files), *(() if database_file else texts())])

    return read


def texts() -> Iterator[bytes]:
    """Yield every row of every table of PostgreSQL, its statistics too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            yield from (row.encode() for (row,) in cursor.fetchall())
        cursor.execute("SELECT s::text FROM pg_stats s WHERE schemaname = 'public'")
        yield from (row.encode() for (row,) in cursor.fetchall())
