"""The admin of countries and controlled terms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import JSONField, Q

from cases.models import Country, DetentionKind, LegalStatusKind, Outcome, PerpetratorKind, Tactic, TargetCategory
from records.admin import LinesField, ListAdmin, TermAdmin


@admin.register(Country)
class CountryAdmin(ListAdmin):
    list_display = ("name", "code", "alpha3", "region", "first_year", "last_year")
    list_filter = ("region",)
    search_fields = ("name",)  # switches the search box on; `find` does the work
    ordering = ("name",)
    formfield_overrides = ListAdmin.formfield_overrides | {JSONField: {"form_class": LinesField}}

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text) | rows.filter(code__iexact=text) | rows.filter(alpha3__iexact=text)

    def pick(self, rows: Any, words: str) -> Any:
        return rows.filter(Q(code__iexact=words) | Q(name__iexact=words))

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Tactic)
class TacticAdmin(TermAdmin):
    list_display = ("label", "family", "freedom_house", "freedom_house_if", "code", "meaning", "retired")
    list_filter = ("family", "freedom_house", "retired")


admin.site.register([DetentionKind, LegalStatusKind, Outcome, PerpetratorKind, TargetCategory], TermAdmin)
