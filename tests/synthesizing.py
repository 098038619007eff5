"""Running `synthesize`, for the tests about it."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command

from records.models import Record
from seeds.derived_columns import project_models


def synthesize(incidents: int, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("synthesize", str(incidents), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every kind of record, but for what the keys of teams are in: those count on from run to run."""
    found = {}
    for model in project_models():
        if issubclass(model, Record):
            names = [field.attname for field in model._meta.concrete_fields if field.name not in ("team", "lane")]
            found[model._meta.label] = list(model._base_manager.order_by("pk").values_list(*names))
    return found
