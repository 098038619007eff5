"""One database trigger of ours, on SQLite or PostgreSQL, and what the catalogue tells of it when it is right."""

from __future__ import annotations

from typing import Any, NamedTuple

#: How PostgreSQL's catalogue writes when a trigger fires for each row.
TIMINGS = {"BEFORE": 2, "AFTER": 0}
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16}
EACH_ROW = 1
DROP = {"sqlite": 'DROP TRIGGER "{name}"', "postgresql": 'DROP TRIGGER "{name}" ON "{table}"'}


class Trigger(NamedTuple):
    """A trigger of ours: its table, what the catalogue tells of it when it is right, and the SQL that makes it so."""

    table: str
    stored: tuple[Any, ...]
    statements: tuple[str, ...]


def on_sqlite(name: str, table: str, event: str, when: str, body: str) -> Trigger:
    """Return a trigger that does `body` after an event of a row, where the condition `when` holds ("" is always)."""
    condition = f"WHEN {when} " if when else ""
    created = f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" {condition}BEGIN {body} END'
    return Trigger(table, (table, created), (f'DROP TRIGGER IF EXISTS "{name}"', created))


def on_postgresql(name: str, table: str, timing: str, event: str, body: str) -> Trigger:
    """Return a trigger that does `body` for each row, before or after an event."""
    row_type = EACH_ROW + TIMINGS[timing] + EVENTS[event]
    body = f" BEGIN {body} END "
    made = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $${body}$$',
        f'CREATE OR REPLACE TRIGGER "{name}" {timing} {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    )
    return Trigger(table, (table, row_type, body), made)
