"""The command `verify_captures`: prove that no captured file was lost or altered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sources.capture_checks import faults
from sources.models import Capture


class Command(BaseCommand):
    help = (
        "Read every captured file again and compare it with its hash. Changes nothing. Exit status 1 where one differs."
    )

    def handle(self, **options: Any) -> None:
        found = 0
        for ref, wrong in faults(self.say):
            found += 1
            self.say(f"  {ref} {wrong}")
        if found:
            raise CommandError(f"The captured files are not as they were sealed: {found} findings.", returncode=1)
        kept = Capture.objects.filter(expunged=False).count()
        self.stdout.write(self.style.SUCCESS(f"{kept} captured files are as they were sealed."))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
