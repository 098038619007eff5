"""The command `one_administrator`: whoever has the server lets one administrator change accounts alone again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from records.accounts.independence import keep_two_administrators
from records.audit.acts import act, note
from records.models import TwoAdministrators
from records.vocabulary import AuditKind


class Command(BaseCommand):
    help = (
        "Let one administrator change accounts alone, where the others are gone. It holds until there are two again "
        "who are independent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--why", required=True, help="what became of the others; it stands in the audit trail")

    def handle(self, *, why: str, **options: Any) -> None:
        with act("one_administrator", "command", why):
            ended = TwoAdministrators.objects.in_force().update(ended_at=timezone.now(), why=why[:500])
            note(AuditKind.ACCOUNT, done="one administrator from now on")
            again = keep_two_administrators()
        if again:
            self.stdout.write("Nothing changes: two independent administrators can sign in. Switch one of them off.")
        elif ended:
            self.stdout.write("One administrator changes accounts alone from now on; the team sees each change.")
        else:
            self.stdout.write("One administrator changed accounts alone before, and goes on.")
