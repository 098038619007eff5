"""The command `check_data`: prove that the stored data is consistent."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.fields.edtf import EdtfError
from seeds.consistency import CHECKS, Check

SHOWN = 100


class Command(BaseCommand):
    help = "Check that the stored data agree with themselves. Changes nothing. Exit status 1 where they do not."

    def handle(self, **options: Any) -> None:
        """Ask every question, and list what was found."""
        total = sum(self.ask(check) for check in CHECKS)
        if total:
            raise CommandError(f"The data do not agree with themselves: {total} findings.", returncode=1)
        self.stdout.write(self.style.SUCCESS("The data agree with themselves."))

    def ask(self, check: Check) -> int:
        """Write down what one check finds; return how much it was."""
        found = 0
        try:
            for ref, wrong in check():
                found += 1
                if found <= SHOWN:
                    self.stdout.write(f"  {ref} {wrong}")
        except EdtfError as error:  # which record it is, the check of the dates tells
            found += 1
            self.stdout.write(f"  stopped at a date that cannot be read: {error}")
        if found > SHOWN:
            self.stdout.write(f"  ... and {found - SHOWN} more")
        self.stdout.write(f"{check.__name__.replace('_', ' ')}: {found or 'in order'}")
        self.stdout.flush()
        return found
