"""The rows of a record as they were when it was last published."""

from __future__ import annotations

import json
from typing import Any

from records.history.snapshots import decode
from records.models import Change, Record, ReviewedRecord
from records.review.row_values import RowValues, row_values
from records.vocabulary import Operation, Review

#: What rows held, by reference.
ValuesByRef = dict[str, RowValues]


def last_published(record: ReviewedRecord | None, rows: list[Record]) -> ValuesByRef:
    """Return how these rows of a record were when it was last taken back from its readers; {} where it never was."""
    taken_back = _taken_back(record) if record is not None else 0
    if not taken_back:
        return {}
    found = {row.ref: _before(row, taken_back) for row in rows}
    return {ref: values for ref, values in found.items() if values}


def _taken_back(record: ReviewedRecord) -> int:
    """Return the number of the write by which a record ceased to be published."""
    writes = Change.objects.of_row(record).filter(operation=Operation.UPDATE).order_by("-pk")
    for number, before, after in writes.values_list("pk", "before", "after"):
        if before and json.loads(before)["review"] == Review.PUBLISHED != json.loads(after)["review"]:
            return number
    return 0


def _before(row: Record, number: int) -> RowValues:
    """Return what a row held at a write; {} where it came later."""
    values = row_values(row)
    first = Change.objects.of_row(row).filter(pk__gte=number).order_by("pk").first()
    if first is not None:
        stored = decode(type(row), first.before)
        if stored is None:
            return {}
        lists = {field.name: values[field.name] for field in row._meta.many_to_many}
        values = row_values(type(row)(**stored)) | lists
    for field in row._meta.many_to_many:
        values[field.name] = _list_before(row, field, values[field.name], number)
    return values


def _list_before(row: Record, field: Any, now: list[Any], number: int) -> list[Any]:
    """Undo what happened to a list of a row since a write."""
    through = field.remote_field.through
    column = through._meta.get_field(field.m2m_reverse_field_name()).column
    keys = set(now)
    links = Change.objects.below(row).filter(table=through._meta.db_table, pk__gte=number).order_by("-pk")
    for operation, before, after in links.values_list("operation", "before", "after"):
        if operation == Operation.INSERT:
            keys.discard(json.loads(after)[column])
        elif operation == Operation.DELETE:
            keys.add(json.loads(before)[column])
    return sorted(keys)
