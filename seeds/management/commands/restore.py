"""The command `restore`: put back what `backup` wrote, all of it or nothing, and prove it."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from records.backup.archive import CAPTURES, DATABASES, KEY, PROGRESS_EVERY, Archive, opened_archive
from records.backup.engines import engine
from records.backup.other_database import contents, differences
from records.backup.problems import BackupRefused
from records.backup.taking_places import TakingPlaces


class Command(BaseCommand):
    help = (
        "Put back a backup: database, captured files and signing key. Stop the server first. Every byte is checked "
        "before anything is written. Nothing is lost: what was there is refused, or kept beside under another name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="A file that `backup` wrote.")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Let it take the place of what is there, which is kept beside with the time in its name.",
        )

    def handle(self, *, path: Path, replace: bool, **options: Any) -> None:
        try:
            self.say("Checking the backup")
            with opened_archive(path, self.say) as archive:
                refuse_unfit(archive)
                engine().refuse_target(replace)
                refuse_captures(replace)
                self.put_back(archive)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        self.prove(archive)

    def put_back(self, archive: Archive) -> None:
        """Unpack everything beside its place, then let it take its place: the database last."""
        member, store = DATABASES[connection.vendor], settings.CAPTURES_DIR
        with ExitStack() as stack:
            self.say("Unpacking")
            database = stack.enter_context(staging(engine().staging_place())) / member
            archive.unpack(member, database)
            captures = stack.enter_context(staging(store)) / store.name
            self.unpack_captures(archive, captures)
            key = stack.enter_context(staging(settings.KEY_FILE or settings.VAR_DIR / KEY)) / KEY
            archive.unpack(KEY, key)
            places = stack.enter_context(TakingPlaces())
            places.take(captures, store)
            self.take_key(key, places)
            engine().put_in_place(database, places, self.say)
        for kept in places.kept:
            self.say(f"Kept beside: {kept}")

    def unpack_captures(self, archive: Archive, folder: Path) -> None:
        folder.mkdir(0o700)
        for done, name in enumerate(archive.captures, start=1):
            archive.unpack(CAPTURES + name, folder / name)
            if done % PROGRESS_EVERY == 0:
                self.say(f"  {done} of {len(archive.captures)} files")

    def take_key(self, key: Path, places: TakingPlaces) -> None:
        """Put the signing key in its place, or say that the environment has to give it."""
        if key.read_text(encoding="utf-8") == settings.SECRET_KEY:
            return
        if settings.KEY_FILE is not None:
            places.take(key, settings.KEY_FILE)
            return
        self.stderr.write(
            "SECRET_KEY in the environment is not the key of the backup: nobody's one-time codes work with it. "
            f"That of the backup is its member {KEY}."
        )

    def prove(self, archive: Archive) -> None:
        """Ask the restored database everything that can be asked. Raises CommandError where it is not in order."""
        self.say("Everything is in its place. It holds these rows, which are now checked:")
        connection.close()
        found = contents()
        for table, rows in found["rows"].items():
            self.say(f"  {rows:>9} {table}")
        if different := differences(found, archive.manifest):
            raise CommandError(f"Restored, but not what the backup holds: {different}")
        made = archive.manifest["made"]
        try:
            call_command("migrate", check_unapplied=True, verbosity=0)
        except SystemExit:
            raise CommandError(
                f"Restored as it was at {made}, which is older than this Waymark. Run manage.py migrate, and then "
                "audit verify  and  check_data"
            ) from None
        call_command("audit", "verify", stdout=self.stdout)
        call_command("check_data", stdout=self.stdout)
        number = archive.manifest["audit"]["number"]
        self.stdout.write(self.style.SUCCESS(f"Restored as it was at {made}, up to entry {number} of the audit trail."))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def staging(place: Path) -> Iterator[Path]:
    """Make a folder beside the place of something, on the same disk, that this account alone can read."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=place.parent) as folder:
        yield Path(folder)


def refuse_unfit(archive: Archive) -> None:
    """Raise BackupRefused where a backup is of another kind of database, or of a newer Waymark."""
    if DATABASES[connection.vendor] not in archive.sums:
        raise archive.refuse(
            f"was taken from {archive.manifest['database']}, and DATABASE_URL leads to {connection.vendor}: a backup "
            "goes back to the kind of database that it came from"
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    own = {name for name in archive.manifest["migrations"] if name.partition(".")[0] in (*settings.OWN_APPS, "seeds")}
    if newer := sorted(own - known):
        raise archive.refuse(f"was taken by a newer Waymark: this one does not know {newer[0]}. Upgrade first")


def refuse_captures(replace: bool) -> None:
    """Raise BackupRefused where captured files of something else lie in the store."""
    store: Path = settings.CAPTURES_DIR
    if not replace and store.is_dir() and any(store.iterdir()):
        raise BackupRefused(
            f"{store} holds captured files. To keep them beside the restored ones, under another name, stop the server "
            "and add --replace"
        )
