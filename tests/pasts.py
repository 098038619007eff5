"""People, acts and days, for the tests of what is told of the past."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client

from records.audit.acts import act
from records.current_act import Act
from records.history.record_history import History, may_read_history
from tests.signin import make_account, sign_in


def somebody(name: str, *codes: str, **fields: Any) -> User:
    """Make staff with these permissions, and no others."""
    user = make_account(name, is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return User.objects.get(pk=user.pk)


def editor_named(name: str, *codes: str) -> User:
    """Make staff who may do anything with any record, and read what these permissions say."""
    user = make_account(name, is_staff=True)
    reading = ["read_team", "read_partner", "break_glass"]
    user.user_permissions.set(Permission.objects.exclude(codename__in=set(reading) - set(codes)))
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    return sign_in(Client(), user)


def by(user: Any, why: str = "") -> AbstractContextManager[Act]:
    """One act of somebody's, which no second person has to approve."""
    return act(user, "admin", why, may_open=True)


def told(record: Any, user: Any) -> list[str]:
    """Return what the history tells somebody, the first act first, a line for each field."""
    lines = []
    reader = User.objects.filter(pk=user.pk).first() or user
    for each in reversed(History(record, reader).acts()) if may_read_history(record, reader) else ():
        for change in each.changes:
            lines += [
                f"{change.operation.label} {change.kind}: {field.field} “{field.old.words}” → “{field.new.words}”"
                for field in change.differences
            ]
    return lines


def set_clock_back(moment: datetime) -> None:
    """Let everything that was written so far have been written at a moment."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_change SET at = %s WHERE at > %s", [moment, moment])


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=UTC)
