"""Say in one line whether the database of DATABASE_URL answers and is whole. Runs inside the virtual environment.

The file of a new installation is made here and nowhere else.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

OLDEST_POSTGRESQL = (15,)
#: In var/: the database files that were there once, one a line.
REMEMBERED = "databases"
WORDS = "NEW_DATABASE=yes make run"


def main() -> str | None:
    """Connect once, and look for damage; return what is wrong and what to do, or None."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    base: Any = connection
    file = base.file if base.vendor == "sqlite" else None
    if file and (refusal := make_file(file)):
        return refusal
    try:
        base.ensure_connection()
        found = base.get_database_version()
    except (DatabaseError, UnicodeDecodeError) as error:
        return (
            f"The database does not answer: {str(error).strip()}\n"
            "Mend DATABASE_URL, or start its server, then run again."
        )
    if base.vendor == "postgresql" and found < OLDEST_POSTGRESQL:
        return f"PostgreSQL {'.'.join(map(str, found))} is too old: 15 or newer is needed."
    print(f"{base.display_name} {'.'.join(map(str, found))}: {base.settings_dict['NAME']}", flush=True)
    if fault := import_string("records.audit.damage.found_quickly")(base):
        return f"The database is damaged: {fault}\nNothing was changed. Keep a copy of it, and restore the last backup."
    return None


def make_file(file: Path) -> str:
    """Make the file of the embedded database where there never was one; else return why not, and what to do."""
    remembered = settings.VAR_DIR / REMEMBERED
    known = remembered.read_text(encoding="utf-8").splitlines() if remembered.exists() else []
    if not file.exists() or not file.stat().st_size:
        if refusal := why_not(file, str(file) in known):
            return refusal
        try:
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            return f"The database file {file} cannot be made: {error.strerror}. Mend DATABASE_URL, then run again."
    if str(file) not in known:
        settings.VAR_DIR.mkdir(exist_ok=True)
        with remembered.open("a", encoding="utf-8") as kept:
            kept.write(f"{file}\n")
    return ""


def why_not(file: Path, is_known: bool) -> str:
    """Say why a file that is missing or empty is not replaced by a new database, or nothing."""
    for journal in (file.with_name(f"{file.name}-journal"), file.with_name(f"{file.name}-wal")):
        if journal.exists() and journal.stat().st_size:
            return (
                f"The database file {file} is missing or empty, and {journal} belongs to it.\n"
                "Nothing was made in its place. Bring the file back, or move the other one away."
            )
    traces = list(traces_of_earlier(is_known))
    if not traces or os.environ.get("NEW_DATABASE") == "yes":
        return ""
    return (
        f"The database file {file} is missing or empty, but {' and '.join(traces)}.\n"
        "Nothing was made in its place. Bring it back from a backup, or set DATABASE_URL as before.\n"
        f"If a new and empty database is what you want:  {WORDS}"
    )


def traces_of_earlier(is_known: bool) -> Iterator[str]:
    """Yield what shows that this installation had a database."""
    if is_known:
        yield f"{settings.VAR_DIR / REMEMBERED} says that it was there"
    if any(each.is_file() for each in settings.CAPTURES_DIR.rglob("*")):
        yield f"{settings.CAPTURES_DIR} holds captured files"


if __name__ == "__main__":
    sys.exit(main())
