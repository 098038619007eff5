"""The command `load_seeds`: load the seed files into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from records.accounts.independence import are_independent
from records.audit.acts import act, note
from records.statistics import refresh
from records.vocabulary import AuditKind
from seeds.articles import verify
from seeds.checking import check
from seeds.crosschecks import cross_check
from seeds.lists import ORDER
from seeds.loading import Loader, LoadReport
from seeds.problems import Problem, SeedsRefused
from seeds.reading import read
from seeds.rows import SeedRow, rows_of

DATA = settings.BASE_DIR / "seeds" / "data"
SUFFIXES = {".yaml", ".yml"}
COLUMNS = ("created", "changed", "unchanged", "left out")


class Command(BaseCommand):
    help = (
        "Load the seed files. All or nothing, and safe to run again: what is there already is not written twice. "
        "Exit status 2 where a file is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="Seed files, or folders of them (default: seeds/data)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Do everything but keep nothing.")
        parser.add_argument(
            "--articles",
            type=Path,
            metavar="DIR",
            help="Folder of the original texts: check every hash against them, and attach them privately.",
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="Take the files' values even where somebody changed them here."
        )
        parser.add_argument("--entered-by", metavar="USER", help="Who entered files that do not come with Waymark.")
        parser.add_argument(
            "--approved-by",
            metavar="USER",
            help="Who looked at them and lets others read them, as they say. Without, they wait for a second person.",
        )

    def handle(
        self, *, paths: list[Path], dry_run: bool, articles: Path | None, overwrite: bool, **options: Any
    ) -> None:
        """Read, check, write and report."""
        who, may_open = in_whose_name(paths or [DATA], options["entered_by"], options["approved_by"])
        try:
            rows = self.checked_rows(paths or [DATA])
            texts = self.verified_texts(rows, articles) if articles else {}
            with act(who, "command", may_open=may_open) as doing, transaction.atomic():
                outcome = Loader(rows, texts, doing, overwrite=overwrite, say=self.say).load()
                transaction.set_rollback(dry_run)
                if options["approved_by"] and not dry_run and (outcome.total("created") or outcome.total("changed")):
                    note(AuditKind.REVIEW, did="approved", approved_by=options["approved_by"], files=file_names(rows))
        except SeedsRefused as refused:
            self.refuse(refused)
        if not dry_run and (outcome.total("created") or outcome.total("changed")):
            refresh()
        self.report(outcome, verbosity=options["verbosity"])
        if dry_run:
            self.stdout.write(self.style.WARNING("Dry run: nothing was written."))

    def say(self, text: str) -> None:
        """Write a line at once, so that a long run can be watched."""
        self.stdout.write(text)
        self.stdout.flush()

    def checked_rows(self, paths: list[Path]) -> list[SeedRow]:
        """Return the rows of all files, or raise with every fault found in any of them."""
        files = [file for path in paths for file in files_of(path)]
        self.say(f"Reading {len(files)} seed files")
        problems: list[Problem] = []
        rows: list[SeedRow] = []
        for file in dict.fromkeys(files):
            try:
                found = read(file)
            except SeedsRefused as refused:
                problems += refused.problems
                continue
            if faults := check(str(file), found):
                problems += faults
            else:
                rows += rows_of(str(file), found)
        if problems:
            raise SeedsRefused(problems)
        self.say(f"Checking {len(rows)} records")
        if problems := cross_check(rows):
            raise SeedsRefused(problems)
        return rows

    def verified_texts(self, rows: list[SeedRow], folder: Path) -> dict[str, str]:
        """Return the text of each source, or raise with every hash that does not fit."""
        if not folder.is_dir():
            raise CommandError(f"--articles {folder}: no such folder. Nothing was written.", returncode=2)
        verification = verify(rows, folder)
        if verification.problems:
            raise SeedsRefused(verification.problems)
        self.say(str(verification))
        return verification.texts

    def refuse(self, refused: SeedsRefused) -> NoReturn:
        count = len(refused.problems)
        problems = "1 problem" if count == 1 else f"{count} problems"
        raise CommandError(
            f"{refused}\n{problems} in the seed files. Nothing was written: the database is as it was.", returncode=2
        ) from None

    def report(self, outcome: LoadReport, verbosity: int) -> None:
        """Say what was done, and what stayed different on purpose."""
        self.listed("changed", outcome.changes)
        self.listed("kept, of records that were changed both here and in the files", outcome.conflicts)
        if verbosity > 1:
            self.listed("kept, of records that were changed here", outcome.kept)
        elif outcome.kept:
            self.say(f"Kept, of records that were changed here: {len(outcome.kept)} (--verbosity 2 lists them)")
        self.listed("not changed, as readers can see them and nobody approved it", outcome.held)
        self.listed("left out, as deleted here", outcome.left_out)
        self.listed("in no file any more, but kept here; withdraw or delete them in the admin", outcome.orphans)
        if outcome.kept or outcome.conflicts or outcome.left_out:
            self.say("With --overwrite the files' word is taken instead.")
        if outcome.waiting:
            self.say(f"For the team alone, until a second person approves what the files would open: {outcome.waiting}")
        self.say(table(outcome))
        self.stdout.write(self.style.SUCCESS(", ".join(f"{outcome.total(what)} {what}" for what in COLUMNS[:3])))

    def listed(self, what: str, items: Sequence[object]) -> None:
        if items:
            self.say("\n  ".join([f"{what[0].upper()}{what[1:]}: {len(items)}", *map(str, items)]))


def in_whose_name(paths: list[Path], entered_by: str | None, approved_by: str | None) -> tuple[Any, bool]:
    """Return who loads these files, and whether what they open is approved: by two people, or with a release."""
    if not entered_by and not approved_by:
        return "load_seeds", all(path.resolve().is_relative_to(DATA.resolve()) for path in paths)
    people = []
    for option, name in (("--entered-by", entered_by), ("--approved-by", approved_by)):
        user = get_user_model().objects.filter(username=name or "", is_active=True).first()
        if user is None:
            raise CommandError(f"{option} {name or ''}: no such active account. Nothing was written.", returncode=2)
        people.append(user)
    entered, approved = people
    if entered == approved:
        raise CommandError("Nobody approves their own work. Nothing was written.", returncode=2)
    if not approved.has_perm("records.review_records"):
        raise CommandError(f"{approved_by} may not approve records. Nothing was written.", returncode=2)
    if not are_independent(entered, approved):
        raise CommandError(
            f"{entered_by} and {approved_by} may be one person: one of the accounts was made or reset by the other, or "
            "both by a third. Nothing was written. Load without the two names, and approve the drafts in the admin; or "
            "confirm who holds the account:  manage.py confirm_account",
            returncode=2,
        )
    return entered, True


def file_names(rows: list[SeedRow]) -> list[str]:
    return sorted({row.file_name for row in rows})


def files_of(path: Path) -> list[Path]:
    """Return a file, or the seed files of a folder in order of name."""
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
    if not files:
        raise SeedsRefused([Problem(str(path), 1, "holds no seed files (*.yaml).")])
    return files


def table(outcome: LoadReport) -> str:
    """Return the counts, a line for each kind of record."""
    shown = [name for name in COLUMNS if name != "left out" or outcome.total(name)]
    lines = [["", *shown]]
    for noun in ORDER:
        if counts := outcome.counts.get(noun):
            lines += [[noun.name.replace("_", " "), *(str(counts[name]) for name in shown)]]
    return "\n".join(f"{name:22}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in lines)
