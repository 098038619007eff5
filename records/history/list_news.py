"""What was changed of late in the lists: terms, countries, rules of clocks and thresholds, which one person changes.

What the public reads changes with them, on every page that shows them: so the team hears of it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone

from records.models import AuditEntry, Change, Record
from records.vocabulary import Operation

#: For how long everybody on the team is told.
TOLD_FOR = timedelta(days=7)


class ListChange(NamedTuple):
    """One row of a list, and each of its columns as it was seven days ago and as it is, by whoever changed it last."""

    kind: str
    row: str
    columns: list[tuple[str, Any, Any]]
    by: str
    at: datetime


def list_news(user: Any) -> list[ListChange]:
    """Return what was changed in lists within seven days, the latest first, for the team."""
    if not user.is_authenticated or not user.has_perm("records.read_team"):
        return []
    models = {model._meta.db_table: model for model in _lists()}
    since = timezone.now() - TOLD_FOR
    found = Change.objects.filter(at__gt=since, table__in=models, operation=Operation.UPDATE).order_by("pk")
    rows: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        rows.setdefault((change.table, change.row), []).append(change)
    acts = AuditEntry.objects.filter(act__in={changes[-1].act for changes in rows.values()} - {""})
    actors = dict(acts.values_list("act", "actor"))
    news = [_told(models[table], changes, actors) for (table, _), changes in rows.items()]
    return sorted((each for each in news if each.columns), key=lambda each: each.at, reverse=True)


def _lists() -> list[type[Model]]:
    """Return the models of lists: what the apps of records hold that is no record."""
    labels = set(settings.OWN_APPS) - {"records"}
    return [model for model in apps.get_models() if model._meta.app_label in labels and not issubclass(model, Record)]


def _told(model: type[Model], changes: list[Change], actors: dict[str, str]) -> ListChange:
    before, last = json.loads(changes[0].before), changes[-1]
    after = json.loads(last.after)
    columns = [
        (_label(model, name), before.get(name), after[name]) for name in after if before.get(name) != after[name]
    ]
    by = actors.get(last.act, "outside the application")
    return ListChange(str(model._meta.verbose_name), last.row, columns, by, last.at)


def _label(model: type[Model], name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # columns have names
    except FieldDoesNotExist:
        return name
