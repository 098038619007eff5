"""Records as JSON that the database builds: one statement for each resource and each kind of reader.

The keys of a page come first (`records.lists.paging`); the statement gives the JSON of exactly those. It follows from
the codebook, and is put together once. What the database cannot tell of some records is read from them in Python
(`Resource.read`), which is what the tests compare it with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, TextField, When
from django.db.models.expressions import RawSQL

from records.current_day import current_day
from records.lists.codebook import Column, Resource
from records.lists.filters import TimeAsked
from records.lists.json_sql import (
    AsText,
    Json,
    JsonBoolean,
    JsonCase,
    JsonFirst,
    JsonList,
    JsonObject,
    as_json,
    date_as_json,
    text_as_json,
)
from records.lists.listing import Listing
from records.lists.paging import Page
from records.models import clearance, lanes_read_by, names_reader

#: Stands in the SQL that is kept where each page has its keys. They are the last of its parameters.
KEYS = "{keys}"
#: How many statements are kept; when there are more, all are put together anew.
MOST_KEPT = 1024


class Statement(NamedTuple):
    """The SQL that gives the key and the JSON of some rows, null where it must be read in Python; and its parameters.

    The keys of the rows come after the parameters.
    """

    sql: str
    params: tuple[Any, ...]

    def rows(self, keys: Sequence[str]) -> dict[str, str | None]:
        """Return the JSON of the rows with these keys, by key."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql.replace(KEYS, ", ".join(["%s"] * len(keys))), [*self.params, *keys])
            return dict(cursor.fetchall())


_kept: dict[tuple[Any, ...], Statement] = {}


def page_as_json(listing: Listing, size: int, only: set[str] | None = None) -> tuple[Page, list[str]]:
    """Return a page of a listing, and the JSON of its records. Raises InvalidQuery."""
    resource = listing.resource
    if listing.moment or not resource.is_built:
        page = listing.page(size)
        return page, [as_json(resource.read(row, only)) for row in page.rows]
    page = listing.keys(size)
    return page, records_as_json(resource, listing.user, [row.sort_ref for row in page.rows], only)


def record_as_json(
    resource: Resource, user: Any, moment: TimeAsked, key: str, only: set[str] | None = None
) -> str | None:
    """Return the JSON of the record with this key, None where `user` sees none."""
    if moment or not resource.is_built:
        record = resource.rows_at(user, moment.as_of).filter(**{resource.key: key}).first()
        return None if record is None else as_json(resource.read(record, only))
    return next(iter(records_as_json(resource, user, [key], only)), None)


def records_as_json(resource: Resource, user: Any, keys: Sequence[str], only: set[str] | None = None) -> list[str]:
    """Return the JSON of the records with these keys, or those columns that `only` names, in the order of the keys.

    Records that `user` may not see, or not any more, are left out.
    """
    if clearance(user).everything:  # who breaks the glass has everything written down that they read
        found = read_in_python(resource, user, keys, only)
    else:
        found = statement(resource, user, only).rows(keys) if keys else {}
        found |= read_in_python(resource, user, [key for key, built in found.items() if built is None], only)
    return [built for key in keys if (built := found.get(key))]


def read_in_python(
    resource: Resource, user: Any, keys: Collection[str], only: set[str] | None = None
) -> dict[str, str | None]:
    """Return the same by key, read from the records."""
    rows = resource.rows(user).filter(**{f"{resource.key}__in": keys}) if keys else ()
    return {getattr(row, resource.key): as_json(resource.read(row, only)) for row in rows}


def statement(resource: Resource, user: Any, only: set[str] | None = None) -> Statement:
    """Return the statement for a reader, put together for the first of those who read the same, on each day."""
    names = None if only is None else frozenset(only)
    kind = (resource, names, clearance(user), tuple(lanes_read_by(user)), current_day())
    if kind not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[kind] = _put_together(resource, user, only)
    return _kept[kind]


def _put_together(resource: Resource, user: Any, only: set[str] | None) -> Statement:
    columns = [column for column in resource.columns if only is None or column.name in only]
    built: Any = AsText(object_of(columns, user))
    # What is restricted is written down by row when it is read: those whom records name have all read in Python.
    if unbuilt := names_reader(clearance(user)) | (resource.unbuilt(user) if resource.unbuilt else Q()):
        built = Case(When(unbuilt, then=None), default=built, output_field=TextField())
    model: Any = resource.model
    rows = model.objects.visible_to(user).order_by().filter(**{f"{resource.key}__in": RawSQL(KEYS, ())})  # noqa: S611 - the text is ours
    return Statement(*rows.values_list(resource.key, built).query.sql_with_params())


def object_of(columns: Collection[Column], user: Any) -> JsonObject:
    """Return the object of some columns of a row."""
    return JsonObject(**{column.name: built_of(column, user) for column in columns})


def built_of(column: Column, user: Any) -> Any:
    """Return the JSON of a column of a row, which is the record's or that of a list in it."""
    if column.rows is not None:
        rows = column.rows(user)
        if column.parts:
            # SQLite sorts by nothing that leads out of a subquery, unless it is among what is selected.
            rows = rows.values(*rows.query.annotations, item=object_of(column.parts, user))
        return JsonList(rows, are_json=bool(column.parts)) if column.many else JsonFirst(rows)
    if column.built is not None:
        built = column.built(user)
        return built if isinstance(built, (Json, JsonCase, JsonList)) else of_type(column, built)
    if column.parts:
        whole = object_of(column.parts, user)
        return whole if column.given is None else JsonCase(When(column.given, then=whole))
    path = column.path.replace(".", "__")
    return date_as_json(path) if column.type == "date" else of_type(column, F(path))


def of_type(column: Column, value: Any) -> Any:
    """Return a value as JSON of the column's type."""
    if column.type == "boolean":
        return JsonBoolean(value)
    return text_as_json(value, in_lines=column.type == "text") if column.type in ("text", "code") else value
