"""The filter of a list of records that asks who entered them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from records.review import entered_by


class Entered(admin.SimpleListFilter):
    """Who entered a record, as the audit trail tells."""

    title = "who entered it"
    parameter_name = "entered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "entered by me")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return entered_by(queryset, request.user) if self.value() == "me" else queryset
