"""The admin of notices, of the warrants behind them and of their events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q

from cases.admin.evidence import EvidenceInline, citations_of
from cases.admin.people import named
from cases.models import CcfRequest, Notice, NoticeEvent, Warrant
from cases.vocabulary import Accusation, Instrument, NoticeState
from records.admin import (
    Link,
    ListTable,
    PartAdmin,
    RecordAdmin,
    by_date,
    count_of,
    date_column,
    newest_first,
)
from records.vocabulary import Vocabulary


class NoticeEventInline(EvidenceInline, admin.StackedInline):
    model = NoticeEvent
    extra = 1
    evidence_of = "state"
    verbose_name_plural = "events: what became of it, and who says so"
    fieldsets = (
        (None, {"fields": (("state", "occurred", "asserted_by"), ("position", "level"))}),
        EvidenceInline.evidence_boxes,
    )


class WarrantInline(EvidenceInline, admin.StackedInline):
    model = Warrant
    extra = 1
    evidence_of = "issuer"
    related = ("issuer",)
    autocomplete_fields = ("issuer",)
    verbose_name_plural = "warrants: who issued one, and on which charge"
    errors_at = {"warrant_says_something": "issuer"}
    fieldsets = (
        (None, {"fields": (("issuer", "body", "date"), ("charge", "accusation", "level"))}),
        EvidenceInline.evidence_boxes,
    )


@admin.register(Notice)
class NoticeAdmin(RecordAdmin):
    list_display = ("ref", "person", "instrument", "requested_by", "number", "events", "level", "review")
    list_filter = ("level", "review", "instrument", ("requested_by", admin.RelatedOnlyFieldListFilter))
    related = ("person", "requested_by")
    autocomplete_fields = ("person", "requested_by", "replaces")
    inlines = (WarrantInline, NoticeEventInline, citations_of(Notice))
    errors_at = {"notice_does_not_replace_itself": "replaces"}
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {"instrument": Instrument}
    fieldsets = (
        (None, {"fields": ("person", "instrument", ("requested_by", "body"), ("number", "replaces"), "note")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )

    def listed(self, rows: Any, user: Any) -> Any:
        return rows.annotate(event_count=count_of(NoticeEvent.objects.visible_to(user), "notice"))

    @admin.display(ordering="event_count")
    def events(self, notice: Any) -> int:
        return notice.event_count

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        """Show the requests to the commission about the notice, each of which has its own page."""
        requests = self.admin_site.get_model_admin(CcfRequest)
        found = CcfRequest.objects.visible_to(user).filter(notice=record).order_by("ref")
        rows = [
            [
                Link(each.ref, requests.address(each)),  # type: ignore[attr-defined]
                each.get_kind_display(),
                each.number,
                each.get_outcome_display(),
            ]
            for each in found
        ]
        return [ListTable("Requests to Interpol's commission", ["Request", "Asks for", "Number", "Outcome"], rows)]

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("person", text, user) | Q(number__iexact=text))

    def describe(self, record: Notice) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Notice) -> str:
        return f"“{record.get_instrument_display()}” against {record.person.label}"


@admin.register(Warrant)
class WarrantAdmin(PartAdmin):
    list_display = ("ref", "notice", "person", "issuer", "body", "charge", "accusation", date_column("date"), "level")
    list_filter = ("level", "accusation", by_date("date"), ("issuer", admin.RelatedOnlyFieldListFilter))
    ordering = (*newest_first("date"), "-pk")
    related = ("notice__person", "issuer")
    autocomplete_fields = ("notice", "issuer")
    fields = ("notice", ("issuer", "body"), ("charge", "accusation"), "date", "level")
    errors_at = {"warrant_says_something": "issuer"}
    inlines = (citations_of(Warrant),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"accusation": Accusation}

    @admin.display(ordering="notice__person__label")
    def person(self, warrant: Warrant) -> str:
        return str(warrant.notice.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        charged = Warrant.objects.visible_to(user).search(text)
        return rows.filter(named("notice__person", text, user) | Q(pk__in=charged.values("pk")))

    def describe(self, record: Warrant) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Warrant) -> str:
        by = (record.issuer and record.issuer.name) or record.body or "an unknown issuer"
        return f"warrant of {by}, behind {record.notice.ref}"


@admin.register(NoticeEvent)
class NoticeEventAdmin(PartAdmin):
    list_display = ("ref", "notice", "person", "state", date_column("occurred"), "asserted_by", "level")
    list_filter = ("level", "state", by_date("occurred"))
    ordering = (*newest_first("occurred"), "-pk")
    related = ("notice__person",)
    autocomplete_fields = ("notice",)
    fields = ("notice", "state", "occurred", "asserted_by", "position", "level")
    inlines = (citations_of(NoticeEvent),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"state": NoticeState}

    @admin.display(ordering="notice__person__label")
    def person(self, event: NoticeEvent) -> str:
        return str(event.notice.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("notice__person", text, user))

    def describe(self, record: NoticeEvent) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: NoticeEvent) -> str:
        return f"“{record.get_state_display()}” of {record.notice.ref}"
