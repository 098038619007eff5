"""Snapshots: rows as the log of changes keeps them, and their values in words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from records.fields.edtf import UncertainDate
from records.models import Record

#: What a row held, by the attribute of each column ("person_id"); None where there was no row.
Snapshot = dict[str, Any]
#: The columns that decide who may read a row, and not what it says.
ACCESS = ("level", "review", "team", "readers")


class RowKey(NamedTuple):
    """A row of the database: its table and its key, as the trail of changes writes them."""

    table: str
    row: str

    @property
    def model(self) -> type[models.Model]:
        return tables()[self.table]


@cache
def tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def key_of(row: models.Model) -> RowKey:
    return RowKey(row._meta.db_table, str(row.pk))


def parse_key(text: str) -> RowKey | None:
    """Read "table:key", as `Change.part_of` has it."""
    table, _, row = text.partition(":")
    return RowKey(table, row) if row else None


def decode(model: type[models.Model], text: str) -> Snapshot | None:
    """Read a snapshot. Each field knows how to read what either database writes for truth values, moments and lists."""
    if not text:
        return None
    columns = {field.column: field for field in model._meta.concrete_fields}
    stored = json.loads(text)
    kept = {name: stored[name] for name in getattr(model, "former", ()) if name in stored}
    read = {columns[name].attname: _read(columns[name], value) for name, value in stored.items() if name in columns}
    return kept | read


def _read(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField) and isinstance(value, str):
        return json.loads(value)
    read = field.to_python(value)
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and read.tzinfo is None else read


def without_former(model: type[models.Model], snapshot: Snapshot) -> Snapshot:
    """Return what a snapshot has of the columns that are there today."""
    return {name: value for name, value in snapshot.items() if name not in getattr(model, "former", ())}


def history_fields(model: type[models.Model]) -> list[Any]:
    """Return the fields that a history tells of: what people enter, and no text that is kept private."""
    private = getattr(model, "private", ())
    return [
        field
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.editable and not field.primary_key and field.name not in private
    ]


def links(model: type[models.Model]) -> Iterator[Any]:
    """Yield the columns that lead to another row."""
    yield from (field for field in model._meta.concrete_fields if field.related_model)


def target(field: Any, value: Any) -> RowKey:
    return RowKey(field.related_model._meta.db_table, str(value))


class DisplayValue(NamedTuple):
    """A value in words, and as data: a code, a reference, a date."""

    words: str
    data: Any


NOTHING = DisplayValue("", None)


class ValueWords:
    """Tells values to one reader. What points to a row that is hidden from them says nothing."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._names: dict[type[models.Model], dict[Any, DisplayValue]] = {}

    def learn(self, values: Iterable[tuple[type[models.Model], Any]]) -> None:
        """Look up the rows that will be told of, by model and key: one query for each model."""
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for model, key in values:
            wanted[model].add(key)
        for model, keys in wanted.items():
            rows = visible_rows(model, self.user).filter(pk__in=keys)
            if issubclass(model, Record):
                rows = rows.select_related(*label_links(model)).defer(*model.private)
            self._names[model] = {row.pk: DisplayValue(name_of(row), public_key(row)) for row in rows}

    def value(self, field: Any, value: Any) -> DisplayValue:
        """Tell the value of a column, or the set of keys of a list of links."""
        if field.many_to_many:
            each = sorted(self._name(field.related_model, key) for key in value)
            named = [name for name in each if name is not NOTHING]
            return DisplayValue(", ".join(name.words for name in named), [name.data for name in named])
        if value in (None, "", []):
            return NOTHING
        if field.related_model:
            return self._name(field.related_model, value)
        if isinstance(value, datetime):
            return DisplayValue(f"{value:%Y-%m-%d %H:%M} UTC", value.isoformat())
        return DisplayValue(value_words(field, value), value.as_json() if isinstance(value, UncertainDate) else value)

    def title(self, model: type[models.Model], snapshot: Snapshot) -> str:
        """Name a row by what it held: "detention, subject, Idris Hasan"."""
        fields = [model._meta.get_field(name) for name in getattr(model, "label_fields", ())]
        named = [self.value(field, snapshot.get(field.attname)).words for field in fields]  # type: ignore[union-attr]
        return ", ".join(words for words in named if words)

    def _name(self, model: type[models.Model], key: Any) -> DisplayValue:
        return self._names.get(model, {}).get(key, NOTHING)


def value_words(field: Any, value: Any) -> str:
    """Tell the value of a column that leads to no other row; "" where it holds none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, UncertainDate):
        return value.label
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(dict(field.flatchoices or ()).get(value, value))


def visible_rows(model: type[models.Model], user: Any) -> Any:
    """Return the rows that `user` may read; accounts and roles know no levels."""
    manager: Any = model._default_manager
    return manager.visible_to(user) if hasattr(manager.all(), "visible_to") else manager.all()


def label_links(model: type[Record], below: int = 2) -> list[str]:
    """Return the paths of the links by which rows of a model are named."""
    found = []
    for field in (model._meta.get_field(name) for name in model.label_fields):
        if field.related_model:
            found.append(field.name)
            if below and issubclass(field.related_model, Record):
                found += [f"{field.name}__{path}" for path in label_links(field.related_model, below - 1)]
    return found


def name_of(row: models.Model) -> str:
    """Return the words by which people know a row."""
    if not isinstance(row, Record):
        return str(row)
    named = []
    for name in row.label_fields:
        value = getattr(row, name)
        shown = getattr(row, f"get_{name}_display", None)
        named.append(name_of(value) if isinstance(value, models.Model) else str(shown() if shown else value or ""))
    return ", ".join(words for words in named if words) or row.ref


def public_key(row: models.Model) -> Any:
    """Return what the outside knows a row by: its reference, its code, or the name of a user or a team."""
    return getattr(row, "ref", row.pk if isinstance(row.pk, str) else str(row))
