"""Replaying the logged changes of a record: what each row held at any moment, and who could have read it.

Everything is read from the trail of changes in a constant number of queries. A moment is a number of the trail: the
state of a row at a moment is what its last change up to then left behind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from records.history.snapshots import (
    RowKey,
    Snapshot,
    decode,
    key_of,
    links,
    parse_key,
    tables,
    target,
    visible_rows,
)
from records.models import (
    Change,
    Protection,
    Record,
    ReviewedRecord,
    clearance,
    is_of_own_teams,
    may_read,
)
from records.vocabulary import Review

COLUMNS = ("pk", "at", "act", "table", "row", "part_of", "before", "after")


class LoggedChange(NamedTuple):
    """One change of one row."""

    number: int
    at: datetime
    act: str
    part_of: RowKey | None
    before: Snapshot | None
    after: Snapshot | None

    @property
    def together(self) -> str:
        """What was written together: one act, or a single write from outside the application.

        It stands in addresses, so the number itself, which counts all writes, is not told.
        """
        return self.act or salted_hmac("records.history.replay", str(self.number), algorithm="sha256").hexdigest()[:32]


class Replay:
    """All changes of a row, of the rows below it (`tree`), and of what those rest on.

    `records.history.time_travel` fills `steps` with all rows; everything below works on `steps` alone.
    """

    def __init__(self, top: models.Model) -> None:
        self.top = key_of(top)
        self._start()
        self.tree = self._below(self.top)
        self._load(self.tree)
        waiting = self._resting_on(self.tree)
        while waiting:
            self._load(waiting)
            waiting = self._resting_on(waiting)
        self._load_readers()

    def _start(self) -> None:
        self.steps: dict[RowKey, list[LoggedChange]] = defaultdict(list)
        self._links: dict[tuple[str, RowKey], set[RowKey]] = defaultdict(set)

    def _below(self, top: RowKey) -> set[RowKey]:
        found, new = {top}, {top}
        while new:
            parts = [f"{table}:{row}" for table, row in new]
            # Tables that an update took away are told of by the audit trail alone.
            changes = Change.objects.filter(part_of__in=parts, table__in=list(tables()))
            rows = changes.order_by().values_list("table", "row").distinct()
            new = {RowKey(*row) for row in rows} - found
            found |= new
        return found

    def _load(self, keys: Iterable[RowKey]) -> None:
        of_table: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            of_table[key.table].append(key.row)
        asked = Q(pk__in=[])
        for table, rows in of_table.items():
            asked |= Q(table=table, row__in=rows)
        self._read(asked)

    def _read(self, asked: Q) -> None:
        for number, at, act, table, row, part_of, before, after in (
            Change.objects.filter(asked).order_by("pk").values_list(*COLUMNS)
        ):
            key = RowKey(table, row)
            step = LoggedChange(
                number, at, act, parse_key(part_of), decode(key.model, before), decode(key.model, after)
            )
            self.steps[key].append(step)
            if key.model._meta.auto_created and step.part_of:
                self._links[table, step.part_of].add(key)

    def _resting_on(self, keys: Iterable[RowKey]) -> set[RowKey]:
        """Return the rows without which these are nothing, as far as they are not loaded."""
        snapshots = [
            (key, step, snapshot) for key in keys for step in self.steps[key] for snapshot in step[-2:] if snapshot
        ]
        found = {below for key, step, snapshot in snapshots for below in rests_on(key, snapshot, step.part_of)}
        return found - self.steps.keys()

    def _load_readers(self) -> None:
        """Load who was named as a reader of the records that are loaded."""
        owners = [key for key in self.steps.keys() - self.tree if issubclass(key.model, ReviewedRecord)]
        through = {_readers(key.model).m2m_db_table() for key in owners}
        self._read(Q(table__in=through, part_of__in=[f"{table}:{row}" for table, row in owners]))

    @cached_property
    def last(self) -> int:
        """The last moment."""
        return max((steps[-1].number for steps in self.steps.values() if steps), default=0)

    def moment(self, until: datetime) -> int:
        """Return the last moment before `until`."""
        return max((step.number for steps in self.steps.values() for step in steps if step.at < until), default=0)

    def snapshot(self, key: RowKey, moment: int) -> Snapshot | None:
        """Return what a row held at a moment."""
        steps = self.steps.get(key, [])
        place = bisect_right(steps, moment, key=lambda step: step.number)
        if place == 0:
            return steps[0].before if steps else None
        return steps[place - 1].after

    def part_of(self, key: RowKey, moment: int) -> RowKey | None:
        """Return the row to which a row belonged at a moment."""
        steps = self.steps.get(key, [])
        place = bisect_right(steps, moment, key=lambda step: step.number)
        return steps[max(place - 1, 0)].part_of if steps else None

    def belongs(self, key: RowKey, moment: int) -> bool:
        """Whether a row was there at a moment, and was the record itself or a part of it."""
        above: RowKey | None = key
        while above is not None and above != self.top:
            if self.snapshot(above, moment) is None:
                return False
            above = self.part_of(above, moment)
        return above is not None and self.snapshot(key, moment) is not None

    def linked(self, key: RowKey, field: Any, moment: int) -> set[Any]:
        """Return the keys of the rows to which a list of links led at a moment."""
        there = f"{field.m2m_reverse_field_name()}_id"
        snapshots = (self.snapshot(link, moment) for link in self._links[field.m2m_db_table(), key])
        return {snapshot[there] for snapshot in snapshots if snapshot}


def rests_on(key: RowKey, snapshot: Snapshot, part_of: RowKey | None) -> Iterator[RowKey]:
    """Yield the rows without which a row is nothing: its parents, and what it is a part of."""
    if part_of is not None:
        yield part_of
    parents = getattr(key.model, "parents", ())
    for field in links(key.model):
        if field.name in parents and snapshot.get(field.attname) is not None:
            yield target(field, snapshot[field.attname])


def _readers(model: type[models.Model]) -> Any:
    return model._meta.get_field("readers")


class PastReader:
    """What one reader may see of a past: what they may read now, and could have read then."""

    def __init__(self, replay: Replay, user: Any) -> None:
        self.replay, self.user = replay, user
        self.cleared = clearance(user)
        self._admitted: dict[tuple[RowKey, int], bool] = {}
        self._seen = self._seen_now()

    def _seen_now(self) -> set[RowKey]:
        """Return the rows that are there and that the reader may read: the same question that every page asks."""
        there: dict[type[models.Model], list[str]] = defaultdict(list)
        for key in self.replay.steps:
            if self.replay.snapshot(key, self.replay.last) is not None:
                there[key.model].append(key.row)
        return {
            key_of(row)
            for model, rows in there.items()
            if not model._meta.auto_created
            for row in visible_rows(model, self.user).filter(pk__in=rows).only("pk")
        }

    def sees(self, key: RowKey) -> bool:
        """Whether a row is visible now; one that was removed is, where its last state and all it rested on are."""
        if key in self._seen:
            return True
        snapshot, steps = self.replay.snapshot(key, self.replay.last), self.replay.steps.get(key)
        if snapshot is not None or not steps or steps[-1].before is None:
            return False
        below = rests_on(key, steps[-1].before, steps[-1].part_of)
        return self.admitted(key, steps[-1].number - 1) and all(self.sees(each) for each in below)

    def admitted(self, key: RowKey, moment: int) -> bool:
        """Whether what a row held at a moment was for this reader, by its level, team and review of that moment."""
        if (key, moment) not in self._admitted:
            self._admitted[key, moment] = self._is_admitted(key, moment)
        return self._admitted[key, moment]

    def _is_admitted(self, key: RowKey, moment: int) -> bool:
        snapshot = self.replay.snapshot(key, moment)
        if snapshot is None:
            return False
        if not issubclass(key.model, Record):
            return True
        below = rests_on(key, snapshot, self.replay.part_of(key, moment))
        protection = self._protection(key, snapshot, moment)
        return may_read(self.cleared, protection, (self.admitted(each, moment) for each in below))

    def is_of_own_teams(self, key: RowKey, moment: int) -> bool:
        """Whether a row was one of the reader's teams at a moment."""
        snapshot = self.replay.snapshot(key, moment)
        return is_of_own_teams(self.cleared, self._protection(key, snapshot, moment) if snapshot else None)

    def _protection(self, key: RowKey, snapshot: Snapshot, moment: int) -> Protection | None:
        """Return what protected a row at a moment; None where it is not known what it was a part of."""
        owner, part_of = self.owner(key, moment), self.replay.part_of(key, moment)
        above = [owner, self.owner(part_of, moment) if part_of else owner]
        snapshots = [self.replay.snapshot(each, moment) if each else None for each in above]
        if owner is None or None in snapshots:
            return None
        return Protection(
            level=snapshot["level"],
            teams=frozenset(each["team_id"] for each in snapshots if each),
            readers=frozenset(self.replay.linked(owner, _readers(owner.model), moment)),
            review=snapshot.get("review", Review.PUBLISHED),
            submitted_by=snapshot.get("submitted_by_id"),
        )

    def owner(self, key: RowKey, moment: int) -> RowKey | None:
        """Return the record whose team and readers decide about a row."""
        model = key.model
        while issubclass(model, Record) and model.owner:
            snapshot, field = self.replay.snapshot(key, moment), model._meta.get_field(model.owner)
            if snapshot is None:
                return None
            key = target(field, snapshot[field.attname])  # type: ignore[union-attr]
            model = key.model
        return key
