"""The server keeps the embedded database open, and sees when another file takes its place."""

from __future__ import annotations

import json
import math
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client

from config.sqlite.base import COUNT_EVERY, DatabaseWrapper
from tests.databasefile import database_file
from tests.installation import Installation, installation, served
from tests.world import make_case

__all__ = ["database_file", "installation"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is no file"),
]
ADD = "from tests.factories import make_person; make_person('In the other file', level='public')"


def count(port: int) -> int | str:
    """Return how many people a stranger is told of, or the status of a refusal."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/people/count/", timeout=20) as answer:
            return int(json.load(answer)["count"])
    except urllib.error.HTTPError as error:
        return f"refused: {error.code}"


def test_a_file_that_takes_the_place_of_the_open_one_is_read_at_the_next_request(installation: Installation) -> None:
    file = installation.file
    assert file is not None
    other = other_file(file)
    with served(installation) as port:
        assert [count(port) for _ in range(8)] == [0] * 8  # each thread has opened it
        other.replace(file)
        assert [count(port) for _ in range(8)] == [1] * 8
        kept = file.rename(file.with_name("kept.sqlite3"))
        assert count(port) == "refused: 503"
        assert not file.exists()
        kept.rename(file)
        assert count(port) == 1


def other_file(file: Path) -> Path:
    """Return a copy of a database in which there is one person more."""
    other = file.with_name("other.sqlite3")
    shutil.copy(file, other)
    Installation(f"sqlite:///{other}", other).manage("shell", "-c", ADD)
    return other


def test_what_was_never_counted_is_counted_when_a_connection_is_closed(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By these numbers SQLite sees that a record has few citations, and a lane many."""
    monkeypatch.setattr(DatabaseWrapper, "_last_counted", math.inf)
    make_case(4)
    forget()
    monkeypatch.setattr(DatabaseWrapper, "_last_counted", -COUNT_EVERY)
    assert statistics() == 0
    assert Client().get("/api/v1/incidents/").status_code == 200
    connections["default"].close()
    assert statistics() > 0


def forget() -> None:
    """Take away what an earlier test of the process let SQLite count."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
    connections["default"].close()


def statistics() -> int:
    """Return how many indexes SQLite knows something of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() == (0,):
            return 0
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'cases_citation'")
        return int(cursor.fetchone()[0])
