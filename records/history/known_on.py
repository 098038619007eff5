"""What this database knew about one record on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from records.history.record_history import ActChanges, FieldChange, History
from records.history.snapshots import RowKey

DAY = re.compile(r"\d{4}-\d\d-\d\d")
NOT_A_DAY = "Give a day as 2026-11-20."
BEFORE_ANYTHING = -1


@dataclass(frozen=True)
class KnownRow:
    """The record or a part of it, and what it held; each value stands as the new one of a difference from nothing."""

    ref: str
    kind: str
    title: str
    values: list[FieldChange]


def parse_day(text: str) -> date:
    """Read a day. Raises ValueError."""
    if not DAY.fullmatch(text):
        raise ValueError(NOT_A_DAY)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(NOT_A_DAY) from error


def end_of(day: date) -> datetime:
    """Return the first moment that no longer belongs to a day."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def known_on(history: History, day: date) -> list[KnownRow]:
    """Return the record and its parts as they were known on a day, as far as they were for this reader then and now.

    The rows are rebuilt from the snapshots in `history.past`; `records.history.time_travel` does the same for every
    table at once.
    """
    replay, reader = history.replay, history.reader
    moment = replay.moment(end_of(day))
    keys = [key for key in replay.tree if not key.model._meta.auto_created and replay.belongs(key, moment)]
    shown = [key for key in keys if reader.sees(key) and reader.admitted(key, moment)]
    return [
        KnownRow(*history.describe(key, moment), history.between(key, BEFORE_ANYTHING, moment))
        for key in sorted(shown, key=lambda key: record_first(history, key))
    ]


def record_first(history: History, key: RowKey) -> tuple[bool, str, int]:
    """Put the record first, then its parts by kind, each in the order in which they were first written."""
    return key != history.replay.top, key.table, history.replay.steps[key][0].number


def acts_until(history: History, day: date | None) -> list[ActChanges]:
    """Return the acts up to the end of a day, or all of them."""
    acts = history.acts()
    return acts if day is None else [act for act in acts if act.at < end_of(day)]
