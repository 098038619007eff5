"""Who asks: one reader of every kind, with what each was granted.

`READ` is what the rights mean for the rows of the world, written down by hand: the product's own rule is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db.models import Q

from tests.signin import PASSWORD, give_factor

READING = ["read_partner", "read_team", "break_glass", "read_audit"]
Granted = Callable[[], Any]


def rights(*codes: str) -> Granted:
    return lambda: Permission.objects.filter(codename__in=codes)


def entering(*codes: str) -> Granted:
    """The rights to enter and change records of every kind, and `codes`."""
    records = Q(content_type__app_label__in=settings.OWN_APPS) & ~Q(codename__in=READING)
    return lambda: Permission.objects.filter(records | Q(codename__in=codes))


def every_act() -> Any:
    """Everything that can be done, and nothing that can be read."""
    return Permission.objects.exclude(codename__in=READING)


@dataclass(frozen=True)
class Role:
    """A kind of reader. `granted` gives the permissions, `team` the team."""

    name: str
    granted: Granted | None = None
    team: str = ""
    is_staff: bool = False
    is_superuser: bool = False


ROLES = {
    role.name: role
    for role in (
        Role("stranger"),
        Role("reader", rights()),
        Role("partner", rights("read_partner")),
        Role("analyst", entering("read_partner", "read_team"), team="A", is_staff=True),
        Role("reviewer", entering("read_partner", "read_team"), team="B", is_staff=True),
        Role("administrator", lambda: Permission.objects.filter(content_type__app_label="auth"), is_staff=True),
        Role("superuser", rights(), is_staff=True, is_superuser=True),
        Role("clerk", every_act, is_staff=True),
    )
}
STAFF = [role.name for role in ROLES.values() if role.is_staff]

EVERYBODY = frozenset(ROLES)
PARTNERS = frozenset({"partner", "analyst", "reviewer"})
TEAMS = frozenset({"analyst", "reviewer"})
ONE_TEAM = {"A": frozenset({"analyst"}), "B": frozenset({"reviewer"}), "C": frozenset[str]()}
#: The accounts that are named as readers, where any are.
NAMED = frozenset({"reader", "analyst"})
NOBODY = frozenset[str]()


def make_users() -> dict[str, User]:
    """Make an account for each role but the stranger, and one for a colleague who asks nothing."""
    made = {"colleague": User.objects.create_user("colleague")}
    for role in ROLES.values():
        if role.granted is not None:
            made[role.name] = User.objects.create_user(
                role.name, password=PASSWORD, is_staff=role.is_staff, is_superuser=role.is_superuser
            )
            made[role.name].user_permissions.set(role.granted())
            give_factor(made[role.name])
    return made
