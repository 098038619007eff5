"""The command `reset_second_factor`: a way back in for whoever lost theirs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.accounts.sign_in import reset_second_factor
from records.audit.acts import act, note


class Command(BaseCommand):
    help = (
        "Take away an account's second factors and end its sessions; its owner sets up a new one at the next sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user name")

    def handle(self, *, user: str, **options: Any) -> None:
        account = get_user_model().objects.filter(username=user).first()
        if account is None:
            raise CommandError(f"There is no account of the name {user}.")
        with act("reset_second_factor", "command"):
            reset_second_factor(account)
            note("factor", account=user, done="reset")
        self.stdout.write(f"The second factors of {user} are gone, and every session has ended.")
