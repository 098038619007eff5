"""Sort keys: what a list is put in order by, never null, the same on both databases, and in an index for each lane."""

from __future__ import annotations

from collections.abc import Iterable
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


class Ranked(ByCodePoint):
    """Compare text by the rank of a code, and where that is the same by the first characters of a longer text.

    `ranks` are the codes in their order, those that are not among them last. They stand in an index: no parameters.
    """

    def __init__(self, code: F, text: F, ranks: str = "", **extra: Any) -> None:
        super().__init__(code, text, ranks=ranks, **extra)

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **context: Any,
    ) -> Any:
        code, text = (compiler.compile(each)[0] for each in self.get_source_expressions())
        cases = " ".join(f"WHEN '{each}' THEN '{n}'" for n, each in enumerate(self.extra["ranks"].split()))
        collation = "BINARY" if connection.vendor == "sqlite" else '"C"'
        return f"((CASE {code} {cases} ELSE '9' END || SUBSTR({text}, 1, 100)) COLLATE {collation})", ()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection)


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


def by_rank(code: str, title: str, ranks: Iterable[str]) -> Func:
    """Return the sort key of a code in the order of `ranks`, and then of a column of longer text."""
    return Ranked(F(code), F(title), ranks=" ".join(ranks))


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
