"""The triggers that mark what has to be worked out anew, because a row was written on which it rests.

A model that keeps such marks says so in `marked_by`: by the label of another model the SQL of the keys that a row of it
bears on, with `{row}` for the row, and the columns whose change counts, or none where nearly all do. Its `mark_all`
marks everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from records.audit.trigger import Trigger, on_postgresql, on_sqlite

ACTS = {
    "sqlite": "coalesce((SELECT key FROM records_currentact), '')",
    "postgresql": "coalesce(current_setting('waymark.act', true), '')",
}
#: Columns whose change alone changes nothing that follows.
BOOKKEEPING = {"version", "created_at", "updated_at", "folded", "said_by_folded"}
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def mark_triggers(vendor: str) -> dict[str, Trigger]:
    """Return the triggers that there should be, by name."""
    models: list[Any] = list(apps.get_models())
    return {
        name: trigger
        for marks in models
        for label, (keys, columns) in getattr(marks, "marked_by", {}).items()
        for name, trigger in _of(vendor, marks._meta.db_table, apps.get_model(label), keys, columns)
    }


def mark_all() -> None:
    """Mark everything, where some write may have gone unmarked."""
    models: list[Any] = list(apps.get_models())
    for model in models:
        if hasattr(model, "marked_by"):
            model.mark_all()


def _of(vendor: str, marks: str, model: Any, keys: str, columns: tuple[str, ...]) -> Iterator[tuple[str, Trigger]]:
    table = model._meta.db_table
    watched = columns or [field.column for field in model._meta.concrete_fields if field.column not in BOOKKEEPING]
    differ = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f'OLD."{each}" {differ} NEW."{each}"' for each in watched)
    # Where only some columns count, nothing rests on a row before it is there, and what does goes before it goes.
    for event, rows in {"UPDATE": ROWS["UPDATE"]}.items() if columns else ROWS.items():
        name = f"waymark_{event.lower()}_marks_{table}"
        body = " ".join(_marked(vendor, marks, keys.format(row=row)) for row in rows)
        when = changed if event == "UPDATE" else ""
        if vendor == "sqlite":
            yield name, on_sqlite(name, table, event, when, body)
        else:
            body = f"IF {when} THEN {body} END IF;" if when else body
            yield name, on_postgresql(name, table, "AFTER", event, f"{body} RETURN NULL;")


def _marked(vendor: str, marks: str, keys: str) -> str:
    """Return the statement that marks some keys for the present act, each once.

    Of what is written outside all acts each write has a mark of its own where there are several writers: one of them
    may be striking off a mark that is there, without having seen what the other wrote.
    """
    once = f"AND {ACTS[vendor]} <> ''" if vendor == "postgresql" else ""
    return (
        f'INSERT INTO "{marks}" (incident_id, reason, act) '  # noqa: S608
        f"SELECT DISTINCT k.incident_id, 'written', {ACTS[vendor]} FROM ({keys}) AS k "
        f'WHERE NOT EXISTS (SELECT 1 FROM "{marks}" m WHERE m.incident_id = k.incident_id '
        f"AND m.reason = 'written' AND m.act = {ACTS[vendor]} {once});"
    )
