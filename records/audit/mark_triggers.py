"""The triggers that mark what has to be worked out anew, because a row was written on which it rests.

A model that keeps such marks says so in `marked_by`: by the label of another model the SQL of the keys that a row of it
bears on, with `{row}` for the row, and the columns whose change counts, or none where nearly all do. `key` is the
column of these keys, and `triggers` part of the triggers' names where one row marks for several models. Its `mark_all`
marks everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps

from records.audit.trigger import Trigger, on_postgresql, on_sqlite

#: The act of a write. One outside all acts is named after its transaction where there are several writers: whoever
#: strikes off a mark that is there has not seen what another transaction wrote.
ACTS = {
    "sqlite": "coalesce((SELECT key FROM records_currentact), '')",
    "postgresql": "coalesce(nullif(current_setting('waymark.act', true), ''), 'in ' || pg_current_xact_id()::text)",
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
        for name, trigger in _of(vendor, marks, apps.get_model(label), keys, columns)
    }


def mark_all() -> None:
    """Mark everything, where some write may have gone unmarked."""
    models: list[Any] = list(apps.get_models())
    for model in models:
        if hasattr(model, "marked_by"):
            model.mark_all()


def _of(vendor: str, marks: Any, model: Any, keys: str, columns: tuple[str, ...]) -> Iterator[tuple[str, Trigger]]:
    table = model._meta.db_table
    watched = columns or [field.column for field in model._meta.concrete_fields if field.column not in BOOKKEEPING]
    differ = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = _differs(watched, differ)
    moved = _differs(sorted(set(re.findall(r'\{row\}\."?(\w+)', keys))), differ)
    # Where only some columns count, nothing rests on a row before it is there, and what does goes before it goes.
    for event, rows in {"UPDATE": ROWS["UPDATE"]}.items() if columns else ROWS.items():
        name = f"waymark_{event.lower()}_{getattr(marks, 'triggers', 'marks')}_{table}"
        body = " ".join(_marked(vendor, marks, keys, row, moved if rows[:-1] == (row,) else "") for row in rows)
        when = changed if event == "UPDATE" else ""
        if vendor == "sqlite":
            yield name, on_sqlite(name, table, event, when, body)
        else:
            body = f"IF {when} THEN {body} END IF;" if when else body
            yield name, on_postgresql(name, table, "AFTER", event, f"{body} RETURN NULL;")


def _differs(columns: Iterable[str], differ: str) -> str:
    return " OR ".join(f'OLD."{each}" {differ} NEW."{each}"' for each in columns)


def _marked(vendor: str, marks: Any, keys: str, row: str, moved: str) -> str:
    """Return the statement that marks what a row bears on for the present act, each key once.

    A row as it was bears on the same as the row as it is, unless a link was moved: that takes half the time.
    """
    keys, table, key = keys.format(row=row), marks._meta.db_table, marks.key
    only = f" AND ({moved})" if moved and vendor == "sqlite" else ""
    statement = (
        f'INSERT INTO "{table}" ({key}, reason, act) '  # noqa: S608
        f"SELECT DISTINCT k.{key}, 'written', {ACTS[vendor]} FROM ({keys}) AS k "
        f'WHERE NOT EXISTS (SELECT 1 FROM "{table}" m WHERE m.{key} = k.{key} '
        f"AND m.reason = 'written' AND m.act = {ACTS[vendor]}){only};"
    )
    return f"IF {moved} THEN {statement} END IF;" if moved and vendor == "postgresql" else statement
