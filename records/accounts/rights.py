"""What an account may already, and what a change of it would give, in words: whoever approves reads all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Group, User

from records.models import AccountChange, Team
from records.vocabulary import AccountChangeKind

MEANINGS = {
    "is_active": "An account that is switched on again may what stands above.",
    "is_staff": "Staff work in the admin.",
    "is_superuser": "A superuser changes every account and every right.",
}


def has_now(account: Any) -> Iterator[str]:
    """Say what an account has, a line each, beginning with what a reader of its name alone would not guess."""
    if account.get_full_name():
        yield f"Called {account.get_full_name()}"
    if not account.is_active:
        yield "Switched off"
    if account.is_superuser:
        yield "Superuser: changes every account and every right"
    if account.is_staff:
        yield "Staff: works in the admin"
    for role in account.groups.order_by("name"):
        yield _role_in_full(role)
    for right in account.user_permissions.order_by("name"):
        yield f"Right of its own: {right.name}"
    for team in account.teams.order_by("name"):
        yield f"Team {team}"


def would_give(change: AccountChange) -> Iterator[str]:
    """Say what comes of a change beyond its own words, a line each."""
    if change.kind in (AccountChangeKind.FACTOR, AccountChangeKind.PASSWORD):
        yield "Its API tokens and private addresses are revoked, and its sessions end."
    for kind, *keys in json.loads(change.rights):
        if kind == "flag":
            yield MEANINGS[keys[0]]
        elif kind in ("role", "role permission"):
            yield from map(_role_in_full, Group.objects.filter(pk=keys[0]))
            yield f"Has that role: {_names(User.objects.filter(groups=keys[0]))}"
        elif kind == "team":
            yield from (f"On team {team}: {_names(team.members.all())}" for team in Team.objects.filter(pk=keys[0]))


def _role_in_full(role: Group) -> str:
    names = role.permissions.order_by("name").values_list("name", flat=True)
    return f"Role {role}: {'; '.join(names) or 'gives nothing'}"


def _names(users: Iterable[Any]) -> str:
    return ", ".join(sorted(user.get_username() for user in users)) or "nobody"
