"""Which module copies and restores the database in use. Both have the same functions."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from records.backup import postgresql, sqlite


def engine() -> ModuleType:
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
