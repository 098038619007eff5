"""Rows on their way into the database: by batches, as values in the order of the columns, past the models' instances.

Seventeen million instances would take an hour. What `save()` fills in beside them is filled in here, by the same
functions: the bounds of dates, folded names, defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from django.core.management.color import no_style
from django.db import connection, models

from records.fields.edtf import UncertainDate
from records.fields.names import FoldedField
from records.fields.uncertain_date import PARTS, UncertainDateField, parts
from records.models import ALPHABET, Record
from records.plain_rows import write
from seeds.synthetic.chance import Chance

#: The last moment at which a synthetic row was made, and over how many hours before it rows were.
MADE, HOURS = datetime(2026, 11, 15, 12, tzinfo=UTC), 10_000
#: An odd number spreads keys over all references, and no two keys get the same one.
SPREAD, ALL_REFERENCES = 0x9E_37_79_B9_7F, 32**8
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]


class _DateColumns(NamedTuple):
    """The places of a date's text, first day, last day and precision."""

    text: int
    parts: tuple[int, ...]


class _FoldedColumn(NamedTuple):
    """The place of a folded column, those of the columns that it folds, and how."""

    place: int
    sources: tuple[int, ...]
    fold: Callable[[tuple[str, ...]], str]


class Table:
    """The rows of one model that were not written yet. Keys are counted here, from 1."""

    def __init__(self, model: type[models.Model], chance: Chance) -> None:
        self.model, self.chance = model, chance
        self.rows: list[list[Any]] = []
        self.keys = count(1)
        fields: list[Any] = list(model._meta.concrete_fields)
        self.columns = [field.column for field in fields]
        self.places = {field.attname: place for place, field in enumerate(fields)}
        self.row: list[Any] = [None if field.primary_key or field.name == "ref" else default(field) for field in fields]
        self.key = self.places[model._meta.pk.attname]
        self.ref = self.places.get("ref", -1)
        self.prefix = f"{model.prefix()}-" if issubclass(model, Record) else ""
        self.dates = {field.name: self._date(field.name) for field in fields if isinstance(field, UncertainDateField)}
        self.folded = [self._folded(field) for field in fields if isinstance(field, FoldedField)]
        self.moments = [self.places[name] for name in ("created_at", "updated_at") if name in self.places]

    def _date(self, name: str) -> _DateColumns:
        return _DateColumns(self.places[name], tuple(self.places[f"{name}_{part}"] for part in PARTS))

    def _folded(self, field: FoldedField) -> _FoldedColumn:
        sources = tuple(self.places[column] for column in field.columns)
        return _FoldedColumn(self.places[field.attname], sources, lru_cache(20_000)(field.of))

    def add(self, **values: Any) -> int:
        """Add a row, and return its key. Dates are given as text, foreign keys as `person_id`."""
        row = self.row.copy()
        row[self.key] = key = next(self.keys)
        for name, value in values.items():
            row[self.places[name]] = value
        for name, date in self.dates.items():
            if name in values:
                row[date.text], *rest = stored_date(values[name])
                for place, part in zip(date.parts, rest, strict=True):
                    row[place] = part
        for place, sources, fold in self.folded:
            row[place] = fold(tuple(row[source] for source in sources))
        if self.prefix:
            row[self.ref] = self.prefix + reference(key)
        if self.moments:
            made, changed = sorted((self.chance.below(HOURS), self.chance.below(HOURS)), reverse=True)
            for place, hours in zip(self.moments, (made, changed), strict=True):
                row[place] = stored_moment(hours)
        self.rows.append(row)
        return key

    def write(self) -> int:
        """Write what was added since the last time; return how many rows that was."""
        rows, self.rows = self.rows, []
        if rows:
            write(self.model, self.columns, rows)
        return len(rows)


def default(field: Any) -> Any:
    """Return what a column holds where nothing is said, as it is stored."""
    return field.get_db_prep_save(field.get_default(), connection)


def reference(key: int) -> str:
    """Return the eight characters of a reference: a place among all of them that looks like chance."""
    number = key * SPREAD % ALL_REFERENCES
    number ^= number >> 17
    number = number * SPREAD % ALL_REFERENCES
    return PAIRS[number >> 30] + PAIRS[number >> 20 & 1023] + PAIRS[number >> 10 & 1023] + PAIRS[number & 1023]


@lru_cache(200_000)
def stored_date(text: str) -> tuple[str, Any, Any, str]:
    """Return what the four columns of a date hold."""
    date = parts(UncertainDate.parse_or_none(text))
    adapt = connection.ops.adapt_datefield_value
    return text, adapt(date["earliest"]), adapt(date["latest"]), date["precision"]


@lru_cache(HOURS)
def stored_moment(hours: int) -> Any:
    """Return the moment so many hours before MADE, as it is stored."""
    return connection.ops.adapt_datetimefield_value(MADE - timedelta(hours=hours))


class Tables:
    """The tables of one database, by model, in the order in which rows have to be written: parents first."""

    def __init__(self, written: list[type[models.Model]], chance: Chance) -> None:
        self.tables = {model: Table(model, chance) for model in written}
        self.total = 0

    def __getitem__(self, model: type[models.Model]) -> Table:
        return self.tables[model]

    def write(self) -> None:
        """Write what was added to each table since the last time."""
        self.total += sum(table.write() for table in self.tables.values())

    def count_on(self) -> None:
        """Let PostgreSQL count on from the last keys that were given out here."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.tables)):
                cursor.execute(statement)
