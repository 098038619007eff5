"""The history of a record as its reader may see it: act by act, field by field, from what to what.

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

from sources.acts import tell_of_reading
from sources.images import Image, Key, Value, Words, told_fields
from sources.models import AuditEntry, Change, Record, clearance
from sources.past import Past, Reader, Step
from sources.vocabulary import AuditKind, Level, Operation

OUTSIDE = "outside the application"
#: How many records are told of as the latest work of somebody, and how many changes are looked through for them.
RECENT, LOOKED_THROUGH = 10, 500


@dataclass(frozen=True)
class Difference:
    """What one field held before and after."""

    field: str
    label: str
    old: Value
    new: Value


@dataclass(frozen=True)
class RowChange:
    """What one act did to one row, seen as a whole."""

    key: Key
    ref: str
    kind: str
    title: str
    operation: Operation
    differences: list[Difference]


@dataclass(frozen=True)
class ToldAct:
    """One act: who wrote what, when, through which door and why. `key` names the state that it left behind."""

    key: str
    at: datetime
    who: str
    channel: str
    why: str
    changes: list[RowChange]


@dataclass(frozen=True)
class _Sealed:
    """What the audit trail has of an act: who, through which door, why, and which records it wrote."""

    who: str
    channel: str
    why: str
    subjects: frozenset[str]


UNSEALED = _Sealed("", OUTSIDE, "", frozenset())


@dataclass(frozen=True)
class _Deed:
    """The steps of one act, by row, and the moments before and after it."""

    key: str
    at: datetime
    first: int
    last: int
    rows: list[Key]


def is_told_to(row: models.Model, user: Any) -> bool:
    """Whether the past of a row is for `user`: it is for the team, and for the readers whom the record names."""
    cleared = clearance(user)
    if cleared.team or cleared.everything or not isinstance(row, Record):
        return True
    return user.is_authenticated and row.owning().readers.filter(pk=user.pk).exists()


class History:
    """The past of one record, told to one reader. Ask `is_told_to` first."""

    def __init__(self, record: models.Model, user: Any) -> None:
        self.past = Past(record)
        self.reader = Reader(self.past, user)
        self.words = Words(user)
        self.words.learn(self._told_of())

    def acts(self) -> list[ToldAct]:
        """Return what was done to the record and its parts, the latest first."""
        told = [(deed, changes) for deed in self._deeds() if (changes := self._changes(deed))]
        sealed = _sealed([deed.key for deed, _ in told])
        elsewhere = {ref for entry in sealed.values() for ref in entry.subjects} - self._own_refs()
        hidden = elsewhere - {ref for _, ref in visible_refs(elsewhere, self.words.user)}
        return [self._act(deed, changes, sealed.get(deed.key, UNSEALED), hidden) for deed, changes in reversed(told)]

    def after(self, act: str) -> int | None:
        """Return the moment that an act left behind; None for one that this reader has not been told of."""
        return next((deed.last for deed in self._deeds() if deed.key == act and self._changes(deed)), None)

    def between(self, key: Key, before: int, after: int) -> list[Difference]:
        """Return how a row differs between two moments, as far as its fields say something to this reader."""
        old, new = self.past.image(key, before), self.past.image(key, after)
        found = []
        for field in self._fields(key):
            told = [self._value(key, field, image, moment) for image, moment in ((old, before), (new, after))]
            above = _led_to(field, new or old) if None in (old, new) else None
            if told[0] != told[1] and (above is None or above != self.past.part_of(key, after)):
                found.append(Difference(field.name, _label(field), *told))
        return found

    def describe(self, key: Key, moment: int) -> tuple[str, str, str]:
        """Return reference, kind and title of a row as it was at a moment. To tell of it is to let it be read."""
        image: Image = self.past.image(key, moment) or {}
        if image.get("level") == Level.RESTRICTED:
            tell_of_reading(image["ref"])
        return image.get("ref", ""), str(key.model._meta.verbose_name), self.words.title(key.model, image)

    def is_told(self, key: Key, before: int, after: int) -> bool:
        """Whether what happened to a row between two moments is for this reader."""
        there = [moment for moment in (before, after) if self.past.image(key, moment) is not None]
        is_part = any(self.past.belongs(key, moment) for moment in there)
        return is_part and self.reader.sees(key) and all(self.reader.admitted(key, moment) for moment in there)

    def _fields(self, key: Key) -> list[Any]:
        """Return the fields of a row that this reader is told of: who else reads a record is for those who enter it."""
        kept = () if self.words.user.is_staff else ("readers", "team")
        return [field for field in told_fields(key.model) if field.name not in kept]

    def _value(self, key: Key, field: Any, image: Image | None, moment: int) -> Value:
        if image is None:
            return self.words.tell(field, set() if field.many_to_many else None)
        linked = field.many_to_many
        return self.words.tell(field, self.past.linked(key, field, moment) if linked else image.get(field.attname))

    def _told_of(self) -> Iterator[tuple[type[models.Model], Any]]:
        """Yield the rows to which the told fields of all images lead."""
        for key in self.past.tree:
            if key.model._meta.auto_created:
                continue
            for field in self._fields(key):
                if field.many_to_many:
                    moments = {step.number for step in self._links(field, key)}
                    for moment in moments:
                        yield from ((field.related_model, each) for each in self.past.linked(key, field, moment))
                elif field.related_model:
                    for image in (image for step in self.past.steps[key] for image in step[-2:] if image):
                        if image.get(field.attname) is not None:
                            yield field.related_model, image[field.attname]

    def _links(self, field: Any, key: Key) -> Iterator[Step]:
        """Yield the changes of the links of a list."""
        table = field.m2m_db_table()
        for link in self.past.tree:
            if link.table == table:
                yield from (step for step in self.past.steps[link] if step.part_of == key)

    def _deeds(self) -> list[_Deed]:
        """Gather the changes of the record and its parts by act, in order."""
        steps: dict[str, dict[Key, list[Step]]] = defaultdict(lambda: defaultdict(list))
        for key in self.past.tree:
            for step in self.past.steps[key]:
                row = step.part_of if key.model._meta.auto_created else key
                if row is not None:
                    steps[step.together][row].append(step)
        deeds = []
        for act, rows in steps.items():
            ordered = sorted((step.number, step.at) for each in rows.values() for step in each)
            in_order = sorted(rows, key=lambda row: (row != self.past.top, min(step.number for step in rows[row])))
            deeds.append(_Deed(act, ordered[0][1], ordered[0][0], ordered[-1][0], in_order))
        return sorted(deeds, key=lambda deed: deed.first)

    def _changes(self, deed: _Deed) -> list[RowChange]:
        told = [self._change(deed, key) for key in deed.rows if self.is_told(key, deed.first - 1, deed.last)]
        return [change for change in told if change.differences or change.operation != Operation.UPDATE]

    def _change(self, deed: _Deed, key: Key) -> RowChange:
        before, after = deed.first - 1, deed.last
        was, is_there = self.past.image(key, before) is not None, self.past.image(key, after) is not None
        operation = Operation.UPDATE if was and is_there else Operation.INSERT if is_there else Operation.DELETE
        described = self.describe(key, after if is_there else before)
        return RowChange(key, *described, operation, self.between(key, before, after))

    def _own_refs(self) -> set[str]:
        """Return the references of the record and its parts, of all that ever were."""
        images = (image for key in self.past.tree for step in self.past.steps[key] for image in step[-2:] if image)
        return {image["ref"] for image in images if "ref" in image}

    def _act(self, deed: _Deed, changes: list[RowChange], sealed: _Sealed, hidden: set[str]) -> ToldAct:
        """Tell an act. Its reason is left out where it may be about something else that is hidden."""
        told = {change.key for change in changes}
        untold = [key for key in deed.rows if key not in told and not self.is_told(key, deed.first - 1, deed.last)]
        why = "" if untold or not hidden.isdisjoint(sealed.subjects) else sealed.why
        return ToldAct(deed.key, deed.at, sealed.who, sealed.channel, why, changes)


def _label(field: Any) -> str:
    return str(field.verbose_name)


def _led_to(field: Any, image: Image | None) -> Key | None:
    """Return the row to which a link of a row leads."""
    if image is None or not field.related_model or field.many_to_many or image.get(field.attname) is None:
        return None
    return Key(field.related_model._meta.db_table, str(image[field.attname]))


def _sealed(acts: list[str]) -> dict[str, _Sealed]:
    """Return what the audit trail has of these acts. One with too many records to name them all tells no reason."""
    found = {}
    entries = AuditEntry.objects.filter(act__in=acts, kind=AuditKind.WRITE)
    for act, actor, channel, subjects, text in entries.values_list("act", "actor", "channel", "subjects", "told"):
        told = json.loads(text) if text else {}
        why = "" if "records" in told else told.get("why", "")
        found[act] = _Sealed(actor, channel, why, frozenset(subjects.split()))
    return found


@dataclass(frozen=True)
class Done:
    """A record that somebody wrote lately."""

    at: datetime
    model: type[Record]
    ref: str
    operation: Operation

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


def recent(user: Any, number: int = RECENT) -> list[Done]:
    """Return what `user` wrote last, as far as they may see the records now, each record once."""
    entries = AuditEntry.objects.filter(actor=user.get_username(), kind=AuditKind.WRITE).order_by("-number")
    acts = list(entries.values_list("act", flat=True)[: 5 * number])
    rows = Change.objects.filter(act__in=acts).exclude(ref="").order_by("-pk")
    written: dict[str, tuple[datetime, str]] = {}
    for at, ref, operation in rows.values_list("at", "ref", "operation")[:LOOKED_THROUGH]:
        written.setdefault(ref, (at, operation))
    shown = [
        Done(written[ref][0], model, ref, Operation(written[ref][1])) for model, ref in visible_refs(written, user)
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
