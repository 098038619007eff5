"""Sort keys: what a list is put in order by, never null, the same on both databases, and in an index for each lane."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, CharField, DateField, F, Func, Value

#: A day before every other, for dates of which nothing is known. Their keys stand in an index, so it is no parameter.
UNKNOWN = date.min


class ByCodePoint(Func):
    """Compare text by code points, so that both databases sort it the same way."""

    template = '%(expressions)s COLLATE "C"'
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.template.replace('"C"', "BINARY"), **context)


class Beginning(ByCodePoint):
    """Compare longer text by its first characters: PostgreSQL has room for 2,700 bytes of a row in an index."""

    template = 'SUBSTR(%(expressions)s, 1, 100) COLLATE "C"'


class FirstDay(Func):
    """The first of some days that is known, else UNKNOWN."""

    template = f"COALESCE(%(expressions)s, '{UNKNOWN.isoformat()}')"
    output_field = DateField()


class Beyond(Func):
    """Whether a row of two values comes after (`>`) or before (`<`) another: an index finds where that begins."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, sign: str, row: tuple[Any, Any], other: tuple[Any, Any]) -> None:
        super().__init__(*row, *other)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        values = [compiler.compile(each) for each in self.get_source_expressions()]
        key, ref, other_key, other_ref = (sql for sql, _ in values)
        params = tuple(param for _, given in values for param in given)
        return f"({key}, {ref}) {self.sign} ({other_key}, {other_ref})", params


def by_text(column: str) -> Func:
    """Return the sort key of a text column."""
    return ByCodePoint(F(column))


def by_title(column: str) -> Func:
    """Return the sort key of a column of longer text: its first hundred characters."""
    return Beginning(F(column))


def by_date(field: str) -> Func:
    """Return the sort key of an uncertain date: its first possible day, else its last; unknown ones sort first."""
    return FirstDay(f"{field}_earliest", f"{field}_latest")


def sorted_in_lanes(key: Func | F, name: str) -> models.Index:
    """Return the index that walks the rows of a lane in the order of a key, those level by their reference."""
    return models.Index(F("lane"), key, by_text("ref"), name=name)


def beyond(key: Any, ref: str, key_field: Any, *, descending: bool) -> Beyond:
    """Return the condition that a row with a `sort_key` and a `sort_ref` stands behind this one. Raises ValueError."""
    try:
        value = Value(key_field.to_python(key), output_field=key_field)
    except ValidationError as error:
        raise ValueError(f"“{key}” is no value of this key.") from error
    return Beyond("<" if descending else ">", (F("sort_key"), F("sort_ref")), (value, Value(ref)))
