"""Many keys as one parameter of a query: databases limit how many parameters there can be."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

_LISTS = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}


def these(keys: Iterable[int]) -> RawSQL:
    """Return some keys for the right side of a lookup such as `pk__in`."""
    return RawSQL(_LISTS[connection.vendor], [json.dumps(list(keys))])  # noqa: S611 - the text is ours, keys are bound
