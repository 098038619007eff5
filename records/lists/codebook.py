"""The codebook: each resource's public columns, named once.

Pages, API, exports and the codebook page are all made from these lists. What is not named here is not published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet

from records.fields.edtf import UncertainDate
from records.lists.filters import StrictFilterSet
from records.lists.paging import Ordering
from records.models import Term
from records.vocabulary import Vocabulary

#: A list of codes: closed, an enumeration in code, or open, a table.
CodeList = type[Vocabulary] | type[Term]

#: The types that a column can have, and what they mean to somebody who reads the data.
TYPES = {
    "text": "Free text.",
    "code": "A code of a controlled list.",
    "integer": "A whole number.",
    "number": "A decimal number.",
    "boolean": "true or false.",
    "date": "An uncertain date: its EDTF text, the first and the last day it may mean, and its precision.",
    "country": "A country's ISO 3166-1 alpha-2 code, or XK; of one that is no more its four letters of ISO 3166-3.",
    "reference": "The public reference of a record.",
    "object": "Several values that belong together.",
}
DATE_PARTS = ("earliest", "latest", "precision")
LONE_RETURN = re.compile("\r(?!\n)")


def in_lines(text: str) -> str:
    """Return text with a line feed for each carriage return that stands alone: many take that for the end of a row."""
    return LONE_RETURN.sub("\n", text) if "\r" in text else text


@dataclass(frozen=True)
class Column:
    """One public column: its name, what it means, its type, and where its value comes from.

    `source` is a path of attributes ("person.ref") or a function of the record; what a function reads, and what a query
    worked out, is named in `of`, as paths of fields ("" is the record). A column with `many` holds a list. The
    columns of an object are its `parts`, read from the object that `source` gives. Every record has a `filled` column;
    the others may be unknown.

    The database builds the same value from the path of fields (`records.lists.built`). Where `source` is none, it is
    told how: by the expression that `built(user)` gives; of a list by `rows(user)`, the related rows in order,
    whose first value or whose parts are listed (of one object the first of the rows has its parts); of an object by the
    condition under which it is `given`.
    """

    name: str
    meaning: str
    type: str = "text"
    source: str | Callable[[Any], Any] = ""
    many: bool = False
    parts: tuple[Column, ...] = ()
    vocabulary: CodeList | None = None
    filled: bool = False
    of: tuple[str, ...] = ()
    built: Callable[[Any], Any] | None = None
    rows: Callable[[Any], QuerySet] | None = None
    given: Q | None = None

    @property
    def path(self) -> str:
        """The path of fields from which its value comes, where it does."""
        return self.source if isinstance(self.source, str) and self.source else self.name

    def read(self, record: Any) -> Any:
        """Return the value for JSON: text, number, true/false, None, a list, or a mapping of parts."""
        value = self.source(record) if callable(self.source) else follow(record, self.path)
        if self.many:
            return [self._plain(item) for item in value]
        return self._plain(value)

    def _plain(self, value: Any) -> Any:
        if self.parts:
            return None if value is None else {part.name: part.read(value) for part in self.parts}
        if isinstance(value, UncertainDate):
            return value.as_json()
        return (in_lines(value) or None) if isinstance(value, str) else value

    @property
    def is_built(self) -> bool:
        """Whether the database can build it: it comes from a field, or it is told how."""
        if self.built is not None:
            return True
        is_found = not (callable(self.source) or self.many) or self.source is itself
        is_told = self.rows is not None or self.given is not None
        return (is_found or is_told) and all(part.is_built for part in self.parts)

    def flat_names(self) -> list[str]:
        """Return the names of the columns that this one becomes in a table."""
        if self.type == "date":
            return [self.name, *(f"{self.name}_{part}" for part in DATE_PARTS)]
        if self.parts and not self.many:
            return [f"{self.name}_{name}" for part in self.parts for name in part.flat_names()]
        return [self.name]

    def flatten(self, value: Any) -> list[Any]:
        """Spread a value that `read` gave over the columns of a table, one cell for each of `flat_names`."""
        if self.type == "date":
            parts = value or {}
            return [parts.get("edtf", ""), *(parts.get(part) or "" for part in DATE_PARTS)]
        if self.parts and not self.many:
            parts = value or {}
            return [cell for part in self.parts for cell in part.flatten(parts.get(part.name))]
        if self.many:
            return ["; ".join(str(self._cell(item)) for item in value or ())]
        return [self._cell(value)]

    def in_one_cell(self, value: Any) -> str:
        """Return a value that `read` gave as text that stands in a cell beside others."""
        cells = self.flatten(value)
        return " / ".join(map(str, cells)) if self.parts and not self.many and value else str(cells[0])

    def _cell(self, value: Any) -> Any:
        if isinstance(value, dict):
            return " | ".join(part.in_one_cell(value[part.name]) for part in self.parts)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else value


#: Of every record that passes through review.
ONE_PERSON = Column(
    "one_person",
    "Whether whoever approved it, or something shown with it, may be the same person as whoever wrote that.",
    "boolean",
    filled=True,
)


def itself(record: Any) -> Any:
    """Return the record: the source of an object whose parts are the record's own fields."""
    return record


def follow(record: Any, path: str) -> Any:
    """Read a path of attributes, giving None where a link on the way is empty."""
    for name in path.split("."):
        if record is None:
            return None
        record = getattr(record, name)
    return record


@dataclass(frozen=True, eq=False)
class Resource:
    """A kind of record as the public sees it: its columns, its one filter, its orders, and the rows a reader may see.

    `rows(user)` returns the visible rows with everything that the columns read, in a constant number of queries; where
    the resource takes `as_of`, `rows(user, day)` returns them as they stood on a day. `key_rows(user)` returns them
    with what filters and orders ask, where that is not in the rows themselves; `table_rows` returns the same rows as
    `rows` with as much as a table on a page tells of them, where that is less. Of rows for which the condition
    `unbuilt(user)` holds the database cannot build the JSON. `heading` is what pages call it, where its name will not
    do. `opens_with` is the ordering of its page and its export where none is asked for; the API's is the first one.
    """

    name: str
    singular: str
    model: type[Model]
    meaning: str
    columns: tuple[Column, ...]
    filterset: type[StrictFilterSet]
    rows: Callable[..., QuerySet]
    orderings: tuple[Ordering, ...]
    key: str = "ref"
    heading: str = ""
    key_rows: Callable[[Any], QuerySet] | None = None
    table_rows: Callable[..., QuerySet] | None = None
    unbuilt: Callable[[Any], Any] | None = None
    opens_with: str = ""

    @property
    def title(self) -> str:
        return self.heading or self.name.capitalize()

    @property
    def moments(self) -> tuple[str, ...]:
        """The parameters that ask about another day, as far as the resource takes them."""
        return tuple(name for name in ("as_of", "known_on") if name in self.filterset.base_filters)

    @cached_property
    def is_built(self) -> bool:
        """Whether the database can build all of it."""
        return all(column.is_built for column in self.columns)

    def rows_at(self, user: Any, day: date | None) -> QuerySet:
        """Return the rows as of a day; None is now. Only a resource that takes `as_of` is asked for another day."""
        return self.rows(user) if day is None else self.rows(user, day)

    def table_rows_at(self, user: Any, day: date | None) -> QuerySet:
        """Return the rows of a table as of a day; None is now."""
        rows = self.table_rows or self.rows
        return rows(user) if day is None else rows(user, day)

    def rows_for_keys(self, user: Any) -> QuerySet:
        """Return the rows that `user` may see, of which keys are asked and nothing else."""
        model: Any = self.model
        return self.key_rows(user) if self.key_rows else model.objects.visible_to(user)

    def ordering(self, code: str | None) -> Ordering:
        """Return the ordering called `code` (`-` in front turns it round), or the first one. Raises KeyError."""
        if not code:
            return self.orderings[0]
        by_name = {ordering.name: ordering for ordering in self.orderings}
        return replace(by_name[code.removeprefix("-")], descending=code.startswith("-"))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def read(self, record: Any, only: set[str] | None = None) -> dict[str, Any]:
        """Return the record as the API gives it, or those columns of it that `only` names."""
        return {column.name: column.read(record) for column in self.columns if only is None or column.name in only}

    def header(self) -> list[str]:
        return [name for column in self.columns for name in column.flat_names()]

    def cells(self, record: Any) -> Iterator[Any]:
        """Yield the cells of the record's row in a table, one for each name of `header`."""
        yield from self.cells_of(self.read(record))

    def cells_of(self, values: dict[str, Any]) -> Iterator[Any]:
        """Yield the same, where what `read` gives is known."""
        for column in self.columns:
            yield from column.flatten(values[column.name])
