"""What the bodies about cases share: slots that are given once, and parts of which one value is given."""

from __future__ import annotations

from typing import Any

from records.api.request_body import RowInput, WritableColumn


def part(given: RowInput, name: str) -> RowInput:
    """Return what stands for a part of which one value was given: its problems are told of that value."""
    return RowInput(given.places[name])


def column(resource: Any, name: str, **options: Any) -> WritableColumn:
    """Return the slot of a column that is given once and is no column of the record's own row."""
    found = resource.column(name)
    return WritableColumn(found, needed=found.filled, once=True, **options)
