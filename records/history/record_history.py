"""The history of one record as its reader may see it: act by act, field by field.

It is told to the team only. A change is shown where its row is visible to the reader now, and what the row held before
and after was for this reader at the time: to hide a record later hides its past, and to open it later does not open
what it was. What is left out leaves no trace, no count and no gap.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from records.current_act import log_read
from records.history.replay import LoggedChange, PastReader, Replay
from records.history.snapshots import DisplayValue, RowKey, Snapshot, ValueWords, history_fields
from records.models import AuditEntry, Change, Record, clearance
from records.vocabulary import AuditKind, Level, Operation

OUTSIDE = "outside the application"
#: How many records are told of as the latest work of somebody, and how many changes are looked through for them.
RECENT, LOOKED_THROUGH = 10, 500


@dataclass(frozen=True)
class FieldChange:
    """What one field held before and after."""

    field: str
    label: str
    old: DisplayValue
    new: DisplayValue


@dataclass(frozen=True)
class RowChange:
    """What one act did to one row, seen as a whole."""

    key: RowKey
    ref: str
    kind: str
    title: str
    operation: Operation
    differences: list[FieldChange]


@dataclass(frozen=True)
class ActChanges:
    """One act: who wrote what, when, through which door and why. `key` names the state that it left behind."""

    key: str
    at: datetime
    who: str
    channel: str
    why: str
    changes: list[RowChange]


@dataclass(frozen=True)
class _EntryOfAct:
    """What the audit trail has of an act: who, through which door, why, and which records it wrote."""

    who: str
    channel: str
    why: str
    subjects: frozenset[str]


#: Stands for a column that a snapshot does not have.
NOT_KEPT = object()
NO_ENTRY = _EntryOfAct("", OUTSIDE, "", frozenset())


@dataclass(frozen=True)
class _StepsOfAct:
    """The steps of one act, by row, and the moments before and after it."""

    key: str
    at: datetime
    first: int
    last: int
    rows: list[RowKey]


def may_read_history(row: models.Model, user: Any) -> bool:
    """Whether the past of a row is for `user`: it is for the team, and for the readers whom the record names."""
    cleared = clearance(user)
    if cleared.team or cleared.everything or not isinstance(row, Record):
        return True
    return user.is_authenticated and row.owning().readers.filter(pk=user.pk).exists()


class History:
    """The past of one record, told to one reader. Ask `may_read_history` first."""

    def __init__(self, record: models.Model, user: Any) -> None:
        self.replay = Replay(record)
        self.reader = PastReader(self.replay, user)
        self.words = ValueWords(user)
        self.words.learn(self._linked_rows())

    def acts(self) -> list[ActChanges]:
        """Return what was done to the record and its parts, the latest first."""
        shown = [(of_act, changes) for of_act in self._steps_by_act() if (changes := self._changes(of_act))]
        sealed = _sealed([of_act.key for of_act, _ in shown])
        elsewhere = {ref for entry in sealed.values() for ref in entry.subjects} - self._own_refs()
        hidden = elsewhere - {ref for _, ref in visible_refs(elsewhere, self.words.user)}
        return [
            self._act(of_act, changes, sealed.get(of_act.key, NO_ENTRY), hidden) for of_act, changes in reversed(shown)
        ]

    def after(self, act: str) -> int | None:
        """Return the moment that an act left behind; None for one that this reader has not been told of."""
        return next(
            (of_act.last for of_act in self._steps_by_act() if of_act.key == act and self._changes(of_act)), None
        )

    def between(self, key: RowKey, before: int, after: int) -> list[FieldChange]:
        """Return how a row differs between two moments, as far as its fields say something to this reader."""
        old, new = self.replay.snapshot(key, before), self.replay.snapshot(key, after)
        found = []
        for field in self._fields(key):
            shown = [self._value(key, field, snapshot, moment) for snapshot, moment in ((old, before), (new, after))]
            above = _led_to(field, new or old) if None in (old, new) else None
            if shown[0] != shown[1] and (above is None or above != self.replay.part_of(key, after)):
                found.append(FieldChange(field.name, _label(field), *shown))
        return [*found, *_former_changes(key, old, new)]

    def describe(self, key: RowKey, moment: int) -> tuple[str, str, str]:
        """Return reference, kind and title of a row as it was at a moment. To tell of it is to let it be read."""
        snapshot: Snapshot = self.replay.snapshot(key, moment) or {}
        if snapshot.get("level") == Level.RESTRICTED:
            log_read(snapshot["ref"])
        return snapshot.get("ref", ""), str(key.model._meta.verbose_name), self.words.title(key.model, snapshot)

    def is_visible(self, key: RowKey, before: int, after: int) -> bool:
        """Whether what happened to a row between two moments is for this reader."""
        there = [moment for moment in (before, after) if self.replay.snapshot(key, moment) is not None]
        is_part = any(self.replay.belongs(key, moment) for moment in there)
        return is_part and self.reader.sees(key) and all(self.reader.admitted(key, moment) for moment in there)

    def _fields(self, key: RowKey) -> list[Any]:
        """Return the fields of a row that this reader is told of: who else reads a record is for those who enter it."""
        kept = set() if self.words.user.is_staff else {"readers", "team"}
        for_team = getattr(key.model, "for_team", ())
        if for_team and not self.reader.is_of_own_teams(key, self.replay.last):
            kept |= {*for_team}
        return [field for field in history_fields(key.model) if field.name not in kept]

    def _value(self, key: RowKey, field: Any, snapshot: Snapshot | None, moment: int) -> DisplayValue:
        for_team = field.name in getattr(key.model, "for_team", ())
        if snapshot is None or (for_team and not self.reader.is_of_own_teams(key, moment)):
            return self.words.value(field, set() if field.many_to_many else None)
        linked = field.many_to_many
        return self.words.value(
            field, self.replay.linked(key, field, moment) if linked else snapshot.get(field.attname)
        )

    def _linked_rows(self) -> Iterator[tuple[type[models.Model], Any]]:
        """Yield the rows to which the told fields of all snapshots lead."""
        for key in self.replay.tree:
            if key.model._meta.auto_created:
                continue
            for field in self._fields(key):
                if field.many_to_many:
                    moments = {step.number for step in self._links(field, key)}
                    for moment in moments:
                        yield from ((field.related_model, each) for each in self.replay.linked(key, field, moment))
                elif field.related_model:
                    for snapshot in (snapshot for step in self.replay.steps[key] for snapshot in step[-2:] if snapshot):
                        if snapshot.get(field.attname) is not None:
                            yield field.related_model, snapshot[field.attname]

    def _links(self, field: Any, key: RowKey) -> Iterator[LoggedChange]:
        """Yield the changes of the links of a list."""
        table = field.m2m_db_table()
        for link in self.replay.tree:
            if link.table == table:
                yield from (step for step in self.replay.steps[link] if step.part_of == key)

    def _steps_by_act(self) -> list[_StepsOfAct]:
        """Gather the changes of the record and its parts by act, in order."""
        steps: dict[str, dict[RowKey, list[LoggedChange]]] = defaultdict(lambda: defaultdict(list))
        for key in self.replay.tree:
            for step in self.replay.steps[key]:
                row = step.part_of if key.model._meta.auto_created else key
                if row is not None:
                    steps[step.together][row].append(step)
        of_acts = []
        for act, rows in steps.items():
            ordered = sorted((step.number, step.at) for each in rows.values() for step in each)
            in_order = sorted(rows, key=lambda row: (row != self.replay.top, min(step.number for step in rows[row])))
            of_acts.append(_StepsOfAct(act, ordered[0][1], ordered[0][0], ordered[-1][0], in_order))
        return sorted(of_acts, key=lambda of_act: of_act.first)

    def _changes(self, of_act: _StepsOfAct) -> list[RowChange]:
        shown = [
            self._change(of_act, key) for key in of_act.rows if self.is_visible(key, of_act.first - 1, of_act.last)
        ]
        return [change for change in shown if change.differences or change.operation != Operation.UPDATE]

    def _change(self, of_act: _StepsOfAct, key: RowKey) -> RowChange:
        before, after = of_act.first - 1, of_act.last
        was, is_there = self.replay.snapshot(key, before) is not None, self.replay.snapshot(key, after) is not None
        operation = Operation.UPDATE if was and is_there else Operation.INSERT if is_there else Operation.DELETE
        described = self.describe(key, after if is_there else before)
        return RowChange(key, *described, operation, self.between(key, before, after))

    def _own_refs(self) -> set[str]:
        """Return the references of the record and its parts, of all that ever were."""
        snapshots = (
            snapshot
            for key in self.replay.tree
            for step in self.replay.steps[key]
            for snapshot in step[-2:]
            if snapshot
        )
        return {snapshot["ref"] for snapshot in snapshots if "ref" in snapshot}

    def _act(self, of_act: _StepsOfAct, changes: list[RowChange], sealed: _EntryOfAct, hidden: set[str]) -> ActChanges:
        """Tell an act. Its reason is left out where it may be about something else that is hidden."""
        shown = {change.key for change in changes}
        left_out = [
            key for key in of_act.rows if key not in shown and not self.is_visible(key, of_act.first - 1, of_act.last)
        ]
        why = "" if left_out or not hidden.isdisjoint(sealed.subjects) else sealed.why
        return ActChanges(of_act.key, of_act.at, sealed.who, sealed.channel, why, changes)


def _former_changes(key: RowKey, old: Snapshot | None, new: Snapshot | None) -> Iterator[FieldChange]:
    """Yield how columns differ that an update has taken away since, as they were kept; not that it took them away."""
    for name in getattr(key.model, "former", ()):
        values = [(snapshot or {name: ""}).get(name, NOT_KEPT) for snapshot in (old, new)]
        if NOT_KEPT not in values and (values[0] or "") != (values[1] or ""):
            shown = [DisplayValue(str(value or ""), value) for value in values]
            column = name.removesuffix("_id")
            yield FieldChange(column, column.replace("_", " "), *shown)


def _label(field: Any) -> str:
    return str(field.verbose_name)


def _led_to(field: Any, snapshot: Snapshot | None) -> RowKey | None:
    """Return the row to which a link of a row leads."""
    if snapshot is None or not field.related_model or field.many_to_many or snapshot.get(field.attname) is None:
        return None
    return RowKey(field.related_model._meta.db_table, str(snapshot[field.attname]))


def _sealed(acts: list[str]) -> dict[str, _EntryOfAct]:
    """Return what the audit trail has of these acts. One with too many records to name them all tells no reason."""
    found = {}
    entries = AuditEntry.objects.filter(act__in=acts, kind=AuditKind.WRITE)
    for act, actor, channel, subjects, text in entries.values_list("act", "actor", "channel", "subjects", "details"):
        shown = json.loads(text) if text else {}
        why = "" if "records" in shown else shown.get("why", "")
        found[act] = _EntryOfAct(actor, channel, why, frozenset(subjects.split()))
    return found


@dataclass(frozen=True)
class RecentWork:
    """A record that somebody wrote lately."""

    at: datetime
    model: type[Record]
    ref: str
    operation: Operation

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


def recent_work(user: Any, number: int = RECENT) -> list[RecentWork]:
    """Return what `user` wrote last, as far as they may see the records now, each record once."""
    entries = AuditEntry.objects.filter(actor=user.get_username(), kind=AuditKind.WRITE).order_by("-number")
    acts = list(entries.values_list("act", flat=True)[: 5 * number])
    rows = Change.objects.filter(act__in=acts).exclude(ref="").order_by("-pk")
    written: dict[str, tuple[datetime, str]] = {}
    for at, ref, operation in rows.values_list("at", "ref", "operation")[:LOOKED_THROUGH]:
        written.setdefault(ref, (at, operation))
    shown = [
        RecentWork(written[ref][0], model, ref, Operation(written[ref][1]))
        for model, ref in visible_refs(written, user)
    ]
    return sorted(shown, key=lambda done: done.at, reverse=True)[:number]


def visible_refs(refs: Any, user: Any) -> Iterator[tuple[type[Record], str]]:
    """Yield those of `refs` whose record `user` may read now, with its model."""
    of_prefix = {model.prefix(): model for model in _records()}
    of_model: dict[type[Record], list[str]] = defaultdict(list)
    for ref in refs:
        if model := of_prefix.get(ref.partition("-")[0]):
            of_model[model].append(ref)
    for model, some in of_model.items():
        for ref in model.objects.visible_to(user).filter(ref__in=some).values_list("ref", flat=True):
            yield model, ref


def _records() -> list[type[Record]]:
    return [each for each in apps.get_models() if issubclass(each, Record)]
