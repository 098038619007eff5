"""Backups as the README says to take them, taken while people write, and opened again."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from cases.models import Person
from records.models import AuditEntry
from tests.databasefile import database_file
from tests.factories import make_person
from tests.pasts import by, somebody
from tests.postgres import find

__all__ = ["database_file"]
#: How many acts are carried out while the backup runs.
ACTS = 12


@contextmanager
def opened(name: str) -> Iterator[None]:
    """Look into another database of the same kind."""
    live: Any = connections["default"]
    connections["default"] = type(live)(live.settings_dict | {"NAME": name}, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = live


def back_up_sqlite(live: Path, copy: Path, work: Callable[[], None]) -> None:
    """Copy page by page, as sqlite3's .backup does, with an act between the steps."""
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=40, progress=lambda *_: work(), sleep=0)


def words_of(name: str) -> list[str]:
    told = connection.settings_dict
    return ["-h", told["HOST"], "-p", str(told["PORT"]), "-U", told["USER"], "-d", name]


def back_up_postgresql(dump: Path, name: str, work: Callable[[], None]) -> None:
    """Dump while acts go on, and restore into a new database."""
    folder, told = find(), connection.settings_dict
    assert folder is not None
    environment = {"PGPASSWORD": told["PASSWORD"], "LC_ALL": "C"}
    with subprocess.Popen(
        [folder / "pg_dump", "-Fc", "-f", str(dump), *words_of(told["NAME"])], env=environment
    ) as dumping:
        while dumping.poll() is None:
            work()
    assert dumping.returncode == 0
    with psycopg.connect(**server(), autocommit=True) as maintenance:
        maintenance.execute(f"CREATE DATABASE {name}")
    subprocess.run([folder / "pg_restore", *words_of(name), str(dump)], env=environment, check=True)


def server() -> dict[str, Any]:
    told = connection.settings_dict
    return {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]} | {
        "dbname": "postgres"
    }


@pytest.fixture
def copied(database_file: Path | None, tmp_path: Path) -> Iterator[Callable[[Callable[[], None]], str]]:
    """Return a function that takes a backup during some work, restores it, and returns the name of the copy."""
    if database_file is not None:
        live, copy = database_file, tmp_path / "copy.sqlite3"

        def on_sqlite(work: Callable[[], None]) -> str:
            back_up_sqlite(live, copy, work)
            return str(copy)

        yield on_sqlite
        return
    name = f"restored_{connection.settings_dict['NAME']}"

    def on_postgresql(work: Callable[[], None]) -> str:
        back_up_postgresql(tmp_path / "dump", name, work)
        return name

    yield on_postgresql
    with psycopg.connect(**server(), autocommit=True) as maintenance:
        maintenance.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.mark.attack("I3")
def test_a_backup_taken_while_people_write_is_whole_and_proves_itself(copied: Any, record_property: Any) -> None:
    """The copy is a state that once was: its chain is whole, and holds every act up to one, and none after it."""
    writer = somebody("writer")
    heads: dict[str, int] = {}

    def head() -> str:
        return AuditEntry.objects.order_by("-number").values_list("hash", flat=True)[0]

    def work() -> None:
        if len(heads) < ACTS:
            with by(writer, "Under load."):
                make_person(f"Person {len(heads)}", review="draft")
            heads[head()] = Person.objects.count()

    work()
    began = time.monotonic()
    name = copied(work)
    while len(heads) < ACTS:
        work()
    with opened(name):
        call_command("audit", "verify", stdout=io.StringIO())
        call_command("check_data", stdout=io.StringIO())
        there, people = head(), Person.objects.count()
    lost = ACTS - list(heads).index(there) - 1
    record_property("restore", f"{lost} acts after the backup, back after {time.monotonic() - began:.1f} seconds")
    assert people == heads[there]
    assert Person.objects.count() == ACTS
