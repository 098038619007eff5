"""The command `rebuild_situations`: work out anew where all cases stand, and in which state notices are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.models import UnstoredIncident, UnstoredNotice, UnstoredReason
from cases.situation.settling import settle_all
from cases.situation.settling_lives import settle_all_lives
from records.statistics import refresh


class Command(BaseCommand):
    help = (
        "Work out anew where all cases stand, and in which state all notices are, batch by batch. "
        "Safe to stop and to run again."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--marked", action="store_true", help="only what was written round the application")

    def handle(self, *, marked: bool, **options: Any) -> None:
        """Work out every incident, or those that are marked, and tell how far it is."""
        if not marked:
            UnstoredIncident.mark_all()
            UnstoredNotice.mark_all()
        total = UnstoredIncident.objects.filter(reason=UnstoredReason.WRITTEN).values("incident_id").distinct().count()
        done = 0
        for number in settle_all():
            done += number
            self.stdout.write(f"{done} of {total} incidents worked out")
            self.stdout.flush()
        done = 0
        for number in settle_all_lives():
            done += number
            self.stdout.write(f"{done} notices worked out")
            self.stdout.flush()
        refresh()
        for reason in (UnstoredReason.NAMED, UnstoredReason.TEAMS):
            number = UnstoredIncident.objects.filter(reason=reason).count()
            self.stdout.write(f"{number} of {total} are worked out when they are read: {reason.label}")
