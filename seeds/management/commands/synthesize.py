"""The command `synthesize`: a database of any size to try things on, in which nothing is true."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.audit.acts import act
from records.statistics import refresh
from seeds.synthetic.making import NotEmpty, make

SAID_EVERY = 2.0  # seconds


def positive(text: str) -> int:
    """Read a number from 1. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of incidents; write 1 or more.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Make up so many incidents, with people, steps, notices, sources and citations, in an empty database: to "
        "measure, to practise, to show. Nothing in them is true. The same number and seed give the same rows. "
        "Exit status 2 where the database holds records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("incidents", type=positive, metavar="N", help="How many incidents.")
        parser.add_argument("--seed", type=int, default=1, help="Another number gives another database.")

    def handle(self, *, incidents: int, seed: int, **options: Any) -> None:
        """Make everything in one act, and let the database count what it holds."""
        self.began = self.said = time.monotonic()
        try:
            with act("synthesize", "command", f"{incidents} made-up incidents, seed {seed}", may_open=True):
                rows = make(incidents, seed, self.say)
        except NotEmpty as refused:
            raise CommandError(
                f"{refused} What is made up must not stand among them: nothing was written. "
                "Name a new database in DATABASE_URL, and run migrate first.",
                returncode=2,
            ) from None
        refresh()
        self.stdout.write(self.style.SUCCESS(f"{rows:,} rows of {incidents:,} made-up incidents, seed {seed}."))

    def say(self, text: str) -> None:
        """Say how far it has come, every two seconds, on standard error."""
        now = time.monotonic()
        if now - self.said >= SAID_EVERY:
            self.said = now
            self.stderr.write(f"{text}, {now - self.began:.0f} s")
            self.stderr.flush()
