"""Columns that follow from others, over every model: which there are, and where one is stale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from records.fields.names import FoldedField

BATCH = 1_000


def project_models() -> list[type[Any]]:
    """Return every model of the project's own apps."""
    return [model for app in settings.OWN_APPS for model in apps.get_app_config(app).get_models()]


def folded_columns(model: type[Model]) -> list[FoldedField]:
    """Return the columns of a model that hold folded names or their skeletons."""
    return [column for column in model._meta.concrete_fields if isinstance(column, FoldedField)]


def in_batches(rows: Any) -> Iterator[list[Any]]:
    """Yield the rows of a queryset, a batch at a time, so that memory stays small however many there are."""
    rows, last = rows.order_by("pk"), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield batch
        last = batch[-1].pk


def refold(row: Any) -> list[str]:
    """Compute the folded columns of a row anew; return the names of those that were stale."""
    stale = []
    for column in folded_columns(type(row)):
        before = getattr(row, column.attname)
        if column.pre_save(row, False) != before:
            stale.append(column.attname)
    return stale
