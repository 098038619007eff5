"""The command `copy_captures`: make the copies without metadata that are still missing, or all of them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from records.audit.acts import act
from records.models import BEYOND_THE_TEAM
from records.vocabulary import Level
from sources.copies.making import copy_of
from sources.models import Capture

OPEN_TO: dict[str, str] = {Level.PUBLIC: "everybody", Level.PARTNER: "partners"}


class Command(BaseCommand):
    help = (
        "Make a copy without metadata of every captured file that has none: of files from before there were copies, "
        "and with --again of those of which none could be made. Until then, only the team gets the file. With --anew "
        "every copy is made as this version makes it, and takes the place of the former one where it differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="Try those again of which no copy could be made.")
        parser.add_argument(
            "--anew", action="store_true", help="Make every copy anew: a new version may leave out more."
        )

    def handle(self, again: bool = False, anew: bool = False, **options: Any) -> None:
        if anew:
            self.make_anew()
        captures = Capture.objects.filter(copy_stored="", expunged=False).order_by("pk")
        missing = [*(captures if again else captures.filter(no_copy=""))]
        made = 0
        for number, capture in enumerate(missing, start=1):
            self.stdout.write(f"  {number} of {len(missing)} {capture.ref}{self.copied(capture)}")
            self.stdout.flush()
            made += bool(capture.copy_stored)
        left = len(missing) - made
        self.stdout.write(self.style.SUCCESS(f"{made} copies made. {left} files stay with the team alone."))

    def make_anew(self) -> None:
        """Make every copy again, and put it in the place of the former one where it is another file, or none."""
        captures = [*Capture.objects.filter(expunged=False).exclude(copy_stored="").order_by("pk")]
        replaced = 0
        for number, capture in enumerate(captures, start=1):
            former = capture.copy_sha256
            with copy_of(capture.path, capture.media_type) as copy, act("copy_captures", "command", may_open=True):
                if copy.columns.get("copy_sha256") != former:
                    copy.take_the_place_of(capture)
                    replaced += 1
            became = "as before" if capture.copy_sha256 == former else capture.no_copy or "another copy"
            self.stdout.write(f"  {number} of {len(captures)} {capture.ref}: {became}")
            self.stdout.flush()
        self.stdout.write(
            self.style.SUCCESS(f"{replaced} of {len(captures)} copies replaced; the former are destroyed.")
        )

    def copied(self, capture: Capture) -> str:
        """Make one copy, and say what became of it.

        Others had the whole file before there were copies. Where none could be made, nobody else has had anything, and
        somebody looks at the copy before they do.
        """
        if capture.no_copy and capture.level in BEYOND_THE_TEAM:
            return f" is open to {OPEN_TO[capture.level]}: give it back to the team first"
        with copy_of(capture.path, capture.media_type) as copy, act("copy_captures", "command", may_open=True):
            copy.name_in(capture)
            capture.save()
        return f": {capture.no_copy or f'copied, {capture.copy_media_type}'}"
