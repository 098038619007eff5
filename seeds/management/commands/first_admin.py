"""The command `first_admin`: make the first administrator of a new installation."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from records.audit.acts import act
from seeds.management.commands.make_roles import make_roles

#: The roles of somebody who has to do everything until there are others. Being a superuser gives nothing to read.
ROLES = ("administrator", "analyst", "reviewer")
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read from a screen


class Command(BaseCommand):
    help = "Create an administrator with a random password, shown once, if there is none. Safe to run again."

    def handle(self, **options) -> None:
        """Create the administrator, or say who is there already and change nothing."""
        with act("first_admin", "command", "the first administrator of a new installation"):
            self.create()

    def create(self) -> None:
        users = get_user_model().objects
        if existing := users.filter(is_superuser=True).order_by("pk").first():
            self.stdout.write(
                f"An administrator exists: {existing.get_username()}. Nothing was changed. "
                f"Forgotten password:  .venv/bin/python manage.py changepassword {existing.get_username()}"
            )
            return
        name, password = free_name(), "-".join(random_part() for _ in range(4))
        make_roles()
        users.create_superuser(name, password=password).groups.set(Group.objects.filter(name__in=ROLES))
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
