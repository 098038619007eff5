"""Where the trail of each table begins: rows that were there before it have no insert in the history.

An entry of the trail itself names the tables that are followed from then on and the rows that they held at that moment,
which is none in a new database. Every other row has to have its insert.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from records.audit.acts import note
from records.audit.chain import keys_in, spans
from records.models import AuditEntry
from records.vocabulary import AuditKind

BATCH = 2000
#: Under which names an entry tells the tables whose trail begins, and the keys of the rows that they held.
TABLES, ROWS_BEFORE = "tables", "rows_before"


def begin(connection: Any, followed: Iterable[tuple[type[models.Model], bool]]) -> None:
    """Add the entry for tables that are followed from now on. Writers have to be shut out.

    Each comes with whether its rows of today are older than its trail. They are not where it had triggers already.
    """
    begun, before = [], {}
    for model, is_new in followed:
        begun.append(model._meta.db_table)
        keys = (key for key, _ in unlogged(connection, model)) if is_new else iter(())
        if told := spans(keys) if _is_numbered(model) else " ".join(keys):
            before[model._meta.db_table] = told
    note(AuditKind.BEGUN, who="migrate", channel="command", **{TABLES: begun, ROWS_BEFORE: before})


def tables_begun() -> set[str]:
    """Return the tables whose trail has begun."""
    return {table for told in _entries() for table in told[TABLES]}


def rows_before(model: type[models.Model]) -> set[Any]:
    """Return the keys of the rows that were there before the trail began."""
    told = " ".join(told[ROWS_BEFORE].get(model._meta.db_table, "") for told in _entries())
    return set(keys_in(told) if _is_numbered(model) else told.split())


def unlogged(connection: Any, model: type[models.Model]) -> Iterator[tuple[Any, str]]:
    """Yield key and reference of each row that is there though the history did not bring it, or bring it back."""
    table, key = model._meta.db_table, model._meta.pk.column
    ref = 't."ref"' if any(field.name == "ref" for field in model._meta.concrete_fields) else "''"
    statement = (
        f'SELECT t."{key}", {ref} FROM "{table}" t WHERE coalesce((SELECT c.operation FROM records_change c '  # noqa: S608
        f'WHERE c."table" = \'{table}\' AND c."row" = CAST(t."{key}" AS varchar(40)) AND c.operation <> \'update\' '
        f"ORDER BY c.id DESC LIMIT 1), '') <> 'insert' ORDER BY t.\"{key}\""
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def _entries() -> Iterator[dict[str, Any]]:
    for details in AuditEntry.objects.filter(kind=AuditKind.BEGUN).order_by("number").values_list("details", flat=True):
        yield json.loads(details)


def _is_numbered(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.IntegerField)
