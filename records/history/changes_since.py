"""What changed in many records since a moment, as their reader may see it, in a constant number of queries.

Two moments are compared: what a row held then, as far as it was for this reader then, and what it holds now. The same
rules as in `records.history.record_history` say what is shown. Readers who may not read histories learn only that a
record is new or changed, and on what day, and only of what they can read themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Model, Q

from records.history.record_history import History, RowChange
from records.history.replay import LoggedChange, PastReader, Replay, rests_on
from records.history.snapshots import ACCESS, RowKey, ValueWords, key_of, parse_key, tables
from records.models import Change, Record, clearance
from records.vocabulary import Level, Operation

#: How many keys are named in one question: both databases have a limit.
BATCH = 5000


@dataclass(frozen=True)
class RecordChanges:
    """What changed of one record: `at` is when its reader could last have seen something change.

    `is_new`: the record was not there, or not for them, at the first of the two moments. `changes` is empty where
    histories are not told to the reader.
    """

    record: Any
    is_new: bool
    at: datetime
    changes: list[RowChange]


def changes_since(since: Mapping[Any, datetime], user: Any, *, restricted: bool = True) -> list[RecordChanges]:
    """Return what changed of the records in `since`, each since its own moment. All of them are visible to `user`.

    Without `restricted`, what is of that level, or rests on something that is, is left out.
    """
    records = [record for record in written_since(since) if restricted or record.level != Level.RESTRICTED]
    if not records:
        return []
    replay, words = ReplayOfMany(records), ValueWords(user)
    reader, readable = PastReader(replay, user), with_readable_history(records, user)
    whole = HistoryOfOne(replay, reader, words, with_details=True)
    words.learn(whole._linked_rows())
    found = []
    for record in records:
        one = HistoryOfOne(
            replay.of(key_of(record)), reader, words, with_details=record in readable, restricted=restricted
        )
        if each := one.news(record, since[record]):
            found.append(each)
    return found


def with_readable_history(records: Iterable[Any], user: Any) -> set[Any]:
    """Return those of the records whose past is for `user`: see may_read_history, which asks record by record."""
    cleared = clearance(user)
    if cleared.team or cleared.everything:
        return set(records)
    of_model: dict[Any, list[Any]] = defaultdict(list)
    for record in records:
        of_model[type(record)].append(record.pk)
    return {
        record
        for model, keys in of_model.items()
        for record in model.objects.visible_to(user).filter(pk__in=keys, readers=user.pk or 0)
    }


def written_since(since: Mapping[Any, datetime]) -> list[Any]:
    """Return the records that were written, with all that is part of them, since their moments: whoever may see it."""
    tops = {key_of(record): record for record in since}
    last: dict[RowKey, datetime] = {}
    for table, row, at in own_changes(tops):
        last[RowKey(table, row)] = at
    above: dict[RowKey, set[RowKey]] = {key: {key} for key in tops}
    new: Collection[RowKey] = list(tops)
    while new:
        found: dict[RowKey, set[RowKey]] = defaultdict(set)
        for table, row, part_of, at in changes_below(new, Max("at")):
            for top in above[parse_key(part_of)]:  # type: ignore[index]  # asked for by this very key
                last[top] = max(at, last.get(top, at))
                found[RowKey(table, row)].add(top)
        new = [key for key in found if key not in above]
        above |= {key: found[key] for key in new}
    return [record for key, record in tops.items() if key in last and last[key] >= since[record]]


def own_changes(keys: Iterable[RowKey]) -> Iterator[tuple[str, str, datetime]]:
    """Yield table, key and last change of rows."""
    of_table: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        of_table[key.table].append(key.row)
    for table, rows in of_table.items():
        for some in batches(rows):
            changes = Change.objects.filter(table=table, row__in=some).order_by()
            yield from changes.values_list("table", "row").annotate(last=Max("at"))


def changes_below(keys: Collection[RowKey], *also: Any) -> Iterator[tuple[Any, ...]]:
    """Yield table and key of the rows that were ever part of these, of which one, and what else is asked for."""
    for some in batches([f"{table}:{row}" for table, row in keys]):
        rows = Change.objects.filter(part_of__in=some, table__in=list(tables())).order_by()
        yield from rows.values_list("table", "row", "part_of").annotate(*also).distinct()


def batches(items: list[str]) -> Iterator[list[str]]:
    yield from (items[start : start + BATCH] for start in range(0, len(items), BATCH))


class ReplayOfMany(Replay):
    """The pasts of several records, read together."""

    def __init__(self, records: list[Model]) -> None:
        self._tops = {key_of(record) for record in records}
        super().__init__(records[0])
        self._parts: dict[RowKey, set[RowKey]] = defaultdict(set)
        for key in self.tree:
            for step in self.steps[key]:
                if step.part_of:
                    self._parts[step.part_of].add(key)

    def _below(self, top: RowKey) -> set[RowKey]:
        """Return what lies below any of the records."""
        found, new = set(self._tops), set(self._tops)
        while new:
            new = {RowKey(table, row) for table, row, _ in changes_below(new)} - found
            found |= new
        return found

    def _load(self, keys: Iterable[RowKey]) -> None:
        of_table: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            of_table[key.table].append(key.row)
        asked = [Q(table=table, row__in=some) for table, rows in of_table.items() for some in batches(rows)]
        for each in asked:
            self._read(each)

    def of(self, top: RowKey) -> Replay:
        """Return the past of one of the records."""
        one = copy(self)
        one.top, one.tree = top, {top}
        new = {top}
        while new:
            new = {part for key in new for part in self._parts[key]} - one.tree
            one.tree |= new
        return one


class HistoryOfOne(History):
    """The past of one of several records, to be compared with what it is now."""

    def __init__(
        self, replay: Replay, reader: PastReader, words: ValueWords, *, with_details: bool, restricted: bool = True
    ) -> None:
        self.replay, self.reader, self.words = replay, reader, words
        self.with_details, self.restricted = with_details, restricted

    def news(self, record: Record, since: datetime) -> RecordChanges | None:
        """Return what changed of the record since a moment, None where nothing did that is for this reader."""
        before, after = self.replay.moment(since), self.replay.last
        keys = sorted(self.replay.tree, key=lambda key: (key != self.replay.top, key.table, len(key.row), key.row))
        found = [change for key in keys if (change := self._net(key, before, after))]
        if not found:
            return None
        is_new = found[0].key == self.replay.top and found[0].operation == Operation.INSERT
        at = max((when for change in found if (when := self._when(change.key, before))), default=since)
        return RecordChanges(record, is_new, at, [] if is_new or not self.with_details else found)

    def _net(self, key: RowKey, before: int, after: int) -> RowChange | None:
        """Compare a row at two moments."""
        if key.model._meta.auto_created or not self.reader.sees(key):
            return None
        was, is_there = self._was_for_reader(key, before), self.replay.belongs(key, after)
        moment = after if is_there else before
        if not (was or is_there) or not (self.restricted or not self._is_restricted(key, moment)):
            return None
        both = was and is_there
        differences = self.between(key, before, after) if both else []
        if both and not differences:
            return None
        operation = Operation.UPDATE if both else Operation.INSERT if is_there else Operation.DELETE
        described = self.describe(key, moment) if self.with_details else ("", "", "")
        return RowChange(key, *described, operation, differences)

    def _was_for_reader(self, key: RowKey, moment: int) -> bool:
        return self.replay.belongs(key, moment) and self.reader.admitted(key, moment)

    def _is_restricted(self, key: RowKey, moment: int) -> bool:
        """Whether a row, or anything without which it is nothing, is restricted."""
        snapshot = self.replay.snapshot(key, moment) or {}
        if snapshot.get("level") == Level.RESTRICTED:
            return True
        below = rests_on(key, snapshot, self.replay.part_of(key, moment))
        return any(self._is_restricted(each, moment) for each in below)

    def _when(self, key: RowKey, before: int) -> datetime | None:
        """Return when the reader could last see a row change; None where that came of something else."""
        links = (step for field in self._fields(key) if field.many_to_many for step in self._links(field, key))
        steps = sorted({*self._numbered(self.replay.steps[key]), *self._numbered(links)}, reverse=True)
        for number, at in steps:
            if number <= before:
                break
            was, became = self._was_for_reader(key, number - 1), self._was_for_reader(key, number)
            if was != became or (was and self.between(key, number - 1, number)):
                return at
        return None

    @staticmethod
    def _numbered(steps: Iterable[LoggedChange]) -> Iterator[tuple[int, datetime]]:
        return ((step.number, step.at) for step in steps)

    def _fields(self, key: RowKey) -> list[Any]:
        """Return the fields that are compared: for most readers, only those that say what a row is about."""
        fields = super()._fields(key)
        return fields if self.with_details else [field for field in fields if field.name not in ACCESS]
