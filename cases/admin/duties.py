"""The admin of duties: what has to be done in a case, and by when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from cases.admin.evidence import citations_of
from cases.admin.incidents import DutyInline
from cases.admin.people import named
from cases.models import Duty
from cases.vocabulary import DutyKind, Rhythm
from records.admin import (
    PartAdmin,
    by_date,
    date_column,
    newest_first,
)
from records.fields.names import search
from records.vocabulary import Vocabulary


@admin.register(Duty)
class DutyAdmin(PartAdmin):
    list_display = ("ref", "kind", date_column("due"), "rhythm", "person", "incident", "level")
    list_filter = ("level", "kind", "rhythm", by_date("due"))
    ordering = (*newest_first("due"), "-pk")
    related = ("involvement__person", "involvement__incident", "incident")
    autocomplete_fields = ("involvement",)
    inlines = (citations_of(Duty),)
    errors_at = DutyInline.errors_at
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"kind": DutyKind, "rhythm": Rhythm}
    fieldsets = (
        (None, {"fields": ("involvement", "kind", ("due", "rhythm", "ended"), "authority", "note")}),
        ("Who may read it", {"fields": ("level",)}),
    )

    @admin.display(ordering="involvement__person__label")
    def person(self, duty: Duty) -> str:
        return str(duty.involvement.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("involvement__person", text, user) | search("incident__folded", text))

    def describe(self, record: Duty) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Duty) -> str:
        return f"{record.get_kind_display()} of {record.involvement.person.label}"
