"""The facts of a record, and of its parts, that a citation can be about, as choices in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin

from cases.models import CITABLE, citable_fields
from records.fields.uncertain_date import UncertainDateField
from records.models import Record

#: So many parts of each kind are listed; any other is named by its own reference.
MOST_PARTS = 60
#: So much of a value is shown beside its name.
LONGEST_VALUE = 60


@dataclass
class RecordFacts:
    """What can be cited of a record: its rows by reference, and a choice for each field, gathered by row.

    A choice is written as reference and column: "STG-8QX3M2VD.occurred". `left` counts the parts that are not listed.
    """

    record: Record
    words: str
    rows: dict[str, Record] = field(default_factory=dict)
    choices: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    left: int = 0


def find_record(request: Any, ref: str) -> Any:
    """Return the record or part with this reference, None where its reader sees none."""
    model = next((model for model in CITABLE.values() if ref.startswith(f"{model.prefix()}-")), None)
    return _rows(request, model).filter(ref=ref).first() if model else None


def facts_of(request: Any, record: Record) -> RecordFacts:
    """Return what can be cited of a record and of its parts, or of a part alone; one query for each kind of part."""
    facts = RecordFacts(record, _described(record))
    _add(facts, record)
    for model in CITABLE.values():
        if model.owner and model._meta.get_field(model.owner).related_model is type(record):
            parts = [*_rows(request, model).filter(**{model.owner: record}).order_by("pk")[: MOST_PARTS + 1]]
            facts.left += len(parts) > MOST_PARTS
            for part in parts[:MOST_PARTS]:
                _add(facts, part)
    return facts


def _rows(request: Any, model: Any) -> Any:
    page: Any = admin.site.get_model_admin(model)
    return page.get_queryset(request)


def _described(row: Record) -> str:
    page: Any = admin.site.get_model_admin(type(row))
    return f"{row._meta.verbose_name} {page.describe(row)}"


def _add(facts: RecordFacts, row: Record) -> None:
    facts.rows[row.ref] = row
    words = _described(row)
    facts.choices.append((f"{words[:1].upper()}{words[1:]}", [*_choices(row)]))


def _choices(row: Record) -> Iterator[tuple[str, str]]:
    options = row._meta
    names = citable_fields(type(row)) - {row.owner, *row.for_team, *row.private}
    for column in (*options.fields, *options.many_to_many):
        if column.name in names:
            label = str(column.verbose_name)
            value = value_in_words(row, column)
            shown = f"{value[: LONGEST_VALUE - 1]}…" if len(value) > LONGEST_VALUE else value
            yield f"{row.ref}.{column.name}", f"{label[:1].upper()}{label[1:]}{f': {shown}' if shown else ''}"


def value_in_words(row: Record, column: Any) -> str:
    """Return what a column holds, without a query: of links to terms and countries the code, of others nothing."""
    if column.many_to_many or (column.related_model and issubclass(column.related_model, Record)):
        return ""
    value = getattr(row, column.attname)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(column, UncertainDateField):
        return str(value.text)
    display = getattr(row, f"get_{column.name}_display", None)
    return str(display() if display else value)
