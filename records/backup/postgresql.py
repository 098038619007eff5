"""Dumping PostgreSQL while people write, restoring the dump into a database that is thrown away, and into an empty one.

PostgreSQL's own pg_dump and pg_restore do the work. They get the password by their environment, which other accounts
cannot read, and never on their command line, which they can.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from records.backup.archive import DATABASES, Say, new_file
from records.backup.other_database import other_database
from records.backup.problems import BackupRefused
from records.backup.taking_places import TakingPlaces

TELL_EVERY = 5  # seconds
#: The objects belong to whoever restores, who may have another name than the account of the backup.
ANYBODYS = ("--no-owner", "--no-privileges", "--no-password")


def folders() -> Iterator[Path]:
    """Yield where PostgreSQL's programs may be: in POSTGRES_BIN, or where systems keep them."""
    if named := os.environ.get("POSTGRES_BIN"):
        yield Path(named)
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")
    if found := shutil.which("pg_dump"):
        yield Path(found).parent


def program(name: str) -> Path:
    """Return the program that fits the server: of its version, or else the next newer one. Raises BackupRefused."""
    wanted = connection.get_database_version()[0]
    there = {major(folder / name): folder / name for folder in folders()}
    suitable = [version for version in there if version >= wanted]
    if not suitable:
        raise BackupRefused(
            f"{name} of PostgreSQL {wanted} or newer is needed and was not found. Install the client programs "
            f"(Debian, Ubuntu: postgresql-client-{wanted}), or name their folder in POSTGRES_BIN."
        )
    return there[min(suitable)]


def major(path: Path) -> int:
    """Return the major version of a program, 0 when there is none that runs."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def run(name: str, *words: str, at_work: str, say: Say) -> None:
    """Run a program of PostgreSQL's on our server. Raises BackupRefused with what it says where it fails."""
    with subprocess.Popen(  # noqa: S603  # a program that was looked for by its name
        [program(name), *words], env=environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        while True:
            try:
                _, told = process.communicate(timeout=TELL_EVERY)
                break
            except subprocess.TimeoutExpired:
                say(f"  {name} is at work: {at_work}")
            except BaseException:
                process.kill()
                raise
    if process.returncode:
        raise BackupRefused(f"{name} failed: {told.strip()}")


def environment() -> dict[str, str]:
    """Return the environment in which PostgreSQL's programs find our server."""
    told = connection.settings_dict
    _, secret = DatabaseClient.settings_to_cmd_args_env(told, [])
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
    where = {name: str(told[key]) for name, key in names.items() if told.get(key)}
    return {**os.environ, **where, **(secret or {}), "LC_ALL": "C"}


@contextmanager
def copied(file: Path, say: Say) -> Iterator[None]:
    """Dump the database into a new file; as long as this lasts, queries see the state that was dumped."""
    with new_file(file):
        pass
    with one_state() as state:
        words = ("--format=custom", *ANYBODYS, f"--snapshot={state}", f"--file={file}")
        run("pg_dump", *words, at_work="writing the dump", say=say)
        yield


@contextmanager
def one_state() -> Iterator[str]:
    """Let all queries see the database as it is now, whatever others write; yields PostgreSQL's name of that state."""
    with other_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


@contextmanager
def proved(file: Path, say: Say) -> Iterator[bool]:
    """Restore a dump into a database that is thrown away; as long as this lasts, queries go to that one.

    Yields False, and lets queries go to one state of our own database, where the account may create none: then the
    dump is read to its end and no more.
    """
    if not may_create_databases():
        say(
            "The account may not create databases: the dump is read to its end, and not restored. To have it restored, "
            f"let an administrator run:  ALTER ROLE {connection.settings_dict['USER']} CREATEDB"
        )
        run("pg_restore", f"--file={os.devnull}", str(file), at_work="reading the dump", say=say)
        with one_state():
            yield False
        return
    name = f"{connection.settings_dict['NAME'][:40]}_proof_{secrets.token_hex(6)}"  # PostgreSQL cuts names at 63
    quoted = connection.ops.quote_name(name)
    say(f"Restoring the dump into the database {name}, which is dropped afterwards")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
    try:
        with other_database(NAME=name):
            load(file, say)
            yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def may_create_databases() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def load(file: Path, say: Say) -> None:
    """Restore a dump into the database, in one transaction: all of it or nothing."""
    words = (*ANYBODYS, "--exit-on-error", "--single-transaction", f"--dbname={connection.settings_dict['NAME']}")
    run("pg_restore", *words, str(file), at_work="filling the database", say=say)


def staging_place() -> Path:
    """Return a place beside which a dump is unpacked."""
    return Path(settings.VAR_DIR) / DATABASES["postgresql"]


def refuse_target(replace: bool) -> None:
    """Raise BackupRefused where the database is not empty: no database of PostgreSQL is ever replaced."""
    if connection.introspection.table_names():
        name, user = connection.settings_dict["NAME"], connection.settings_dict["USER"]
        raise BackupRefused(
            f"The database {name} holds tables, and nothing in PostgreSQL is dropped here. Make an empty one:  "
            f"createdb --owner {user} {name}_restored   Let DATABASE_URL lead to it, and restore again."
        )


def put_in_place(staged: Path, places: TakingPlaces, say: Say) -> None:
    """Restore a staged dump into the empty database of DATABASE_URL."""
    load(staged, say)
    connection.close()
