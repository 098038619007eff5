"""Which rights an act gave or took, in words."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
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
    rows = Change.objects.filter(pk__in=list(changes)).order_by("pk").values_list("table", "before", "after")
    found = [
        right
        for table, before, after in rows
        for right in _rights_in(table, json.loads(before or "{}"), json.loads(after or "{}"))
    ]
    names = _names({end for _, *ends in found for end in ends if not isinstance(end, str)})
    rights: dict[str, list[str]] = {"given": [], "taken": []}
    for verb, whose, what in found:
        rights[verb].append(f"{names.get(whose, whose)}: {names.get(what, what)}")
    return {verb: texts for verb, texts in rights.items() if texts}


def _rights_in(table: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield what one change gave or took, whose and what, each as model and key or, on an account, as its name."""
    if table == User._meta.db_table:
        for name in ON_ACCOUNT:
            was, is_now = bool(before.get(name)), bool(after.get(name))
            if was != is_now:
                yield "given" if is_now else "taken", (after or before)["username"], name
        return
    whose, whose_column, what, what_column = _links()[table]
    for snapshot, verb in ((before, "taken"), (after, "given")):
        if snapshot:
            yield verb, (whose, snapshot[whose_column]), (what, snapshot[what_column])


def _names(rows: Collection[tuple[Any, int]]) -> dict[tuple[Any, int], str]:
    """Name rows by one query for each model, or give their keys where they are gone by now."""
    names = {(model, key): f"{model._meta.verbose_name} {key}" for model, key in rows}
    for model in {model for model, _ in rows}:
        found = model.objects.in_bulk([key for of, key in rows if of is model])
        names |= {(model, key): _name(row) for key, row in found.items()}
    return names


def _name(row: Any) -> str:
    if isinstance(row, User):
        return row.get_username()
    return f"permission {row.codename}" if isinstance(row, Permission) else f"{row._meta.verbose_name} {row}"
