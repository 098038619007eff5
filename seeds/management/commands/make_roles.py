"""The command `make_roles`: make the roles of a new installation."""

from __future__ import annotations

from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError

from cases.models import ClockRule, Country, SilenceThreshold
from records.audit.acts import act
from records.models import Record, Term

ROLES = settings.BASE_DIR / "seeds" / "roles.yaml"
#: What a role's word for many models at once stands for.
KINDS: dict[str, tuple[type[Any], ...]] = {"records": (Record,), "lists": (Term, Country, ClockRule, SilenceThreshold)}


class Command(BaseCommand):
    help = "Make the roles that are not there yet. A role that exists stays as it was changed here."

    def handle(self, **options: Any) -> None:
        """Make each missing group with its permissions, and say which were made."""
        with act("make_roles", "command", "the roles of a new installation"):
            made = make_roles()
        self.stdout.write(f"Roles made: {', '.join(made)}." if made else "All roles exist. Nothing was changed.")


def make_roles() -> list[str]:
    """Make the missing roles; return their names. Raises CommandError for a permission that does not exist."""
    made = []
    for name, role in yaml.safe_load(ROLES.read_text(encoding="utf-8")).items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set([permission(name, code) for code in codes(role)])
            made.append(name)
    return made


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
