"""Answers written by hand: SQL that lets the database build the same JSON, over a copy with the indexes that it wants.

The keys of a page are taken from the application's own answer and stored in order, as an index would give them; so is
what only Python can work out, where each case stands, as it would stand in a table that is kept up to date. Everything
else is put together from the rows, as far as the reader's lanes show them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

#: What is worked out of the steps of a case, and cannot be read from any one row.
WORKED_OUT = (
    "liberty",
    "procedure",
    "procedures",
    "pressure",
    "phase",
    "stage",
    "since",
    "reached",
    "reached_apart",
    "outcome",
    "open",
    "followed",
    "fate",
)
TABLES = (
    "CREATE TABLE bench_key (work varchar(200), reader varchar(20), place int, id bigint, "
    "PRIMARY KEY (work, reader, place))",
    f"CREATE TABLE bench_case (reader varchar(20), id bigint, {', '.join(f'{name}_told text' for name in WORKED_OUT)}, "
    "PRIMARY KEY (reader, id))",
    "CREATE TABLE bench_incident (reader varchar(20), id bigint, freedom_house text, independent int, "
    "PRIMARY KEY (reader, id))",
)


class ByHand:
    """The copy of a database, and how its kind of SQL builds JSON."""

    def __init__(self, connection: Any, address: str = "") -> None:
        self.connection, self.address = connection, address
        self.is_sqlite = isinstance(connection, sqlite3.Connection)
        for table in TABLES:
            name = table.split()[2]
            self.run(f"DROP TABLE IF EXISTS {name}")
            self.run(table)

    @classmethod
    def at(cls, url: str) -> ByHand:
        """Open the database at an address."""
        if url.startswith("sqlite"):
            file = url.removeprefix("sqlite:///")
            return cls(sqlite3.connect(file, isolation_level=None), file)
        return cls(psycopg.connect(url, autocommit=True), url)

    @property
    def process(self) -> tuple[int, ...]:
        """The process that works for the connection, beside our own."""
        return () if self.is_sqlite else (self.connection.info.backend_pid,)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Carry out a statement, with ? for each value; return its rows."""
        if not self.is_sqlite:
            statement = statement.replace("%", "%%").replace("?", "%s") if values else statement
        cursor = self.connection.execute(statement, values) if values else self.connection.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def keep(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows of a table of the benchmark; one that is there already stays."""
        with self.together():
            for row in rows:
                places = ", ".join("?" * len(row))
                self.run(f"INSERT INTO {table} VALUES ({places}) ON CONFLICT DO NOTHING", tuple(row))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let SQLite write to its file once, and not after each row."""
        self.run("SAVEPOINT bench") if self.is_sqlite else None
        yield
        self.run("RELEASE bench") if self.is_sqlite else None

    def analyze(self) -> None:
        self.run("ANALYZE")

    def object(self, **pairs: str) -> str:
        """Return the SQL of a JSON object."""
        function = "json_object" if self.is_sqlite else "json_build_object"
        told = (f"'{name}', {value}" for name, value in pairs.items())
        return f"{function}({', '.join(told)})"

    def list(self, value: str, rows: str, *, is_json: bool = True) -> str:
        """Return the SQL of a JSON list of a value of some rows, in their order."""
        if self.is_sqlite:
            item = "json(x)" if is_json else "x"
            return f"(SELECT json_group_array({item}) FROM (SELECT {value} AS x FROM {rows}))"
        return f"(SELECT coalesce(json_agg(x), '[]') FROM (SELECT {value} AS x FROM {rows}) y)"

    def stored(self, column: str) -> str:
        """Return the SQL of a column that holds JSON."""
        return f"json({column})" if self.is_sqlite else f"{column}::json"

    def boolean(self, column: str) -> str:
        return f"json(CASE WHEN {column} THEN 'true' ELSE 'false' END)" if self.is_sqlite else column

    def perhaps(self, column: str) -> str:
        """Return the SQL of a boolean column that may be unknown."""
        if not self.is_sqlite:
            return column
        return f"json(CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)"

    def date(self, row: str, name: str) -> str:
        """Return the SQL of an uncertain date of a row, null where it is unknown."""
        written = f'{row}."{name}"'
        parts = {part: f"{row}.{name}_{part}" for part in ("earliest", "latest", "precision")}
        return f"CASE WHEN {written} <> '' THEN {self.object(edtf=written, **parts)} END"

    def page(self, statement: str, work: str, reader: str) -> bytes:
        """Return a page of the API as bytes: the JSON of each row as the database gives it."""
        rows = self.run(statement, (work, reader))
        return b'{"next":null,"previous":null,"results":[' + ",".join(row for (row,) in rows).encode() + b"]}"


def text(column: str) -> str:
    """Return the SQL of a text, null where it is empty."""
    return f"nullif({column}, '')"


def seen(alias: str, lanes: Sequence[int]) -> str:
    """Return the condition that a row is in one of the lanes; the + keeps SQLite from searching by them first."""
    return f"+{alias}.lane IN ({', '.join(map(str, lanes))})"
