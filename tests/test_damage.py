"""Damage to the files of the database: what is found of it, and that a missing file stays missing."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections

from make.shell import environment
from records.audit.chain import CHANGE_COLUMNS
from records.audit.triggers import columns, tracked
from records.models import AuditEntry, Change
from tests.databasefile import database_file
from tests.factories import make_person

__all__ = ["database_file"]
PLACES = 20


def verify() -> str:
    out = io.StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue()


@contextmanager
def opened(file: Path) -> Iterator[None]:
    """Look into another file."""
    live: Any = connections["default"]
    connections["default"] = type(live)(live.settings_dict | {"NAME": str(file)}, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = live


def fault_of(file: Path) -> str:
    """Return what `audit verify` finds in a file, or nothing."""
    try:
        with opened(file):
            verify()
    except (CommandError, DatabaseError) as error:
        return str(error)
    return ""


def followed(file: Path) -> str:
    """Return a digest of every row that is followed, and of the trail."""
    digest = hashlib.sha256()
    chosen: list[tuple[Any, list[Any]]] = [(model, columns(model)) for model in tracked()]
    chosen += [(Change, [*CHANGE_COLUMNS]), (AuditEntry, [field.column for field in AuditEntry._meta.concrete_fields])]
    with opened(file), connection.cursor() as cursor:
        for model, names in chosen:
            wanted = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'SELECT {wanted} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
            for row in cursor.fetchall():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def everything(file: Path) -> str:
    """Return a digest of all that any table holds."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(file)) as base:
        base.text_factory = bytes
        for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            for row in base.execute(f'SELECT * FROM "{table.decode()}"'):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def test_of_twenty_flipped_bytes_every_one_is_found_that_touches_a_record_or_its_history(
    database_file: Path | None, tmp_path: Path, record_property: Any
) -> None:
    if database_file is None:
        pytest.skip("PostgreSQL keeps its files to itself, and its own checksums")
    call_command("load_seeds", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    whole, copy, places = database_file.read_bytes(), tmp_path / "flipped.sqlite3", random.Random(20261129)
    copy.write_bytes(whole)
    before, stored, found, idle, harmful = followed(copy), everything(copy), 0, 0, []
    assert fault_of(copy) == ""
    for place in (places.randrange(len(whole)) for _ in range(PLACES)):
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        if fault_of(copy):
            found += 1
        elif followed(copy) != before:
            harmful.append(place)
        elif everything(copy) == stored:
            idle += 1
    figures = f"{found} of {PLACES} found, {idle} others in room that holds nothing, in {len(whole)} bytes"
    record_property("flips", figures)
    print(figures)
    assert harmful == []
    assert found


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_missing_from_an_index_is_named(database_file: Path | None) -> None:
    index = "cases_person_ref_key" if database_file is None else ""
    with connection.cursor() as cursor:
        if database_file is None:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
            if cursor.fetchone() is None:
                pytest.skip("this PostgreSQL comes without amcheck")
            assert "Not checked: indexes and tables" in verify()
            cursor.execute("CREATE EXTENSION amcheck")
            switch = f"UPDATE pg_index SET indisready = %s WHERE indexrelid = '{index}'::regclass"
            cursor.execute(switch, [False])
            make_person("Unlisted")
            cursor.execute(switch, [True])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'cases_person' AND sql LIKE 'CREATE I%'")
            index = cursor.fetchall()[0][0]
            make_person("Listed")
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = %s", [index])
            entry = cursor.fetchone()
            cursor.execute("DELETE FROM sqlite_master WHERE name = %s", [index])
            cursor.execute("PRAGMA writable_schema = RESET")
            make_person("Unlisted")
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute("INSERT INTO sqlite_master VALUES (%s, %s, %s, %s, %s)", entry)
            cursor.execute("PRAGMA writable_schema = RESET")
    try:
        with pytest.raises(CommandError, match=f"(?s)The database is damaged.*{index}"):
            verify()
    finally:
        if database_file is None:
            with connection.cursor() as cursor:
                cursor.execute(f"REINDEX INDEX {index}")
                cursor.execute("DROP EXTENSION amcheck")


class TestTheFile:
    """Of a new installation it is made once, by `make run`."""

    @pytest.fixture
    def start(self, tmp_path: Path) -> Any:
        """Return a function that prepares the database as `make run` does, in an installation of its own."""
        (tmp_path / "make").symlink_to(settings.BASE_DIR / "make")
        shutil.copytree(settings.BASE_DIR / "config", tmp_path / "config")
        for folder in ("records", "sources", "cases", "seeds", "templates", "static"):
            (tmp_path / folder).symlink_to(settings.BASE_DIR / folder)

        def run(**changes: str) -> subprocess.CompletedProcess[str]:
            env = environment(DATABASE_URL=None, SECRET_KEY=None, PYTHONDONTWRITEBYTECODE="1") | changes
            command = [sys.executable, "-m", "make.database"]
            return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

        return run

    def test_that_is_gone_is_not_replaced_without_the_words(self, start: Any, tmp_path: Path) -> None:
        file = tmp_path / "var" / "waymark.sqlite3"
        assert start().returncode == 0
        assert file.stat().st_mode & 0o777 == 0o600
        file.unlink()
        told = start()
        assert told.returncode == 1
        assert f"{file} is missing or empty" in told.stderr
        assert "NEW_DATABASE=yes make run" in told.stderr
        assert not file.exists()
        assert start(NEW_DATABASE="yes").returncode == 0
        assert file.exists()

    def test_that_was_emptied_is_as_good_as_gone(self, start: Any, tmp_path: Path) -> None:
        assert start().returncode == 0
        (tmp_path / "var" / "waymark.sqlite3").write_bytes(b"")
        assert start().returncode == 1

    def test_is_not_made_where_files_were_captured(self, start: Any, tmp_path: Path) -> None:
        (tmp_path / "var" / "captures" / "ab").mkdir(parents=True)
        (tmp_path / "var" / "captures" / "ab" / "file").write_bytes(b"x")
        told = start()
        assert (told.returncode, "holds captured files" in told.stderr) == (1, True)

    def test_is_not_made_beside_the_journal_of_another(self, start: Any, tmp_path: Path) -> None:
        (tmp_path / "var").mkdir()
        (tmp_path / "var" / "waymark.sqlite3-journal").write_bytes(b"x")
        told = start(NEW_DATABASE="yes")
        assert (told.returncode, "waymark.sqlite3-journal belongs to it" in told.stderr) == (1, True)

    def test_that_is_damaged_is_not_started_with(self, start: Any, tmp_path: Path) -> None:
        file = tmp_path / "var" / "waymark.sqlite3"
        (tmp_path / "var").mkdir()
        file.write_bytes(b"no database at all" * 500)
        told = start()
        assert told.returncode == 1
        assert "file is not a database" in told.stderr
        assert file.read_bytes() == b"no database at all" * 500

    def test_is_made_by_no_request_and_no_command(self, tmp_path: Path) -> None:
        file = tmp_path / "gone.sqlite3"
        env = environment(DATABASE_URL=f"sqlite:///{file}")
        command = [sys.executable, "manage.py", "audit", "head"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert f"the database file {file} is missing. Bring it back" in done.stderr
        assert not file.exists()
