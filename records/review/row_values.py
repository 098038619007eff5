"""The values of a row as a proposal keeps them: by field name, records by reference."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from records.models import BEYOND_THE_TEAM, Record
from records.models.lanes import PARTNER, PUBLIC
from records.vocabulary import Review

#: The values of a row by field name: JSON, with a reference for a record and a list of keys for a list.
RowValues = dict[str, Any]
#: A stored row, by its model and its key.
Key = tuple[Any, Any]


@cache
def record_models() -> dict[str, type[Record]]:
    """Return the models of records by the letters that their references begin with."""
    found = [model for model in apps.get_models() if issubclass(model, Record)]
    return {model.prefix(): model for model in found}


def find(ref: str) -> Any:
    """Return the record of a reference, or None."""
    model: Any = record_models().get(ref.partition("-")[0])
    return model._base_manager.filter(ref=ref).first() if model else None


def fields_of(model: type[models.Model]) -> dict[str, Any]:
    """Return the fields whose values a proposal keeps: those that somebody fills in, and not what follows from them."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {field.name: field for field in fields if field.editable and not field.primary_key}


def leads_to_record(field: Any) -> bool:
    return bool(field.related_model) and not field.many_to_many and issubclass(field.related_model, Record)


def row_values(row: Record) -> RowValues:
    return {name: _value(row, field) for name, field in fields_of(type(row)).items()}


def _value(row: Record, field: Any) -> Any:
    if field.many_to_many:
        return sorted(getattr(row, field.name).values_list("pk", flat=True))
    value = getattr(row, field.attname)
    if leads_to_record(field) and value is not None:
        return field.related_model._base_manager.filter(pk=value).values_list("ref", flat=True).first()
    return value if isinstance(value, (str, int, type(None))) else field.value_to_string(row)


def assign(row: Record, values: RowValues) -> None:
    """Give a row the values that a proposal keeps, lists aside. Raises LookupError for a record that is not there."""
    fields = fields_of(type(row))
    for name, value in values.items():
        field = fields[name]
        if field.many_to_many:
            continue
        if leads_to_record(field) and value is not None:
            found = field.related_model._base_manager.filter(ref=value).first()
            if found is None:
                raise LookupError(f"{row.ref} {field.verbose_name}: {value} is not there any more.")
            setattr(row, name, found)
        else:
            setattr(row, field.attname, value)


def refs_in(model: type[models.Model], values: RowValues) -> set[str]:
    """Return the references of the records that these values name."""
    fields = fields_of(model)
    return {value for name, value in values.items() if value and name in fields and leads_to_record(fields[name])}


def with_parts(roots: Iterable[Record]) -> dict[str, list[Record]]:
    """Return rows, by reference, each with all below it that people beyond the team read once they can read the row.

    Whose part it is does not matter: with a person open the steps of an incident that is open already, and a notice
    that is published. What hangs on something else as well, which is not open, stays closed: it is not for the reader
    of a proposal to learn of it. A few queries, however many rows: one for each link by which something hangs.
    """
    found = {row.ref: [row] for row in roots}
    level = {(type(rows[0]), rows[0].pk): {ref} for ref, rows in found.items()}
    while level:
        below: dict[tuple[type[Record], Any], set[str]] = {}
        for model in record_models().values():
            for name in links_above(model):
                link: Any = model._meta.get_field(name)
                above = {key: refs for (of, key), refs in level.items() if of is link.related_model}
                if not above:
                    continue
                rows = model._base_manager.filter(level__in=BEYOND_THE_TEAM, **{f"{name}__in": list(above)})
                for part in rows.select_related(*model.parents):
                    if getattr(part, "review", Review.PUBLISHED) != Review.PUBLISHED:
                        continue
                    refs = above[getattr(part, link.attname)]
                    below.setdefault((model, part.pk), set()).update(refs)
                    for ref in refs:
                        found[ref].append(part)
        level = below
    hanging_on = (filled_links_above(row) for rows in found.values() for row in rows)
    is_open = _open_among({key for links in hanging_on for key in links})
    return {ref: _opened_with(rows, is_open) for ref, rows in found.items()}


def links_above(model: type[Record]) -> tuple[str, ...]:
    """Return the foreign keys to what a row cannot be read without, and to what it belongs to."""
    return tuple(dict.fromkeys((*model.parents, *model.belongs_through())))


def filled_links_above(row: Record) -> list[Key]:
    """Return the model and the key of all that a row cannot be read without."""
    links: list[Any] = [row._meta.get_field(name) for name in links_above(type(row))]
    return [(link.related_model, key) for link in links if (key := getattr(row, link.attname)) is not None]


def _open_among(keys: set[Key]) -> set[Key]:
    """Return those of some rows that people beyond the team read now, as their lanes tell: a query for each model."""
    found: set[Key] = set()
    for model in {model for model, _ in keys}:
        rows = model._base_manager.filter(pk__in=[key for of, key in keys if of is model], lane__in=(PUBLIC, PARTNER))
        found |= {(model, key) for key in rows.values_list("pk", flat=True)}
    return found


def _opened_with(rows: list[Record], is_open: set[Key]) -> list[Record]:
    """Leave out of a row and all below it what also hangs on something that stays closed."""
    kept = {(type(row), row.pk): row for row in rows}
    while True:
        closed = [
            key
            for key, row in kept.items()
            if row is not rows[0] and not all(above in kept or above in is_open for above in filled_links_above(row))
        ]
        if not closed:
            return list(kept.values())
        for key in closed:
            del kept[key]
