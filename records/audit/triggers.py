"""The database triggers that log every change of a row, for SQLite and PostgreSQL.

They are put in place after every migration: SQLite makes a table anew to alter it, and drops its triggers with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from records.fields.names import FoldedField, SkeletonField
from records.fields.uncertain_date import PartField
from records.models import (
    AuditEntry,
    Change,
    CurrentAct,
    Feed,
    Record,
    Submission,
    Visit,
    Watch,
)

#: Models whose rows are not facts about anybody: the account itself, requests that were answered, what readers read.
UNTRACKED = (Change, AuditEntry, Feed, CurrentAct, Submission, Visit, Watch)
#: Tables of accounts and rights, with the columns that change at every sign-in or are secret.
ACCOUNTS = {"auth.User": {"password", "last_login"}, "auth.Group": set()}
#: Columns that follow from others, and would make every write a change.
DERIVED = (PartField, FoldedField, SkeletonField)
BOOKKEEPING = {"version", "created_at", "updated_at"}
OPERATIONS = {"insert": ("NULL", "NEW"), "update": ("OLD", "NEW"), "delete": ("OLD", "NULL")}


def tracked() -> list[type[models.Model]]:
    """Return the models whose rows are followed, with the links between them and the tables of accounts."""
    own = [model for label in settings.OWN_APPS for model in apps.get_app_config(label).get_models()]
    accounts = [apps.get_model(name) for name in ACCOUNTS]
    found = [model for model in own if model not in UNTRACKED and not hasattr(model, "token_key")] + accounts
    for model in list(found):
        found += [link.remote_field.through for link in model._meta.local_many_to_many]
    return found


def columns(model: type[models.Model]) -> list[str]:
    """Return the columns that a snapshot of a row has."""
    left_out = BOOKKEEPING | ACCOUNTS.get(model._meta.label, set())
    fields: list[Any] = [field for field in model._meta.concrete_fields if not isinstance(field, DERIVED)]
    return [field.column for field in fields if field.name not in left_out]


def owners(model: type[models.Model]) -> dict[str, str]:
    """Return, by column, the table of the row that a row of `model` belongs to; the first that is not empty counts."""
    links: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields if field.related_model}
    if model._meta.auto_created:
        of: Any = model._meta.auto_created
        return {links[name].column: of._meta.db_table for name in links if links[name].related_model is of}
    names = model.belongs_through() if issubclass(model, Record) else ()
    return {links[name].column: links[name].related_model._meta.db_table for name in names}


def snapshot(model: type[models.Model], row: str, function: str) -> str:
    """Return the SQL of a row as a JSON object."""
    if row == "NULL":
        return "''"
    pairs = ", ".join(f"'{column}', {row}.\"{column}\"" for column in columns(model))
    return f"{function}({pairs})"


def insertion(model: type[models.Model], operation: str, snapshots: tuple[str, str], now: str, act: str) -> str:
    """Return the statement that writes a change down."""
    row = "OLD" if operation == "delete" else "NEW"
    ref = f'{row}."ref"' if any(field.name == "ref" for field in model._meta.concrete_fields) else "''"
    parts = [
        f'WHEN {row}."{name}" IS NOT NULL THEN \'{table}:\' || {row}."{name}"' for name, table in owners(model).items()
    ]
    part_of = f"CASE {' '.join(parts)} ELSE '' END" if parts else "''"
    before, after = snapshots
    key = model._meta.pk.column
    return (
        "INSERT INTO records_change "  # noqa: S608
        '(at, "table", "row", ref, part_of, operation, "before", "after", act, salt, digest) '
        f"VALUES ({now}, '{model._meta.db_table}', {row}.\"{key}\", {ref}, {part_of}, "
        f"'{operation}', {before}, {after}, {act}, '', '');"
    )


def sqlite(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    now, act = "strftime('%Y-%m-%d %H:%M:%f', 'now')", "coalesce((SELECT key FROM records_currentact), '')"
    for operation, rows in OPERATIONS.items():
        before, after = (snapshot(model, row, "json_object") for row in rows)
        name = f"waymark_{operation}_{table}"
        when = f"WHEN {before} IS NOT {after} " if operation == "update" else ""
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        yield (
            f'CREATE TRIGGER "{name}" AFTER {operation.upper()} ON "{table}" {when}'
            f"BEGIN {insertion(model, operation, (before, after), now, act)} END"
        )


def postgresql(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    now, act = "clock_timestamp()", "coalesce(current_setting('waymark.act', true), '')"
    for operation, rows in OPERATIONS.items():
        before, after = (
            snapshot(model, row, "jsonb_build_object") + ("::text" if row != "NULL" else "") for row in rows
        )
        name = f"waymark_{operation}_{table}"
        when = f"WHEN ({before} IS DISTINCT FROM {after}) " if operation == "update" else ""
        yield (
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN {insertion(model, operation, (before, after), now, act)} RETURN NULL; END $$"
        )
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{name}" AFTER {operation.upper()} ON "{table}" '
            f'FOR EACH ROW {when}EXECUTE FUNCTION "{name}"()'
        )


SQL = {"sqlite": sqlite, "postgresql": postgresql}


def install(connection: Any) -> None:
    """Put the triggers of every followed table in place, anew."""
    present = set(connection.introspection.table_names())
    if Change._meta.db_table not in present:
        return
    with connection.cursor() as cursor:
        for model in tracked():
            if model._meta.db_table in present:
                for statement in SQL[connection.vendor](model):
                    cursor.execute(statement)


def missing(connection: Any) -> list[str]:
    """Return the names of the triggers that should be there and are not."""
    catalogue = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    catalogue["postgresql"] = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = [f"waymark_{operation}_{model._meta.db_table}" for model in tracked() for operation in OPERATIONS]
    return [name for name in wanted if name not in there]
