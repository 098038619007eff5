"""The admin of how long a case may go without news, by phase."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from cases.models import SilenceThreshold
from records.admin import (
    ListAdmin,
)


@admin.register(SilenceThreshold)
class SilenceThresholdAdmin(ListAdmin):
    list_display = ("phase", "days")
    ordering = ("phase",)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(phase__icontains=text)
