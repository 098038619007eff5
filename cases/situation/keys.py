"""Many keys as one parameter of a query: databases limit how many parameters there can be."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

_LISTS = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}


#: So few keys are looked up one by one and put in order; with more, a list is full before it is gone through.
FEW = 1000


def leads_to(path: str, rows: QuerySet, column: str) -> Q:
    """Return the condition that `path` leads to the `column` of one of some rows.

    Where these are few, their keys are fetched, by the index of whatever is asked. Where they are many, each row
    of the list is asked in its turn, so that a page ends where it is full and a count at its bound.
    """
    keys = list(rows.order_by().values_list(column, flat=True)[: FEW + 1])
    if len(keys) <= FEW:
        return Q(**{f"{path}__in": these(keys)})
    return Q(Exists(rows.filter(**{column: OuterRef(path)})))


def these(keys: Iterable[int]) -> RawSQL:
    """Return some keys for the right side of a lookup such as `pk__in`."""
    return RawSQL(_LISTS[connection.vendor], [json.dumps(list(keys))])  # noqa: S611 - the text is ours, keys are bound
