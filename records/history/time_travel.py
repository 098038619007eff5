"""All tables as the database knew them on a day: any list, page or export can be asked so.

For the length of a `with`, each table of records is covered by a temporary one of the same name, which holds the rows
as the trail of changes has them at the end of that day. Both databases look into temporary tables first. So the same
queries, filters and rule of visibility answer, and nothing has to be written twice. Rows that the reader may not see
now, or could not have seen then, are not put in at all.

It reads the whole trail, so it takes longer the more was ever written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from records.fields.names import FoldedField, SkeletonField
from records.fields.uncertain_date import PartField
from records.history.known_on import end_of
from records.history.replay import PastReader, Replay
from records.history.snapshots import RowKey, visible_rows
from records.models import UNSETTLED, Change, Circle, LaneField, Record, settle

_is_recalled: ContextVar[bool] = ContextVar("tables are covered", default=False)
#: So many rows of a table are found without an index.
FEW = 200
#: Columns that follow from others; their fields work them out again.
DERIVED = (PartField, FoldedField, SkeletonField, LaneField)


def records() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def shadowed_models() -> list[type[models.Model]]:
    """Return the models whose tables are covered: the records, and the links between them and to others."""
    own: list[Any] = list(records())
    return own + [link.remote_field.through for model in own for link in model._meta.local_many_to_many]


class WholeReplay(Replay):
    """All changes of all records."""

    def __init__(self) -> None:
        self._start()
        self._read(models.Q(table__in=[model._meta.db_table for model in shadowed_models()]))
        self.tree = set(self.steps)


@contextmanager
def tables_as_known_on(user: Any, day: date) -> Iterator[None]:
    """Cover the tables of records by what `user` may be told of them as of the end of a day, UTC."""
    replay = WholeReplay()
    reader, moment = PastReader(replay, user), replay.moment(end_of(day))
    shown: dict[Any, list[RowKey]] = defaultdict(list)
    for key in replay.steps:
        if was_visible(replay, reader, key, moment):
            shown[key.model].append(key)
    # PostgreSQL keeps a connection to one reader only within a transaction, where a pool stands before it.
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        try:
            for model in shadowed_models():
                shadow_table(model, *untouched(model, user))
                fill_shadow_table(model, [rebuilt(replay, key, moment) for key in shown[model]])
                index_shadow_table(model)
            shadow_table(Circle)
            settle()
            with _recalled():
                yield
        finally:
            drop_shadow_tables()


@contextmanager
def _recalled() -> Iterator[None]:
    token = _is_recalled.set(True)
    try:
        yield
    finally:
        _is_recalled.reset(token)


def is_recalled() -> bool:
    """Whether tables are covered, so that nothing holds which was worked out from the rows of today."""
    return _is_recalled.get()


def was_visible(replay: Replay, reader: PastReader, key: RowKey, moment: int) -> bool:
    """Whether a row was there at a moment and is for this reader; a link is where the row that it hangs on is."""
    if replay.snapshot(key, moment) is None:
        return False
    above = replay.part_of(key, moment) if key.model._meta.auto_created else key
    return above is not None and reader.sees(above) and reader.admitted(above, moment)


def untouched(model: Any, user: Any) -> tuple[str, Sequence[Any]]:
    """Return the condition, as SQL with its parameters, of rows from before the trail that were not written since.

    Those that `user` may read; of links those that hang on a row which is there already.
    """
    if above := model._meta.auto_created:
        link = next(field for field in model._meta.concrete_fields if field.related_model is above)
        column, (sql, params) = link.column, (f"SELECT id FROM {quoted(above)}", ())  # noqa: S608
    else:
        column, (sql, params) = "id", visible_rows(model, user).order_by().values("pk").query.sql_with_params()
    changes, table = quoted(Change), model._meta.db_table
    written = f'CAST("id" AS varchar(40)) IN (SELECT "row" FROM {changes} WHERE "table" = %s)'  # noqa: S608
    return f'WHERE "{column}" IN ({sql}) AND NOT {written}', (*params, table)


def rebuilt(replay: Replay, key: RowKey, moment: int) -> models.Model:
    """Return a row as it was, as an instance that is never saved."""
    row = key.model(**(replay.snapshot(key, moment) or {}))
    first, *_ = steps = replay.steps[key]
    last = max((step for step in steps if step.number <= moment), key=lambda step: step.number, default=first)
    if hasattr(row, "updated_at"):  # of what is older than the trail its first step is the earliest that is known
        row.created_at, row.updated_at = first.at, last.at  # type: ignore[attr-defined]
    return row


def shadow_table(model: Any, which: str = "", params: Sequence[Any] = ()) -> None:
    """Make a temporary table before the real one, with those of its rows that meet a condition, none with a lane."""
    table, real = quoted(model), "main" if connection.vendor == "sqlite" else "public"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {real}.{table} {which}", params)  # noqa: S608
        if issubclass(model, Record):
            cursor.execute(f"UPDATE {table} SET lane = {UNSETTLED}")  # noqa: S608


def fill_shadow_table(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Write rows into the temporary table, with the columns that follow from others worked out."""
    fields: Any = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quoted(model)
    values = [[stored(field, row) for field in fields] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608


def index_shadow_table(model: Any) -> None:
    """Have the rows of the temporary table found by their keys and their links, where they are many."""
    table, schema = quoted(model), "temp." if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1 OFFSET {FEW}")  # noqa: S608
        if cursor.fetchone() is None:
            return
        for field in model._meta.concrete_fields:
            if field.primary_key or field.related_model:
                name = connection.ops.quote_name(f"{model._meta.db_table}_{field.column}_then")
                cursor.execute(f'CREATE INDEX {schema}{name} ON {table} ("{field.column}")')


def stored(field: Any, row: models.Model) -> Any:
    value = field.pre_save(row, True) if isinstance(field, DERIVED) else getattr(row, field.attname)
    return field.get_db_prep_save(value, connection)


def quoted(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def drop_shadow_tables() -> None:
    """Take the temporary tables away again; after an error the transaction has taken them with it."""
    if connection.vendor == "postgresql" and connection.needs_rollback:
        return
    schema = "temp" if connection.vendor == "sqlite" else "pg_temp"
    with connection.cursor() as cursor:
        for model in (*shadowed_models(), Circle):
            cursor.execute(f"DROP TABLE IF EXISTS {schema}.{quoted(model)}")
