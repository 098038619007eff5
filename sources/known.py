"""What this database knew about a record on a day: everything as it stood at the end of that day, UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sources.history import Difference, History, ToldAct
from sources.images import Key

DAY = re.compile(r"\d{4}-\d\d-\d\d")
NOT_A_DAY = "Give a day as 2026-11-20."
BEFORE_ANYTHING = -1


@dataclass(frozen=True)
class KnownRow:
    """The record or a part of it, and what it held; each value stands as the new one of a difference from nothing."""

    ref: str
    kind: str
    title: str
    values: list[Difference]


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

    The rows are rebuilt from the images in `history.past`. `sources.recall` does the same for every table at once.
    """
    past, reader = history.past, history.reader
    moment = past.moment(end_of(day))
    keys = [key for key in past.tree if not key.model._meta.auto_created and past.belongs(key, moment)]
    shown = [key for key in keys if reader.sees(key) and reader.admitted(key, moment)]
    return [
        KnownRow(*history.describe(key, moment), history.between(key, BEFORE_ANYTHING, moment))
        for key in sorted(shown, key=lambda key: order(history, key))
    ]


def order(history: History, key: Key) -> tuple[bool, str, int]:
    """Put the record first, then its parts by kind, each in the order in which they were first written."""
    return key != history.past.top, key.table, history.past.steps[key][0].number


def acts_until(history: History, day: date | None) -> list[ToldAct]:
    """Return the acts up to the end of a day, or all of them."""
    acts = history.acts()
    return acts if day is None else [act for act in acts if act.at < end_of(day)]
