"""The admin of requests to Interpol's review commission (CCF) and of the rules of its clocks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q

from cases.admin.evidence import EvidenceInline, citations_of
from cases.admin.people import named
from cases.models import CcfEvent, CcfRequest, ClockRule
from cases.vocabulary import CcfKind, CcfOutcome, CcfState
from records.admin import (
    ListAdmin,
    PartAdmin,
    RecordAdmin,
    by_date,
    date_column,
    newest_first,
)
from records.vocabulary import Vocabulary


class CcfEventInline(EvidenceInline, admin.StackedInline):
    model = CcfEvent
    extra = 1
    evidence_of = "state"
    verbose_name_plural = "events: what became of it, and who says so"
    fieldsets = (
        (None, {"fields": (("state", "occurred", "until"), ("asserted_by", "position", "level"))}),
        EvidenceInline.evidence_boxes,
    )


@admin.register(CcfRequest)
class CcfRequestAdmin(RecordAdmin):
    list_display = ("ref", "person", "kind", "number", "outcome", "level", "review")
    list_filter = ("level", "review", "kind", "outcome")
    related = ("notice__person",)
    autocomplete_fields = ("notice",)
    inlines = (CcfEventInline, citations_of(CcfRequest))
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {"kind": CcfKind, "outcome": CcfOutcome}
    fieldsets = (
        (None, {"fields": ("notice", ("kind", "number"), ("new_fact", "outcome"), "note")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )

    @admin.display(ordering="notice__person__label")
    def person(self, request: CcfRequest) -> str:
        return str(request.notice.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("notice__person", text, user) | Q(number__iexact=text))

    def describe(self, record: CcfRequest) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: CcfRequest) -> str:
        return f"request “{record.get_kind_display()}” for {record.notice.person.label}"


@admin.register(CcfEvent)
class CcfEventAdmin(PartAdmin):
    list_display = ("ref", "request", "person", "state", date_column("occurred"), "asserted_by", "level")
    list_filter = ("level", "state", by_date("occurred"))
    ordering = (*newest_first("occurred"), "-pk")
    related = ("request__notice__person",)
    autocomplete_fields = ("request",)
    fields = ("request", "state", ("occurred", "until"), "asserted_by", "position", "level")
    inlines = (citations_of(CcfEvent),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"state": CcfState}

    @admin.display(ordering="request__notice__person__label")
    def person(self, event: CcfEvent) -> str:
        return str(event.request.notice.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("request__notice__person", text, user))

    def describe(self, record: CcfEvent) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: CcfEvent) -> str:
        return f"“{record.get_state_display()}” of {record.request.ref}"


@admin.register(ClockRule)
class ClockRuleAdmin(ListAdmin):
    list_display = ("code", "kind", "runs_from", "length", "unit", "valid_from", "valid_to", "basis")
    list_filter = ("kind",)
    ordering = ("kind", "valid_from")

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(Q(code__icontains=text) | Q(basis__icontains=text))
