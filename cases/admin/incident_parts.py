"""The admin of the parts of an incident: its countries, who did it, its tactics, and what was demanded."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery

from cases.admin.evidence import CitedInline, EvidenceInline, citations_of
from cases.admin.people import named
from cases.admin.persons_part import PersonsPartInline
from cases.models import Actor, Demand, IncidentCountry, Person, TacticUsed
from cases.vocabulary import (
    ActorConfidence,
    ActorPart,
    Attribution,
    CountryPart,
    DemandChannel,
    DemandKind,
    OfficialAnswer,
)
from records.admin import PartAdmin, by_date, date_column, newest_first
from records.fields.names import search
from records.vocabulary import Vocabulary


class IncidentCountryInline(CitedInline, admin.TabularInline):
    model = IncidentCountry
    related = ("country",)
    autocomplete_fields = ("country",)
    fields = ("country", "part", "attribution", "level", "evidence")
    errors_at = {
        "incident_country_has_a_part_once": "country",
        "incident_country_attribution_only_of_a_state_behind_it": "attribution",
    }
    extra = 2
    verbose_name_plural = "countries: the states behind it, and where it happened"


class ActorInline(CitedInline, admin.TabularInline):
    model = Actor
    related = ("organisation", "kind")
    autocomplete_fields = ("organisation",)
    fields = ("words", "organisation", "kind", "part", "confidence", "answer", "level", "evidence")
    verbose_name_plural = "who had a part in doing it, as alleged"


class TacticUsedInline(CitedInline, admin.TabularInline):
    model = TacticUsed
    related = ("tactic",)
    fields = ("tactic", "occurred", "level", "evidence")
    errors_at = {"tactic_is_used_once_on_a_day": "tactic"}
    extra = 1
    verbose_name_plural = "tactics: what was done, and when where that is known"


class DemandInline(PersonsPartInline):
    model = Demand
    related = ("involvement__person",)
    evidence_of = "kind"
    extra = 0
    verbose_name_plural = "demands: what was asked of whom"
    fieldsets = (
        (None, {"fields": (("person", "kind", "channel", "occurred"), ("carried_by", "threat"))}),
        EvidenceInline.evidence_boxes,
        ("More", {"classes": ("collapse",), "fields": (("level",), "note")}),
    )


class IncidentPartAdmin(PartAdmin):
    """The page of one part of an incident, where its citations are."""

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(search("incident__folded", text))


@admin.register(IncidentCountry)
class IncidentCountryAdmin(IncidentPartAdmin):
    list_display = ("ref", "incident", "country", "part", "attribution", "level")
    list_filter = ("level", "part", "attribution", ("country", admin.RelatedOnlyFieldListFilter))
    related = ("incident", "country")
    autocomplete_fields = ("incident", "country")
    fields = ("incident", ("country", "part"), "attribution", "level")
    errors_at = IncidentCountryInline.errors_at
    inlines = (citations_of(IncidentCountry),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {
        "part": CountryPart,
        "attribution": Attribution,
    }

    def describe(self, record: IncidentCountry) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: IncidentCountry) -> str:
        return f"{record.country.name}, {record.get_part_display()} of {record.incident.ref}"


@admin.register(Actor)
class ActorAdmin(IncidentPartAdmin):
    list_display = ("ref", "words", "named_organisation", "kind", "part", "confidence", "answer", "incident", "level")
    list_filter = ("level", "part", "confidence", "answer", ("kind", admin.RelatedOnlyFieldListFilter))
    related = ("incident", "kind")
    autocomplete_fields = ("incident", "organisation")
    fields = ("incident", ("words", "organisation"), ("kind", "part"), ("confidence", "answer"), "level")
    inlines = (citations_of(Actor),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {
        "part": ActorPart,
        "confidence": ActorConfidence,
        "answer": OfficialAnswer,
    }

    def listed(self, rows: Any, user: Any) -> Any:
        organisation = Person.objects.visible_to(user).filter(pk=OuterRef("organisation")).order_by()
        return rows.annotate(organisation_label=Subquery(organisation.values("label")))

    @admin.display(description="organisation", ordering="organisation_label")
    def named_organisation(self, actor: Any) -> str:
        """An actor is told without its organisation where the record of that is hidden."""
        return actor.organisation_label or ""

    def find(self, rows: Any, text: str, user: Any) -> Any:
        organisations = Person.objects.visible_to(user).search(text, user)
        return rows.filter(Q(words__icontains=text) | Q(organisation__in=organisations))

    def describe(self, record: Actor) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Actor) -> str:
        return f"“{record.words}” in {record.incident.ref}"


@admin.register(TacticUsed)
class TacticUsedAdmin(IncidentPartAdmin):
    list_display = ("ref", "tactic", date_column("occurred"), "incident", "level")
    list_filter = ("level", ("tactic", admin.RelatedOnlyFieldListFilter), by_date("occurred"))
    ordering = (*newest_first("occurred"), "-pk")
    related = ("incident", "tactic")
    autocomplete_fields = ("incident",)
    fields = ("incident", ("tactic", "occurred"), "level")
    errors_at = TacticUsedInline.errors_at
    inlines = (citations_of(TacticUsed),)

    def describe(self, record: TacticUsed) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: TacticUsed) -> str:
        return f"“{record.tactic.label}” in {record.incident.ref}"


@admin.register(Demand)
class DemandAdmin(IncidentPartAdmin):
    list_display = ("ref", "kind", "channel", date_column("occurred"), "person", "incident", "level")
    list_filter = ("level", "kind", "channel", by_date("occurred"))
    ordering = (*newest_first("occurred"), "-pk")
    related = ("involvement__person", "involvement__incident", "incident")
    autocomplete_fields = ("involvement",)
    fields = ("involvement", ("kind", "channel", "occurred"), ("carried_by", "threat"), "note", "level")
    inlines = (citations_of(Demand),)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {
        "kind": DemandKind,
        "channel": DemandChannel,
    }

    @admin.display(ordering="involvement__person__label")
    def person(self, demand: Demand) -> str:
        return str(demand.involvement.person)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("involvement__person", text, user) | search("incident__folded", text))

    def describe(self, record: Demand) -> str:
        return f"{self.brief(record)} · {record.ref}"

    def brief(self, record: Demand) -> str:
        return f"asked {record.get_kind_display()}, {record.involvement.person.label}"
