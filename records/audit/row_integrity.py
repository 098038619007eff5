"""Whether the rows of the database are still what their last logged change says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import models

from records.audit.beginning import rows_before, unlogged
from records.audit.triggers import snapshot, tracked

FUNCTIONS = {"sqlite": ("json_object", ""), "postgresql": ("jsonb_build_object", "::text")}
BATCH = 2000


def strays(connection: Any) -> Iterator[str]:
    """Name each row that differs from its last change, that nothing brought, or that is gone though nothing removed it.

    Rows that are older than the trail have no insert, and expunged changes tell nothing: both are passed over.
    """
    for model in tracked():
        yield from _altered(connection, model)
        yield from _unlogged(connection, model)
        yield from _lost(connection, model)


def _altered(connection: Any, model: type[models.Model]) -> Iterator[str]:
    function, cast = FUNCTIONS[connection.vendor]
    table, key = model._meta.db_table, _key(model)
    statement = (
        f'SELECT t."{key}", {snapshot(model, "t", function)}{cast}, c."after" FROM "{table}" t '  # noqa: S608
        "JOIN records_change c ON c.id = (SELECT max(id) FROM records_change "
        f'WHERE "table" = \'{table}\' AND "row" = CAST(t."{key}" AS varchar(40))) '
        "WHERE c.\"after\" <> ''"
    )
    for row, stored, logged in _rows(connection, statement):
        now, then = json.loads(stored), json.loads(logged)
        # Columns that a migration has added or removed since are no alteration.
        wrong = [name for name in now.keys() & then.keys() if now[name] != then[name]]
        if wrong:
            yield f"{_name(table, row, now)}: {', '.join(sorted(wrong))} was altered past the history"


def _unlogged(connection: Any, model: type[models.Model]) -> Iterator[str]:
    older = rows_before(model)
    for row, ref in unlogged(connection, model):
        if row not in older:
            yield f"{_name(model._meta.db_table, row, {'ref': ref})}: was added past the history"


def _lost(connection: Any, model: type[models.Model]) -> Iterator[str]:
    table, key = model._meta.db_table, _key(model)
    statement = (
        f'SELECT c."row", c.ref FROM records_change c WHERE c."table" = \'{table}\' '  # noqa: S608
        "AND c.operation <> 'delete' AND c.\"after\" <> '' "
        "AND NOT EXISTS (SELECT 1 FROM records_change n "
        'WHERE n."table" = c."table" AND n."row" = c."row" AND n.id > c.id) '
        f'AND NOT EXISTS (SELECT 1 FROM "{table}" t WHERE CAST(t."{key}" AS varchar(40)) = c."row")'
    )
    for row, ref in _rows(connection, statement):
        yield f"{_name(table, row, {'ref': ref})}: was removed past the history"


def _rows(connection: Any, statement: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk.column


def _name(table: str, row: Any, known: dict[str, Any]) -> str:
    return known.get("ref") or f"{table} {row}"
