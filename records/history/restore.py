"""Restoring an earlier version of a record and its parts, as a new change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from records.history.known_on import record_first
from records.history.record_history import FieldChange, History
from records.history.snapshots import ACCESS, NOTHING, RowKey, visible_rows, without_former

#: Whether somebody may do something ("add", "change") with the rows of a model.
May = Callable[[str, type[models.Model]], bool]


class CannotRestore(ValueError):
    """What a row held cannot be stored any more; `problems` says why, row by row. Nothing was written."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{row}: {' '.join(why)}" for row, why in problems.items()))
        self.problems = problems


@dataclass(frozen=True)
class RowToRestore:
    """A row that does not hold now (`old`) what it held then (`new`), or that is gone."""

    key: RowKey
    ref: str
    kind: str
    title: str
    is_gone: bool
    differences: list[FieldChange]


class Restore:
    """The way back to the state that an act left behind, for one who may read both that and the present one.

    It brings back what was said and not who may read it: level, review, team and readers stay as they are, and so do
    rows that were added since.
    """

    def __init__(self, history: History, moment: int, may: May) -> None:
        self.history, self.replay, self.moment, self.may = history, history.replay, moment, may

    def rows(self) -> list[RowToRestore]:
        """Return what would be brought back, the record first and citations last."""
        reader = self.history.reader
        keys = [key for key in self.replay.tree if not key.model._meta.auto_created and self._was_there(key)]
        shown = [key for key in keys if reader.sees(key) and reader.admitted(key, self.moment)]
        rows = [self._lost(key) for key in sorted(shown, key=lambda key: record_first(self.history, key))]
        found = [row for row in rows if row.differences and self.may("add" if row.is_gone else "change", row.key.model)]
        return sorted(found, key=lambda row: self._depth(row.key))

    def stamp(self) -> str:
        """Return a mark of what would be brought back, by which a page that was overtaken by others is noticed."""
        shown = [(row.ref, row.is_gone, row.differences) for row in self.rows()]
        return salted_hmac("records.history.restore", repr(shown), algorithm="sha256").hexdigest()[:32]

    def carry_out(self, refs: set[str]) -> int:
        """Bring back the rows with these references, all or none; return how many. Raises CannotRestore."""
        chosen = [row for row in self.rows() if row.ref in refs]
        problems: dict[str, list[str]] = {}
        with transaction.atomic():
            for row in chosen:
                try:
                    self._bring_back(row)
                except ValidationError as error:
                    problems[f"{row.kind} {row.title}"] = error.messages
            if problems:
                raise CannotRestore(problems)
        return len(chosen)

    def _was_there(self, key: RowKey) -> bool:
        return self.replay.belongs(key, self.moment)

    def _lost(self, key: RowKey) -> RowToRestore:
        is_gone = self.replay.snapshot(key, self.replay.last) is None
        differences = self.history.between(key, self.replay.last, self.moment)
        if not is_gone:
            differences = [each for each in differences if self._can_be_set(key, each)]
        return RowToRestore(key, *self.history.describe(key, self.moment), is_gone, differences)

    def _can_be_set(self, key: RowKey, difference: FieldChange) -> bool:
        """Whether a value can be put back: not who may read, and no link to a row that the reader may not see."""
        field: Any = key.model._meta.get_field(difference.field)
        if field.name in ACCESS or field.many_to_many:
            return field.name not in ACCESS
        snapshot = self.replay.snapshot(key, self.moment) or {}
        return difference.new != NOTHING or snapshot.get(field.attname) in (None, "")

    def _depth(self, key: RowKey) -> int:
        """Return how far below the record a row stands: what it rests on comes back first."""
        above, depth = key, 0
        snapshot = self.replay.snapshot(key, self.moment) or {}
        for name in getattr(key.model, "parents", ()):
            field: Any = key.model._meta.get_field(name)
            parent = RowKey(field.related_model._meta.db_table, str(snapshot.get(field.attname)))
            if parent in self.replay.tree and parent != self.replay.top:
                depth = max(depth, 1 + self._depth(parent))
        part_of = self.replay.part_of(above, self.moment)
        if part_of not in (None, self.replay.top) and part_of is not None:
            depth = max(depth, 1 + self._depth(part_of))
        return depth + (key != self.replay.top)

    def _bring_back(self, lost: RowToRestore) -> None:
        snapshot, model = self.replay.snapshot(lost.key, self.moment) or {}, lost.key.model
        seen = visible_rows(model, self.history.words.user)
        row: Any = model(**without_former(model, snapshot)) if lost.is_gone else seen.get(pk=lost.key.row)
        if lost.is_gone:
            self._store(row, seen, force_insert=True)
            return
        fields: list[Any] = [model._meta.get_field(each.field) for each in lost.differences]
        for field in fields:
            if not field.many_to_many:
                setattr(row, field.attname, snapshot[field.attname])
        self._store(row, seen)
        for field in fields:
            if field.many_to_many:
                getattr(row, field.name).set(self.replay.linked(lost.key, field, self.moment))

    def _store(self, row: Any, seen: Any, **how: Any) -> None:
        row.full_clean()
        row.refuse_twins(seen)
        row.save(**how)
