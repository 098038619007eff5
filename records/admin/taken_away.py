"""What a form takes away from accounts at once: the team hears of that too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, User

from records.models import Team


def taken_away(form: Any) -> Iterator[tuple[Any, str]]:
    """Yield each account that a changed form takes something from, None for all who have a role, and what, in words.

    Asked before the lists of the form are saved.
    """
    row = form.instance
    if isinstance(row, User):
        yield from ((row, words) for words in _of_account(form, row))
    elif isinstance(row, Group):
        for right in _left_out(form, "permissions"):
            yield None, f"whoever has the role {row} may no longer: {right.name}"
    elif isinstance(row, Team):
        for member in _left_out(form, "members"):
            is_last = not member.teams.exclude(pk=row.pk).exists()
            yield member, f"taken off team {row}" + (", and on no team until they are given one" if is_last else "")


def _of_account(form: Any, account: User) -> Iterator[str]:
    for name in form.off:
        field: Any = User._meta.get_field(name)
        yield f"no longer {field.verbose_name}"
    for role in _left_out(form, "groups"):
        yield f"role {role} taken away"
    for right in _left_out(form, "user_permissions"):
        yield f"right of its own taken away: {right.name}"


def _left_out(form: Any, name: str) -> list[Any]:
    """Return the rows of a list that are there and were not chosen again."""
    chosen = form.cleaned_data.get(name)
    if chosen is None:
        return []
    return [each for each in getattr(form.instance, name).all() if each.pk not in {row.pk for row in chosen}]
