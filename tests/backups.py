"""Installations that are backed up and restored: what they hold, and empty ones of the same kind beside them."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from records.backup.other_database import other_database
from sources.capture_store import keep
from sources.models import Capture
from tests.databasefile import database_file
from tests.factories import make_source
from tests.postgres import find

__all__ = ["apart", "backed_up", "database_file", "elsewhere"]


@pytest.fixture
def apart(database_file: Path | None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose files lie in a folder of its own. Returns a folder for backups."""
    settings.CAPTURES_DIR = tmp_path / "live" / "captures"
    settings.KEY_FILE = tmp_path / "live" / "secret_key"
    settings.VAR_DIR = tmp_path / "live"
    settings.CAPTURES_DIR.mkdir(parents=True)
    settings.KEY_FILE.write_text(settings.SECRET_KEY)
    if programs := find():
        monkeypatch.setenv("POSTGRES_BIN", str(programs))
    folder = tmp_path / "backups"
    folder.mkdir(0o700)
    return folder


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Let queries go to an empty database of the same kind."""
    if connection.vendor == "sqlite":
        (folder / "waymark.sqlite3").touch()
        with other_database(NAME=str(folder / "waymark.sqlite3")):
            yield
        return
    name = f"restored_{connection.settings_dict['NAME']}"
    for statement in (f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"):
        connection.cursor().execute(statement)
    try:
        with other_database(NAME=name):
            yield
    finally:
        connection.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def elsewhere(apart: Path, tmp_path: Path, settings: Any) -> Iterator[Callable[[], Path]]:
    """A function that moves to another machine: an empty database, no captures, another signing key."""
    with ExitStack() as stack:

        def move() -> Path:
            folder = tmp_path / "other"
            folder.mkdir()
            settings.CAPTURES_DIR, settings.KEY_FILE = folder / "captures", folder / "secret_key"
            settings.VAR_DIR, settings.SECRET_KEY = folder, "the key that a new machine made for itself, by chance"
            settings.KEY_FILE.write_text(settings.SECRET_KEY)
            stack.enter_context(empty_database(folder))
            return folder

        yield move


def run(command: str, *words: Any) -> str:
    """Run a command; return what it says."""
    said = io.StringIO()
    call_command(command, *map(str, words), stdout=said, stderr=said)
    return said.getvalue()


@pytest.fixture
def backed_up(apart: Path) -> Path:
    """A backup of an installation that holds a source with a captured file."""
    capture(b"<html>one</html>")
    run("backup", apart / "one.tar")
    return apart / "one.tar"


def capture(content: bytes) -> Capture:
    return Capture.objects.create(source=make_source(), media_type="text/html", **keep([content])._asdict())


def rows_in_order() -> dict[str, list[str]]:
    """Return all rows of each table as texts, the oldest first where the keys are numbers.

    What SQLite counts for itself is no content: it counts again whenever it thinks fit (`PRAGMA optimize`).
    """
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("sqlite_"):
                continue
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{key}"')
            rows[table] = [repr(row) for row in cursor.fetchall()]
    return rows


def content_hashes(rows: dict[str, list[str]] | None = None) -> dict[str, str]:
    """Return a hash of the content of each table: of these rows, or of those that are stored now."""
    tables = rows_in_order() if rows is None else rows
    return {table: hashlib.sha256("\n".join(texts).encode()).hexdigest() for table, texts in tables.items()}


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path there."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def members_of(path: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(path) as tar:
        return {member.name: member for member in tar}


def flipped(path: Path, at: int) -> Path:
    """Return a copy of a file with one bit turned over."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    copy = path.with_name("flipped.tar")
    copy.write_bytes(content)
    return copy
