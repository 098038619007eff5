"""The command `confirm_account`: who has the server confirms who holds an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.accounts.changes import ChangeRefused
from records.accounts.holders import confirm_holder, ways_in
from records.accounts.independence import administrators, keep_two_administrators
from records.audit.acts import act


class Command(BaseCommand):
    help = (
        "Confirm that an account is held by the person whom it is for, and by nobody who made or reset it: let them "
        "change its password and set up a second factor before your eyes, and run this at once. This is how an "
        " installation with one administrator comes to a second one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user name")
        parser.add_argument("--why", required=True, help="how you know; it stands in the audit trail")

    def handle(self, *, user: str, why: str, **options: Any) -> None:
        account = get_user_model().objects.filter(username=user).first()
        if account is None:
            raise CommandError(f"There is no account of the name {user}.")
        there = [*ways_in(account)]
        with act("confirm_account", "command", why):
            try:
                confirmed = confirm_holder(account, None, why)
            except ChangeRefused as refusal:
                raise CommandError(str(refusal)) from refusal
            there_are_two = keep_two_administrators()
        self.stdout.write(f"{user} is independent of every other account. Changes confirmed: {confirmed}.")
        self.stdout.write("\n".join(["What opened it:", *(f"  {way}" for way in there)]))
        self.stdout.write(
            "Ask its holder about each; they sign in anew, and an administrator enters their mail address."
        )
        names = ", ".join(administrators().order_by("username").values_list("username", flat=True))
        if there_are_two:
            self.stdout.write(f"Two administrators stand behind what widens or resets an account from now on: {names}.")
        else:
            self.stdout.write(f"There is still one administrator, who does everything alone: {names}.")
