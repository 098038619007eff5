"""Rows as the trail of changes keeps them: reading their images, and telling their values in words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from sources.edtf import UncertainDate
from sources.models import Record

#: What a row held, by the attribute of each column ("person_id"); None where there was no row.
Image = dict[str, Any]
#: The columns that decide who may read a row, and not what it says.
ACCESS = ("level", "review", "team", "readers")


class Key(NamedTuple):
    """A row of the database: its table and its key, as the trail of changes writes them."""

    table: str
    row: str

    @property
    def model(self) -> type[models.Model]:
        return tables()[self.table]


@cache
def tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def key_of(row: models.Model) -> Key:
    return Key(row._meta.db_table, str(row.pk))


def parse_key(text: str) -> Key | None:
    """Read "table:key", as `Change.part_of` has it."""
    table, _, row = text.partition(":")
    return Key(table, row) if row else None


def decode(model: type[models.Model], text: str) -> Image | None:
    """Read an image. Each field knows how to read what either database writes for truth values, moments and lists."""
    if not text:
        return None
    columns = {field.column: field for field in model._meta.concrete_fields}
    stored = json.loads(text)
    return {columns[name].attname: _read(columns[name], value) for name, value in stored.items() if name in columns}


def _read(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField) and isinstance(value, str):
        return json.loads(value)
    read = field.to_python(value)
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and read.tzinfo is None else read


def told_fields(model: type[models.Model]) -> list[Any]:
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


def target(field: Any, value: Any) -> Key:
    return Key(field.related_model._meta.db_table, str(value))


class Value(NamedTuple):
    """A value in words, and as data: a code, a reference, a date."""

    words: str
    data: Any


NOTHING = Value("", None)


class Words:
    """Tells values to one reader. What points to a row that is hidden from them says nothing."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._names: dict[type[models.Model], dict[Any, Value]] = {}

    def learn(self, values: Iterable[tuple[type[models.Model], Any]]) -> None:
        """Look up the rows that will be told of, by model and key: one query for each model."""
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for model, key in values:
            wanted[model].add(key)
        for model, keys in wanted.items():
            rows = visible(model, self.user).filter(pk__in=keys)
            if issubclass(model, Record):
                rows = rows.select_related(*links_told(model)).defer(*model.private)
            self._names[model] = {row.pk: Value(name_of(row), outside_key(row)) for row in rows}

    def tell(self, field: Any, value: Any) -> Value:
        """Tell the value of a column, or the set of keys of a list of links."""
        if field.many_to_many:
            each = sorted(self._name(field.related_model, key) for key in value)
            told = [name for name in each if name is not NOTHING]
            return Value(", ".join(name.words for name in told), [name.data for name in told])
        if value in (None, "", []):
            return NOTHING
        if field.related_model:
            return self._name(field.related_model, value)
        if isinstance(value, UncertainDate):
            return Value(value.label, value.as_json())
        if isinstance(value, bool):
            return Value("yes" if value else "no", value)
        if isinstance(value, list):
            return Value(", ".join(map(str, value)), value)
        if isinstance(value, datetime):
            return Value(f"{value:%Y-%m-%d %H:%M} UTC", value.isoformat())
        return Value(str(dict(field.flatchoices or ()).get(value, value)), value)

    def title(self, model: type[models.Model], image: Image) -> str:
        """Name a row by what it held: "detention, subject, Idris Hasan"."""
        fields = [model._meta.get_field(name) for name in getattr(model, "told_by", ())]
        told = [self.tell(field, image.get(field.attname)).words for field in fields]  # type: ignore[union-attr]
        return ", ".join(words for words in told if words)

    def _name(self, model: type[models.Model], key: Any) -> Value:
        return self._names.get(model, {}).get(key, NOTHING)


def visible(model: type[models.Model], user: Any) -> Any:
    """Return the rows that `user` may read; accounts and roles know no levels."""
    manager: Any = model._default_manager
    return manager.visible_to(user) if hasattr(manager.all(), "visible_to") else manager.all()


def links_told(model: type[Record], below: int = 2) -> list[str]:
    """Return the paths of the links by which rows of a model are named."""
    found = []
    for field in (model._meta.get_field(name) for name in model.told_by):
        if field.related_model:
            found.append(field.name)
            if below and issubclass(field.related_model, Record):
                found += [f"{field.name}__{path}" for path in links_told(field.related_model, below - 1)]
    return found


def name_of(row: models.Model) -> str:
    """Return the words by which people know a row."""
    if not isinstance(row, Record):
        return str(row)
    told = []
    for name in row.told_by:
        value = getattr(row, name)
        shown = getattr(row, f"get_{name}_display", None)
        told.append(name_of(value) if isinstance(value, models.Model) else str(shown() if shown else value or ""))
    return ", ".join(words for words in told if words) or row.ref


def outside_key(row: models.Model) -> Any:
    """Return what the outside knows a row by: its reference, its code, or the name of a user or a team."""
    return getattr(row, "ref", row.pk if isinstance(row.pk, str) else str(row))
