"""Copying the embedded database while people write, opening the copy, and putting one in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, connection

from records.backup.archive import Say, new_file
from records.backup.other_database import other_database
from records.backup.problems import BackupRefused
from records.backup.taking_places import TakingPlaces

#: How many pages are copied between two moments at which others can write: 4 MB.
STEP = 1000
#: How often the copying may begin anew because somebody wrote. After that it is done in one go.
BEGINNINGS = 5
WAIT_SECONDS = 10


class WrittenMeanwhile(Exception):
    """Others write so often that a copy made in steps would never end."""


@contextmanager
def copied(file: Path, say: Say) -> Iterator[None]:
    """Copy the database into a new file; as long as this lasts, queries go to the copy."""
    with new_file(file):
        pass
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as target:
        try:
            connection.connection.backup(target, pages=STEP, progress=Progress(say), sleep=0.05)
        except WrittenMeanwhile:
            say("  others write all the time: copying in one go, for which they wait")
            connection.connection.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE").close()  # one file, whatever the mode of the original
    with opened(file):
        yield


class Progress:
    """Tell how far the copying is; stop it where it has begun anew too often."""

    def __init__(self, say: Say) -> None:
        self.say, self.left, self.beginnings, self.steps = say, 0, 0, 0

    def __call__(self, status: int, left: int, total: int) -> None:
        self.beginnings += left >= self.left
        self.left, self.steps = left, self.steps + 1
        if self.beginnings > BEGINNINGS:
            raise WrittenMeanwhile
        if self.steps % 50 == 1:
            self.say(f"  {total - left} of {total} pages copied")


@contextmanager
def opened(file: Path) -> Iterator[None]:
    with other_database(NAME=str(file), OPTIONS={}):
        yield


@contextmanager
def proved(file: Path, say: Say) -> Iterator[bool]:
    """Open a copy and check the file by SQLite's own check; as long as this lasts, queries go to it. Always True."""
    with opened(file), connection.cursor() as cursor:
        say("Checking the file of the database")
        try:
            told = [each for (each,) in cursor.execute("PRAGMA integrity_check").fetchall()]
        except DatabaseError as error:
            raise BackupRefused(f"The copy of the database is no database: {error}") from error
        if told != ["ok"]:
            raise BackupRefused(f"The copy of the database is damaged: {told[0]}")
        yield True


def place() -> Path:
    """Return where the database lies. Raises BackupRefused where it lies in memory."""
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise BackupRefused("The database of DATABASE_URL lies in memory and cannot be restored.")
    return Path(name)


def staging_place() -> Path:
    """Return the place beside which a copy is unpacked."""
    return place()


def refuse_target(replace: bool) -> None:
    """Raise BackupRefused where something would be written over."""
    file = place()
    if file.exists() and file.stat().st_size and not replace:
        raise BackupRefused(
            f"{file} holds a database. To keep it beside the restored one, under another name, stop the server and add "
            "--replace"
        )


def put_in_place(staged: Path, places: TakingPlaces, say: Say) -> None:
    """Let a staged copy take the place of the database. Raises BackupRefused where somebody is at work in it."""
    with proved(staged, say):
        pass
    file = place()
    connection.close()
    if file.exists() and not file.stat().st_size:
        file.unlink()  # an empty one that `make run` made
    if not file.exists():
        places.take(staged, file)
        return
    with others_shut_out(file):
        places.take(staged, file)


@contextmanager
def others_shut_out(file: Path) -> Iterator[None]:
    """Let nobody write to a database as long as this lasts, and what a crash left in its journal be in the file.

    A journal that stayed behind would be played into whatever file takes the name.
    """
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as base:
        try:
            base.execute("PRAGMA journal_mode=DELETE").close()
            base.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise BackupRefused(f"Somebody is at work in {file}. Stop the server, then restore again.") from error
        except sqlite3.DatabaseError as error:
            told = f"{file} is damaged ({error}). Move it away, with what lies beside it, and restore again."
            raise BackupRefused(told) from error
        for ending in ("-journal", "-wal"):
            if (left := file.with_name(file.name + ending)).exists():
                raise BackupRefused(f"{left} belongs to {file}. Stop the server; if it stays, move both away together.")
        yield
