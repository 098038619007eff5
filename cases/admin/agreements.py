"""The admin of agreements, ratifications and events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q

from cases.admin.evidence import EvidenceInline, citations_of
from cases.models import Agreement, Country, Event, Ratification
from cases.vocabulary import AgreementKind, RatificationState
from records.admin import PartAdmin, RecordAdmin, by_date, date_column, newest_first
from records.vocabulary import Vocabulary


class RatificationInline(EvidenceInline, admin.StackedInline):
    model = Ratification
    related = ("country",)
    autocomplete_fields = ("country",)
    evidence_of = "state"
    errors_at = {"ratification_stands_once_per_country": "country"}
    fieldsets = (
        (None, {"fields": (("country", "state"), ("on", "as_of"), "level")}),
        EvidenceInline.evidence_boxes,
    )


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    list_display = (
        "ref",
        "title",
        "kind",
        "between",
        date_column("signed"),
        date_column("in_force"),
        "level",
        "review",
    )
    list_filter = ("level", "review", "kind", ("countries", admin.RelatedOnlyFieldListFilter), by_date("signed"))
    autocomplete_fields = ("countries",)
    inlines = (RatificationInline, citations_of(Agreement))
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {"kind": AgreementKind}
    fieldsets = (
        (None, {"fields": ("title", "kind", "countries", ("signed", "in_force"), "note")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )

    def listed(self, rows: Any, user: Any) -> Any:
        return rows.prefetch_related("countries")

    @admin.display
    def between(self, agreement: Agreement) -> str:
        return ", ".join(country.name for country in agreement.countries.all())

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(
            Q(title__icontains=text) | Q(countries__in=Country.objects.visible_to(user).search(text))
        ).distinct()


@admin.register(Ratification)
class RatificationAdmin(PartAdmin):
    list_display = ("ref", "agreement", "country", "state", date_column("on"), date_column("as_of"), "level")
    list_filter = ("level", "state", ("country", admin.RelatedOnlyFieldListFilter))
    related = ("agreement", "country")
    autocomplete_fields = ("agreement", "country")
    fields = ("agreement", "country", "state", ("on", "as_of"), "level")
    inlines = (citations_of(Ratification),)
    errors_at = {"ratification_stands_once_per_country": "country"}
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"state": RatificationState}

    def find(self, rows: Any, text: str, user: Any) -> Any:
        countries = Country.objects.visible_to(user).search(text)
        return rows.filter(Q(agreement__title__icontains=text) | Q(country__in=countries))

    def describe(self, record: Ratification) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Ratification) -> str:
        return f"“{record.country}” of “{record.agreement.title}”"


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = ("ref", "title", "organiser", date_column("start"), "country", "place", "level", "review")
    list_filter = ("level", "review", by_date("start"), ("country", admin.RelatedOnlyFieldListFilter))
    ordering = (*newest_first("start"), "-pk")
    related = ("country",)
    autocomplete_fields = ("country",)
    inlines = (citations_of(Event),)
    errors_at = {"event_ends_not_before_it_starts": "end"}
    fieldsets = (
        (None, {"fields": ("title", "organiser", ("country", "place"), ("start", "end"), "note")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )
