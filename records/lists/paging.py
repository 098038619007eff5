"""Keyset paging: each page starts after the last row of the one before.

The same for pages and API. A cursor holds the sort value and the reference of a row that the reader has seen.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from records.fields.sort_keys import beyond, by_text
from records.models import FIRST_CIRCLE

#: How many rows a page holds, and how many may be asked for.
PAGE_SIZE, LARGEST_PAGE = 50, 200
FORWARD, BACKWARD = "next", "previous"
#: In so many lanes rows are looked for one by one; whoever is of many teams has them sorted.
SIDE_BY_SIDE = 8


class CursorError(ValueError):
    """The cursor was not made by this list in this order."""


@dataclass(frozen=True)
class Ordering:
    """One way to sort a list: its public name, the key (never null), and the direction.

    Where no index of the table has its order, `places` gives, of sorted rows, those of another table that has: each
    with the same `sort_key` and `sort_ref`, and the key of its `row`. None where that table may not be up to date.
    """

    name: str
    key: Any
    descending: bool = False
    places: Callable[[QuerySet], QuerySet | None] | None = None

    @property
    def code(self) -> str:
        """The ordering as it stands in an address: `-start` is `start` backwards."""
        return f"-{self.name}" if self.descending else self.name

    def turned(self, present: Ordering | None) -> Ordering:
        """Return the ordering that a click on the column's head asks for: its reverse if it is in force."""
        in_force = present is not None and present.name == self.name
        return replace(self, descending=not present.descending) if in_force and present else self


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of its neighbours (None where there is none)."""

    rows: list[Any]
    next: str | None
    previous: str | None


def encode(ordering: Ordering, direction: str, row: Any) -> str:
    key = row.sort_key.isoformat() if isinstance(row.sort_key, date) else row.sort_key
    packed = json.dumps([ordering.code, direction, key, row.sort_ref], separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(packed.encode("ascii")).decode("ascii").rstrip("=")


def decode(ordering: Ordering, cursor: str) -> tuple[str, Any, str]:
    """Return direction, sort value and reference; CursorError for anything that `encode` did not make."""
    try:
        packed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        code, direction, key, ref = json.loads(packed)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorError("This cursor is damaged. Start again at the first page.") from error
    if not all(map(_is_text, [code, direction, key, ref])) or direction not in (FORWARD, BACKWARD):
        raise CursorError("This cursor is damaged. Start again at the first page.")
    if code != ordering.code:
        raise CursorError("This cursor belongs to another order. Start again at the first page.")
    return direction, key, ref


def _is_text(value: Any) -> bool:
    """Whether a database could hold the value as text: neither NUL nor half of a pair of UTF-16."""
    return isinstance(value, str) and not re.search("[\0\ud800-\udfff]", value)


def in_order(rows: QuerySet, ordering: Ordering, tie: str = "ref", *, backward: bool = False) -> QuerySet:
    """Sort rows by an ordering, and those that it leaves level by `tie`, a column with no value twice."""
    sign = "-" if ordering.descending ^ backward else ""
    rows = rows.annotate(sort_key=ordering.key, sort_ref=by_text(tie))
    return rows.order_by(f"{sign}sort_key", f"{sign}sort_ref")


def page(
    rows: QuerySet,
    ordering: Ordering,
    cursor: str | None,
    size: int,
    tie: str = "ref",
    lanes: Sequence[int] = (),
    *,
    keys: bool = False,
) -> Page:
    """Return the page of at most `size` rows that `cursor` points to, or the first one. Raises CursorError.

    Rows that lie in several `lanes` are looked for in each: an index has those of one lane in order. Where only `keys`
    are asked for, each row has what it is sorted by, its `sort_ref` among it, and no more.
    """
    direction, key, ref = decode(ordering, cursor) if cursor else (FORWARD, None, None)
    backward = direction == BACKWARD
    rows = in_order(rows, ordering, tie, backward=backward)
    places = ordering.places(rows) if ordering.places else None
    if places is not None:
        places = places.order_by(*rows.query.order_by)
    if cursor:
        beyond_cursor = partial(_beyond, descending=ordering.descending ^ backward, key=key, ref=ref)
        rows, places = beyond_cursor(rows), None if places is None else beyond_cursor(places)
    walked = _walked(lanes)
    if places is not None:
        rows = rows.filter(pk__in=places.values("row")[: size + 1])
    elif 1 < len(walked) <= SIDE_BY_SIDE:
        rows = rows.filter(pk__in=_first_of_lanes(rows, walked, size + 1))
    if keys:
        rows = rows.values_list("sort_key", "sort_ref", named=True)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backward:
        found.reverse()
    has_next = backward or more
    has_previous = more if backward else bool(cursor)
    return Page(
        rows=found,
        next=encode(ordering, FORWARD, found[-1]) if found and has_next else None,
        previous=encode(ordering, BACKWARD, found[0]) if found and has_previous else None,
    )


def _beyond(rows: QuerySet, descending: bool, key: Any, ref: Any) -> QuerySet:
    try:
        return rows.filter(beyond(key, ref, rows.query.annotations["sort_key"].output_field, descending=descending))
    except ValueError as error:
        raise CursorError("This cursor is damaged. Start again at the first page.") from error


def _walked(lanes: Sequence[int]) -> list[Sequence[int]]:
    """Return the lanes that are looked for each by itself, and those of circles, which hold few rows, together."""
    circles = [lane for lane in lanes if lane >= FIRST_CIRCLE]
    return [*([lane] for lane in lanes if lane < FIRST_CIRCLE), *([circles] if circles else [])]


def _first_of_lanes(rows: QuerySet, lanes: Sequence[Sequence[int]], size: int) -> RawSQL | list[Any]:
    """Return the keys of the first of sorted `rows`: the first of each lane, put together in the same order."""
    each = [rows.filter(lane__in=some).values_list("pk", "sort_key", "sort_ref")[:size] for some in lanes]
    statements = []
    for one in each:
        with suppress(EmptyResultSet):  # Django sees that some questions find nothing
            statements.append(one.query.sql_with_params())
    if not statements:
        return []
    together = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS lane{n}" for n, (sql, _) in enumerate(statements))  # noqa: S608
    way = "DESC" if str(rows.query.order_by[0]).startswith("-") else "ASC"
    first = f"SELECT pk FROM ({together} ORDER BY 2 {way}, 3 {way} LIMIT {size}) AS lanes"  # noqa: S608
    return RawSQL(first, [param for _, given in statements for param in given])  # noqa: S611
