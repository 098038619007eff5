"""The command `backup`: everything that an installation holds in one file, proved by opening it."""

from __future__ import annotations

import platform
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from records.backup.archive import (
    CAPTURES,
    DATABASES,
    KEY,
    PROGRESS_EVERY,
    ArchiveWriter,
    new_file,
    opened_archive,
    work_folder,
)
from records.backup.engines import engine
from records.backup.other_database import contents, differences
from records.backup.places import refuse_place
from records.backup.problems import BackupRefused
from records.backup.taking_places import settle
from sources.capture_checks import copies_among, files_to_keep
from sources.capture_store import path_of


class Command(BaseCommand):
    help = (
        "Write database, captured files and signing key into one new file that only this account can read, while "
        "people go on working, and prove it: it is opened again, and `audit verify` follows the trail in it. It is "
        "not encrypted: whoever has it has everything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="The new file, such as /srv/backups/2026-11-29.tar")
        parser.add_argument(
            "--inside-checkout", action="store_true", help="Allow a place where it could be committed by accident."
        )
        parser.add_argument(
            "--open-folder", action="store_true", help="Allow a folder that other accounts can read or write."
        )
        parser.add_argument(
            "--keep-unproved",
            action="store_true",
            help="Keep the file although `audit verify` finds a fault in what it holds. Exit status 1 all the same.",
        )

    def handle(self, *, path: Path, inside_checkout: bool, open_folder: bool, **options: Any) -> None:
        try:
            refuse_place(path, inside_checkout=inside_checkout, open_folder=open_folder)
            refuse_empty()
            with work_folder(path) as folder:
                part = folder / "backup.tar"
                missing = self.write(part, folder)
                fault = self.prove(part, folder)
                if fault and not options["keep_unproved"]:
                    raise CommandError(f"{fault} No backup was kept. To keep it all the same:  --keep-unproved")
                refuse_place(path, inside_checkout=inside_checkout, open_folder=open_folder)
                part.rename(path)
                settle(path.parent)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        if fault or missing:
            raise CommandError(f"{path} was written, but: {fault}{missing}", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"{path}: {path.stat().st_size} bytes, proved."))

    def write(self, part: Path, folder: Path) -> str:
        """Write the archive; return what is missing in it.

        The database comes first: a file is in the store before its row is committed, so every row that was copied
        has its file there afterwards. Files of rows that came later are left out.
        """
        member = DATABASES[connection.vendor]
        copy = folder / member
        self.say("Copying the database")
        with engine().copied(copy, self.say):
            manifest = about() | contents()
            there, gone = files_to_keep()
        with new_file(part) as file:
            writer = ArchiveWriter(file)
            writer.add(member, copy)
            copy.unlink()
            writer.add_text(KEY, settings.SECRET_KEY)
            gone += self.add_captures(writer, there)
            writer.finish(manifest | {"missing": gone})
        rows, number = sum(manifest["rows"].values()), manifest["audit"]["number"]
        copies = copies_among(there)
        files = f"{len(there) - copies} captured files and {copies} copies of them"
        self.say(f"{rows} rows, {files}, audit trail up to entry {number}")
        return f"{len(gone)} captured files are gone, the first {gone[0]}. See verify_captures." if gone else ""

    def add_captures(self, writer: ArchiveWriter, names: list[str]) -> list[str]:
        """Add captured files; return those that were destroyed meanwhile."""
        gone = []
        for done, name in enumerate(names, start=1):
            try:
                writer.add(CAPTURES + name, path_of(name))
            except FileNotFoundError:
                gone.append(name)
            if done % PROGRESS_EVERY == 0:
                self.say(f"  {done} of {len(names)} files")
        return gone

    def prove(self, part: Path, folder: Path) -> str:
        """Open what was written, and follow the audit trail in it; return what `audit verify` says against it."""
        self.say("Reading the backup again")
        copy = folder / "again"
        with opened_archive(part, self.say) as archive:
            archive.unpack(DATABASES[connection.vendor], copy)
        with engine().proved(copy, self.say) as restored:
            different = differences(contents(), archive.manifest) if restored else ""
            if different:
                raise BackupRefused(f"The backup does not hold what was copied: {different}.")
            try:
                call_command("audit", "verify", stdout=self.stdout)
            except CommandError as error:
                return f"{error} "
        return ""

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def refuse_empty() -> None:
    """Raise BackupRefused where there is nothing to back up: most likely the environment of the service is missing."""
    if not connection.introspection.table_names():
        raise BackupRefused(
            f"The database {connection.settings_dict['NAME']} is empty. Does DATABASE_URL lead to the one in use?"
        )


def about() -> dict[str, Any]:
    """Return what a backup says of itself: when it was made, and with what."""
    number = ".".join(map(str, connection.get_database_version()))
    return {
        "what": "A backup of Waymark: database, captured files, signing key. Not encrypted.",
        "made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "database": connection.vendor,
        "versions": {"python": platform.python_version(), "django": django.__version__, connection.vendor: number},
    }
