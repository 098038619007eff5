"""The command `clock`: whether the clock is behind the audit trail, and what to do where the trail was wrong."""

from __future__ import annotations

from typing import Any

from django.core.mail import mail_admins
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.audit.clock import behind_by, declare_later_time_wrong, in_words


class Command(BaseCommand):
    help = (
        "Say whether the clock is behind the latest time that the audit trail has seen (exit status 1). Where that "
        "later time was wrong, declare it so: it stands in the trail, and the administrators get a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--later-time-was-wrong", metavar="WHY", help="what happened to the clock")

    def handle(self, *, later_time_was_wrong: str | None, **options: Any) -> None:
        behind = behind_by()
        if later_time_was_wrong is None:
            if behind:
                raise CommandError(in_words(behind))
            self.stdout.write("The clock is not behind what the audit trail has seen.")
            return
        if not behind:
            raise CommandError("The clock is not behind what the audit trail has seen: nothing was declared.")
        words = in_words(behind)
        declare_later_time_wrong(later_time_was_wrong)
        mail_admins("The clock", f"{words} It was declared that the later time was wrong: {later_time_was_wrong}")
        self.stdout.write("Declared. Sign-ins, tokens and tries go by the clock as it is now.")
