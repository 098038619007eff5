"""JSON that the database builds, as expressions of the ORM; SQLite and PostgreSQL give the same values.

Each is JSON already, and stands in an object or a list as it is. `as_json` writes the same JSON in Python, byte for
byte: what a reader gets never tells which of the two wrote it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, Expression, F, Func, IntegerField, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import NullIf

from records.fields.uncertain_date import PARTS

#: What stands between the items of a list or an object, and between a name and its value.
SEPARATORS = {"sqlite": (",", ":"), "postgresql": (", ", " : ")}
#: A character that stands in hardly any text (Unicode keeps it so), for a line end while others are replaced.
NO_CHARACTER = "\ufdd0"


def as_json(value: Any) -> str:
    """Write a value as the database in use writes it."""
    return json.dumps(value, ensure_ascii=False, separators=SEPARATORS[connection.vendor])


class Json(Func):
    """An expression that is JSON already."""

    output_field = TextField()


class JsonObject(Json):
    """An object of named values, in this order."""

    def __init__(self, **values: Any) -> None:
        super().__init__(*values.values())
        self.names = tuple(values)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        compiled = [compiler.compile(each) for each in self.get_source_expressions()]
        pairs = ", ".join(f"'{name}', {sql}" for name, (sql, _) in zip(self.names, compiled, strict=True))
        function = "json_object" if connection.vendor == "sqlite" else "json_build_object"
        return f"{function}({pairs})", tuple(param for _, params in compiled for param in params)


class StoredJson(Json):
    """The JSON that a text column holds."""

    template = "(%(expressions)s)::json"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="json(%(expressions)s)", **context)


class StoredTexts(StoredJson):
    """The list of texts that a JSON column holds; SQLite's column has other characters than ASCII escaped."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT json_group_array(value) FROM json_each(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)


class JsonValue(Json):
    """A value that is the same in JSON: a number, a day."""

    template = "%(expressions)s"


class DaysSince(Json):
    """The number of days from one to another, none where that lies ahead; null where it is not known."""

    def __init__(self, day: Any, today: date) -> None:
        super().__init__(day, Value(today))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        (day, params), (today, more) = map(compiler.compile, self.get_source_expressions())
        days = f"CASE WHEN {day} IS NOT NULL THEN greatest(0, {today}::date - {day}) END"
        if connection.vendor == "sqlite":
            days = (
                f"CASE WHEN {day} IS NOT NULL THEN max(0, CAST(julianday({today}) - julianday({day}) AS integer)) END"
            )
        return days, (*params, *more, *params)


class JsonFirst(Json):
    """The JSON that the first of some rows holds in its first column, null where there is none."""

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(Subquery(rows[:1], output_field=TextField()))

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="json(%(expressions)s)", **context)


class JsonBoolean(Json):
    """True, false or null; SQLite keeps numbers in their place."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "json(CASE %(expressions)s WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)"
        return self.as_sql(compiler, connection, template=template, **context)


class JsonList(Subquery):
    """The list of what the first column of some rows holds, in their order: values, or JSON where they `are_json`."""

    output_field = TextField()

    def __init__(self, rows: QuerySet, *, are_json: bool) -> None:
        super().__init__(rows)
        self.are_json = are_json

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        template = "(SELECT coalesce(json_agg(item), '[]') FROM (%(subquery)s) AS listed)"
        if connection.vendor == "sqlite":
            # What comes out of a subquery is no longer known to be JSON.
            item = "json(item)" if self.are_json else "item"
            template = f"(SELECT json_group_array({item}) FROM (%(subquery)s) AS listed)"  # noqa: S608 - ours
        return super().as_sql(compiler, connection, template=template, **context)


class NumberOf(Subquery):
    """How many rows there are."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class AsText(Func):
    """JSON as the text that is sent: PostgreSQL's adapter would read it otherwise."""

    template = "(%(expressions)s)::text"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)


class InLines(Func):
    """Text with a line feed for each carriage return that stands alone, as `codebook.in_lines` has it."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        found, char = ("instr", "char") if connection.vendor == "sqlite" else ("strpos", "chr")
        both, none = f"{char}(13) || {char}(10)", f"{char}({ord(NO_CHARACTER)})"
        lines = f"replace({sql}, {none}, {none} || '0')"  # where the text has it all the same
        for old, new in ((both, f"{none} || '1'"), (f"{char}(13)", f"{char}(10)"), (f"{none} || '1'", both)):
            lines = f"replace({lines}, {old}, {new})"
        lines = f"replace({lines}, {none} || '0', {none})"
        return f"CASE WHEN {found}({sql}, {char}(13)) > 0 THEN {lines} ELSE {sql} END", (*params,) * 3


class Joined(Func):
    """Texts put together; Django's own Concat takes none of fields of different kinds."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class UtcSecond(Func):
    """A moment in UTC, to the second (ISO 8601)."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "substr(%(expressions)s, 1, 10) || 'T' || substr(%(expressions)s, 12, 8) || 'Z'"
        return self.as_sql(compiler, connection, template=template, **context)


class JsonCase(Case):
    """One or another JSON, by conditions."""

    output_field = TextField()


def date_as_json(path: str) -> Expression:
    """Return the four public values of an uncertain date, or null."""
    parts = {part: F(f"{path}_{part}") for part in PARTS}
    whole = JsonObject(edtf=F(path), **parts)
    unknown = Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
    return JsonCase(When(unknown, then=None), default=whole)


def text_as_json(value: Any, *, in_lines: bool) -> Expression:
    """Return a text, null where it is empty."""
    return NullIf(InLines(value) if in_lines else value, Value(""))
