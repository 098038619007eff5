"""Which rights an act gave or took, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission, User

from records.models import Change, Team

#: What decides about rights on the account itself.
ON_ACCOUNT = ("is_active", "is_staff", "is_superuser")


def _links() -> dict[str, tuple[Any, str, Any, str]]:
    """Return the tables of links that give rights: whose, by which column, what, and by which column."""
    return {
        User.groups.through._meta.db_table: (User, "user_id", Group, "group_id"),
        User.user_permissions.through._meta.db_table: (User, "user_id", Permission, "permission_id"),
        Group.permissions.through._meta.db_table: (Group, "group_id", Permission, "permission_id"),
        Team.members.through._meta.db_table: (User, "user_id", Team, "team_id"),
    }


def tables() -> set[str]:
    """Return the tables that decide about rights."""
    return {*_links(), User._meta.db_table}


def rights_changed(changes: Iterable[int]) -> dict[str, list[str]]:
    """Return what changes of those tables gave and took, each as “ann: group reviewer”."""
    links, accounts = _links(), User._meta.db_table
    rows = Change.objects.filter(pk__in=list(changes)).order_by("pk")
    rights: dict[str, list[str]] = {"given": [], "taken": []}
    for table, *texts in rows.values_list("table", "before", "after"):
        before, after = (json.loads(text or "{}") for text in texts)
        if table == accounts:
            for name in ON_ACCOUNT:
                was, is_now = bool(before.get(name)), bool(after.get(name))
                if was != is_now:
                    rights["given" if is_now else "taken"].append(f"{(after or before)['username']}: {name}")
            continue
        whose, whose_column, what, what_column = links[table]
        for snapshot, verb in ((before, "taken"), (after, "given")):
            if snapshot:
                rights[verb].append(f"{_name(whose, snapshot[whose_column])}: {_name(what, snapshot[what_column])}")
    return {verb: texts for verb, texts in rights.items() if texts}


def _name(model: Any, key: int) -> str:
    """Name a row, or its key where it is gone by now."""
    row = model.objects.filter(pk=key).first()
    if row is None:
        return f"{model._meta.verbose_name} {key}"
    if isinstance(row, User):
        return row.get_username()
    return f"permission {row.codename}" if isinstance(row, Permission) else f"{model._meta.verbose_name} {row}"
