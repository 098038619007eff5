"""The first administrator of a new installation."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read from a screen


class Command(BaseCommand):
    help = "Create an administrator with a random password, shown once, if there is none. Safe to run again."

    @transaction.atomic
    def handle(self, **options) -> None:
        """Create the administrator, or say who is there already and change nothing."""
        users = get_user_model().objects
        if existing := users.filter(is_superuser=True).order_by("pk").first():
            self.stdout.write(
                f"An administrator exists: {existing.get_username()}. Nothing was changed. "
                f"Forgotten password:  .venv/bin/python manage.py changepassword {existing.get_username()}"
            )
            return
        name, password = free_name(), "-".join(random_part() for _ in range(4))
        users.create_superuser(name, password=password)
        self.stdout.write(
            f"Created an administrator for /admin/; this password is shown only now.\n"
            f"    user name  {name}\n"
            f"    password   {password}"
        )


def free_name() -> str:
    """Return "admin", or a name like it when somebody without rights has taken that."""
    taken = get_user_model().objects.filter(username="admin").exists()
    return f"admin-{random_part()}" if taken else "admin"


def random_part() -> str:
    """Return five random letters; four such parts hold 99 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(5))
