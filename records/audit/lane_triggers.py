"""The triggers that take away the lane of a row, and of all rows below it, when what decides the lane is changed.

What writes through the models settles the lanes again at once (`records.models.lanes.settle`). What does not, a
statement typed into a database's own program, leaves the rows to nobody until a command settles them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from records.audit.trigger import Trigger, on_postgresql, on_sqlite
from records.models import UNSETTLED, below_of, protecting, records_from_above

#: Only `settle` gives a lane, and only to a row without one: what comes with one, or exchanges it, is not believed.
GIVEN = f"(OLD.lane <> {UNSETTLED} AND NEW.lane <> {UNSETTLED} AND NEW.lane <> OLD.lane)"

#: What can happen to the link that names a reader, and which of its rows tell of a record that is concerned.
READERS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def lane_triggers(vendor: str) -> dict[str, Trigger]:
    """Return the triggers that there should be, by name."""
    found = own_on_sqlite if vendor == "sqlite" else own_on_postgresql
    return {name: trigger for model in records_from_above() for name, trigger in found(model)}


def own_on_sqlite(model: Any) -> Iterator[tuple[str, Trigger]]:
    table = model._meta.db_table
    decide = columns(model)
    changed = " OR ".join(f'OLD."{each}" IS NOT NEW."{each}"' for each in decide)
    listed = ", ".join(f'"{each}"' for each in decide)
    name, own = f"waymark_lane_{table}", taken_from(table, "id", "NEW.id")
    yield name, on_sqlite(name, table, f"UPDATE OF {listed}, lane", f"{changed} OR {GIVEN}", own)
    name = f"waymark_new_lane_{table}"
    yield name, on_sqlite(name, table, "INSERT", f"NEW.lane <> {UNSETTLED}", own)
    if below := taken_below(model):
        name = f"waymark_below_{table}"
        lost = f"NEW.lane = {UNSETTLED} AND OLD.lane <> {UNSETTLED}"
        yield name, on_sqlite(name, table, "UPDATE OF lane", lost, below)
    for link, column in readers(model):
        for event, rows in READERS.items():
            name = f"waymark_{event.lower()}_lane_{link}"
            body = " ".join(taken_from(table, "id", f'{row}."{column}"') for row in rows)
            yield name, on_sqlite(name, link, event, "", body)


def own_on_postgresql(model: Any) -> Iterator[tuple[str, Trigger]]:
    table = model._meta.db_table
    changed = " OR ".join(f'OLD."{each}" IS DISTINCT FROM NEW."{each}"' for each in columns(model))
    name = f"waymark_lane_{table}"
    body = f"IF {changed} OR {GIVEN} THEN NEW.lane := {UNSETTLED}; END IF; RETURN NEW;"
    yield name, on_postgresql(name, table, "BEFORE", "UPDATE", body)
    name = f"waymark_new_lane_{table}"
    yield name, on_postgresql(name, table, "BEFORE", "INSERT", f"NEW.lane := {UNSETTLED}; RETURN NEW;")
    if below := taken_below(model):
        name = f"waymark_below_{table}"
        body = f"IF NEW.lane = {UNSETTLED} AND OLD.lane <> {UNSETTLED} THEN {below} END IF; RETURN NULL;"
        yield name, on_postgresql(name, table, "AFTER", "UPDATE", body)
    for link, column in readers(model):
        for event, rows in READERS.items():
            name = f"waymark_{event.lower()}_lane_{link}"
            body = " ".join(taken_from(table, "id", f"{row}.{column}") for row in rows)
            yield name, on_postgresql(name, link, "AFTER", event, f"{body} RETURN NULL;")


def columns(model: Any) -> list[str]:
    """Return the columns of a row that decide its lane."""
    own = protecting(model)
    return [field.column for field in model._meta.concrete_fields if field.name in own]


def readers(model: Any) -> list[tuple[str, str]]:
    """Return the table that links records to those who may read them, and its column of the record."""
    if not model.reviewed:
        return []
    field = model._meta.get_field("readers")
    return [(field.m2m_db_table(), field.m2m_column_name())]


def taken_below(model: Any) -> str:
    """Return the statements that take the lanes of what hangs on a row."""
    return " ".join(taken_from(below._meta.db_table, column, "NEW.id") for below, column in below_of(model))


def taken_from(table: str, column: str, key: str) -> str:
    return f'UPDATE "{table}" SET lane = {UNSETTLED} WHERE "{column}" = {key} AND lane <> {UNSETTLED};'  # noqa: S608
