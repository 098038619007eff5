"""Merging one seed record into its stored row, without undoing what the staff changed.

Three values are compared for each column: what the file says, what is stored, and what the file said when it was last
loaded. Where every column that differs is stored as it was last loaded, nobody touched the record, and it follows the
file. Otherwise somebody here changed it: it stays as it is, as a whole, unless the loader is told to overwrite. (Half
of each could be a record that makes no sense.)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from records.models import Record
from seeds.lists import BY_MODEL
from seeds.models import LoadedRecord
from seeds.rows import SeedRow


@dataclass
class ColumnChange:
    """One column whose stored value and whose value in the file differ."""

    row: SeedRow
    column: str
    stored: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.row.name} {self.column}: {shown(self.stored)} -> {shown(self.wanted)}"


@dataclass
class Merge:
    """The outcome for one row: what was taken from the file, and what stayed as it is here."""

    row: SeedRow
    instance: Any
    created: bool
    changes: list[ColumnChange] = field(default_factory=list)
    kept: list[ColumnChange] = field(default_factory=list)
    conflicts: list[ColumnChange] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def to_save(self) -> bool:
        return self.created or bool(self.changes)

    def save(self) -> None:
        """Write the row and its lists."""
        if isinstance(self.instance, Record):
            self.instance.refuse_twins(type(self.instance)._base_manager.all())
        self.instance.save()
        for name, keys in self.lists.items():
            getattr(self.instance, name).set(keys)


def merge(
    row: SeedRow, instance: Any, instances: dict[Any, Any], known: LoadedRecord | None, *, overwrite: bool
) -> Merge:
    """Take over the file's values into an instance; `instances` holds what foreign keys lead to."""
    remembered, expunged = (known.digests, known.expunged) if known else ({}, [])
    merged = Merge(row, instance, created=instance._state.adding, digests=dict(remembered))
    differing: list[tuple[ColumnChange, Any]] = []
    for name, column in row.noun.columns.items():
        if name in expunged:
            continue
        value = row.values[name]
        target = instances[BY_MODEL[column.related_model], value] if _leads_on(column, value) else value
        if merged.created or _differs(instance, column, target):
            stored = "" if merged.created else _stored_text(instance, column)
            differing.append((ColumnChange(row, name, stored, as_text(value)), target))
        else:
            merged.digests[name] = digest(as_text(value))
    last = {name: digest(as_text(_default(column))) for name, column in row.noun.columns.items()} | remembered
    untouched = all(digest(change.stored) == last[change.column] for change, _ in differing)
    if merged.created or overwrite or untouched:
        _take_over(merged, differing)
    else:
        for change, _ in differing:
            (merged.kept if digest(change.wanted) == last[change.column] else merged.conflicts).append(change)
    return merged


def _take_over(merged: Merge, differing: list[tuple[ColumnChange, Any]]) -> None:
    for change, target in differing:
        if isinstance(merged.row.noun.columns[change.column], models.ManyToManyField):
            merged.lists[change.column] = target
        else:
            setattr(merged.instance, change.column, target)
        merged.changes.append(change)
        merged.digests[change.column] = digest(change.wanted)


def _leads_on(column: models.Field[Any, Any], value: Any) -> bool:
    return isinstance(column, models.ForeignKey) and value is not None


def _default(column: models.Field[Any, Any]) -> Any:
    return [] if isinstance(column, models.ManyToManyField) else column.get_default()


def _differs(instance: Any, column: models.Field[Any, Any], wanted: Any) -> bool:
    if isinstance(column, models.ManyToManyField):
        return _stored_list(instance, column) != wanted
    if isinstance(wanted, models.Model):  # one that is not stored yet cannot be the one that is stored
        return wanted._state.adding or column.value_from_object(instance) != wanted.pk
    return column.value_from_object(instance) != wanted


def _stored_list(instance: Any, column: models.Field[Any, Any]) -> list[str]:
    return sorted(other.pk for other in getattr(instance, column.name).all())


def _stored_text(instance: Any, column: models.Field[Any, Any]) -> str:
    if isinstance(column, models.ManyToManyField):
        return as_text(_stored_list(instance, column))
    value = getattr(instance, column.name)
    return as_text(getattr(value, BY_MODEL[type(value)].key) if isinstance(value, models.Model) else value)


def as_text(value: Any) -> str:
    """Return a value as text, the same on every database."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def digest(text: str) -> str:
    """Return 16 digits that change when the text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shown(text: str, longest: int = 60) -> str:
    """Return a value for a message, on one line, cut where it is long."""
    return repr(text if len(text) <= longest else f"{text[:longest]}...")
