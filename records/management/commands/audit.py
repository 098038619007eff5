"""The command `audit`: verify the audit trail, or show its head."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from records.audit.chain import head, verify
from records.audit.damage import UNREADABLE, not_checked
from records.audit.damage import found as damage_found
from records.audit.row_integrity import strays
from records.audit.triggers import missing
from records.models import AuditEntry, Change

#: How many rows that are not what their history says are named.
SHOWN = 100


class Command(BaseCommand):
    help = (
        "audit verify: follow the chain and name the first entry that does not hold (exit status 1). "
        "audit head: show the last entry, or write it to a file to keep elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        verifying = commands.add_parser("verify", help="Follow the whole chain.")
        verifying.add_argument(
            "--anchor", type=Path, metavar="FILE", help="A head that was kept elsewhere: the chain must still hold it."
        )
        heading = commands.add_parser("head", help="Show the last entry: its number, hash and time.")
        heading.add_argument("--write", type=Path, metavar="FILE", help="Add it to the end of a file.")

    def handle(self, *, what: str, **options: Any) -> None:
        if what == "verify":
            try:
                self.verify(options["anchor"])
            except UNREADABLE as error:
                raise CommandError(f"The database cannot be read: {error}. It may be damaged.") from error
            self.stdout.writelines(f"Not checked: {each}.\n" for each in not_checked(connection))
        else:
            self.head(options["write"])

    def verify(self, anchor: Path | None) -> None:
        """Check the files, chain, sealed changes, triggers, rows and an anchor; what is found ends in CommandError."""
        if damage := list(islice(damage_found(connection), SHOWN)):
            raise CommandError(
                "The database is damaged. Keep a copy of it, and restore the last backup:\n" + "\n".join(damage)
            )
        if broken := verify(self.say):
            raise CommandError(f"Audit entry {broken.entry} {broken.what}.")
        if names := missing(connection):
            raise CommandError(
                f"Changes are not written down: trigger {names[0]} is missing or altered. Run: manage.py migrate"
            )
        if rows := list(islice(strays(connection), SHOWN + 1)):
            more = f"\n... and more than these {SHOWN}" if len(rows) > SHOWN else ""
            raise CommandError("A row is not what its history says: " + ".\n".join(rows[:SHOWN]) + f".{more}")
        number, _ = head()
        for kept_number, kept_hash in read_anchor(anchor) if anchor else ():
            found = AuditEntry.objects.filter(number=kept_number).values_list("hash", flat=True).first()
            if found != kept_hash:
                raise CommandError(
                    f"Audit entry {kept_number} is not the one that {anchor} remembers: "
                    "the chain was cut off or written anew."
                )
        waiting = Change.objects.filter(entry__isnull=True).count()
        self.say(f"{number} entries hold; {Change.objects.count() - waiting} changes are sealed, {waiting} wait.")
        if waiting:
            self.say("Changes that wait came from outside the application; the next entry seals them.")

    def head(self, file: Path | None) -> None:
        number, last = head()
        line = f"{number} {last} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if file is not None:
            with file.open("a", encoding="ascii") as kept:
                kept.write(line + "\n")
                kept.flush()
                os.fsync(kept.fileno())
        self.say(line)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def read_anchor(file: Path) -> list[tuple[int, str]]:
    """Return the numbers and hashes in a file of heads. Raises CommandError with the line that is none."""
    found = []
    for place, line in enumerate(file.read_text(encoding="ascii").splitlines(), start=1):
        parts = line.split()
        if len(parts) < 2 or not parts[0].isdecimal() or len(parts[1]) != 64:
            raise CommandError(f"{file}, line {place}: {line!r} is no head of the chain; expected a number and a hash.")
        found.append((int(parts[0]), parts[1]))
    return found
