"""The command `make_roles`: make the roles of a new installation."""

from __future__ import annotations

from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.models import ClockRule, Country, SilenceThreshold
from records.audit.acts import act
from records.models import Record, Term

ROLES = settings.BASE_DIR / "seeds" / "roles.yaml"
#: What a role's word for many models at once stands for.
KINDS: dict[str, tuple[type[Any], ...]] = {"records": (Record,), "lists": (Term, Country, ClockRule, SilenceThreshold)}


class Command(BaseCommand):
    help = "Make the roles that are not there yet. A role that exists stays as it was changed here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--add-missing", action="store_true", help="Give roles that exist what those of a new installation have."
        )

    def handle(self, *, add_missing: bool = False, **options: Any) -> None:
        """Make each missing group with its permissions, and say which were made and what the others lack."""
        with act("make_roles", "command", "the roles of a new installation"):
            made, lacking = make_roles(), lacked()
            for group, rights in lacking.items() if add_missing else ():
                group.permissions.add(*rights)
        self.stdout.write(f"Roles made: {', '.join(made)}." if made else "All roles exist. None was made.")
        for group, rights in lacking.items():
            names = ", ".join(right.name for right in rights)
            if add_missing:
                self.stdout.write(f"The role {group} was given: {names}.")
            else:
                self.stdout.write(f"The role {group} was left as it is. In a new installation it has besides: {names}.")
        if lacking and not add_missing:
            self.stdout.write("To give them that too:  .venv/bin/python manage.py make_roles --add-missing")


def make_roles() -> list[str]:
    """Make the missing roles; return their names. Raises CommandError for a permission that does not exist."""
    made = []
    for name, rights in roles().items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set(rights)
            made.append(name)
    return made


def lacked() -> dict[Group, list[Permission]]:
    """Return what roles that exist do not have of what they have in a new installation."""
    found = {}
    whole = roles()
    for group in Group.objects.filter(name__in=whole).order_by("name").prefetch_related("permissions"):
        had = set(group.permissions.all())
        if rights := [right for right in whole[group.name] if right not in had]:
            found[group] = rights
    return found


def roles() -> dict[str, list[Permission]]:
    """Return the permissions of each role of a new installation. Raises CommandError."""
    described = yaml.safe_load(ROLES.read_text(encoding="utf-8"))
    return {name: [permission(name, code) for code in codes(role)] for name, role in described.items()}


def codes(role: dict[str, Any]) -> list[str]:
    """Return the permissions of a role as `app.codename`, the words for many models spelled out."""
    found = list(role["may"])
    for word, kinds in KINDS.items():
        models = [model for model in apps.get_models() if issubclass(model, kinds)]
        for verb in role.get(word, []):
            found += [f"{model._meta.app_label}.{verb}_{model._meta.model_name}" for model in models]
    return found


def permission(role: str, code: str) -> Permission:
    app, _, codename = code.partition(".")
    try:
        return Permission.objects.get(content_type__app_label=app, codename=codename)
    except Permission.DoesNotExist:
        raise CommandError(f"{ROLES.name}, role {role}: there is no permission {code!r}.") from None
