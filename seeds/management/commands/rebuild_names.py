"""The command `rebuild_names`: compute the search columns anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from seeds.derived_columns import folded_columns, in_batches, project_models, refold


class Command(BaseCommand):
    help = "Compute the folded names and their skeletons anew, batch by batch. Safe to stop and to run again."

    def handle(self, **options: Any) -> None:
        """Rewrite what is stale, and count it."""
        for model in project_models():
            if columns := [column.attname for column in folded_columns(model)]:
                self.rebuild(model, columns)

    def rebuild(self, model: type[Any], columns: list[str]) -> None:
        """Bring one model's columns up to date; a batch is one transaction, and locks what it is about to rewrite."""
        seen = changed = 0
        name = model._meta.verbose_name_plural
        for keys in in_batches(model.objects.only("pk")):
            with transaction.atomic():
                rows = model.objects.select_for_update().filter(pk__in=[row.pk for row in keys])
                stale = [row for row in rows if refold(row)]
                model.objects.bulk_update(stale, columns)
            seen, changed = seen + len(keys), changed + len(stale)
            self.stdout.write(f"{name}: {seen} read, {changed} changed")
            self.stdout.flush()
