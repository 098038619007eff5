"""The database counts what it holds after it was filled, or its plans would be guesses."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from config.sqlite.base import LOOK_AT
from tests.world import make_case

pytestmark = pytest.mark.django_db


def known_of(index: str) -> bool:
    """Whether the database has counted an index of people."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'cases_person' AND idx = %s", [index])
        else:
            cursor.execute("SELECT count(*) FROM pg_class WHERE relname = %s AND reltuples > 0", [index])
        return bool(cursor.fetchone()[0])


def test_what_holds_where_cases_stand_is_counted_when_that_was_worked_out() -> None:
    for number in range(3):
        make_case(number)
    call_command("rebuild_situations", stdout=StringIO())
    assert known_of("person_by_label")


def test_as_much_is_looked_at_as_shows_how_large_a_lane_is() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE citation (id INTEGER PRIMARY KEY, lane INTEGER, stage INTEGER, ref TEXT)")
        rows = [(0, number // 5, str(number)) for number in range(20_000)]
        database.executemany("INSERT INTO citation (lane, stage, ref) VALUES (?, ?, ?)", rows)
        database.execute("CREATE INDEX by_ref ON citation (lane, ref)")
        database.execute("CREATE INDEX of_stage ON citation (stage)")
        database.execute(f"PRAGMA analysis_limit = {LOOK_AT}")
        database.execute("ANALYZE")
        stages = ", ".join(map(str, range(400)))
        sql = f"EXPLAIN QUERY PLAN SELECT * FROM citation WHERE lane IN (0) AND stage IN ({stages})"  # noqa: S608
        [plan] = [row[-1] for row in database.execute(sql)]
    assert "of_stage" in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_an_index_that_a_migration_has_added_is_counted() -> None:
    make_case(0)
    call_command("rebuild_situations", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX added ON cases_person (sex)")
    assert not known_of("added")
    call_command("migrate", verbosity=0)
    assert known_of("added")
