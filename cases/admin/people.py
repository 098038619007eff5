"""The admin of people, their names, details, legal statuses and relationships."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q

from cases.admin.evidence import CitedInline, citations_of
from cases.models import Involvement, LegalStatus, Notice, Person, PersonDetail, PersonName, Relationship
from cases.similar_people import similar_people
from cases.vocabulary import OtherRole, PersonKind, RelationshipKind, Standing
from records.admin import (
    Link,
    ListTable,
    PartAdmin,
    RecordAdmin,
    RecordForm,
    by_date,
    count_of,
    date_column,
)
from records.fields.names import search
from records.fields.scripts import usual_script
from records.models import SimilarRecord
from records.vocabulary import Vocabulary

NAME_ERRORS: dict[str, str | tuple[str, str]] = {
    "personname_one_primary": "kind",
    "personname_stands_once": "text",
    "personname_one_code_form": "text",
}
RELATION_ERRORS: dict[str, str | tuple[str, str]] = {
    "relationship_joins_two_people": "relative",
    "relationship_stands_once": "relative",
    "relationship_ends_not_before_it_starts": "until",
}


def named(person: str, text: str, user: Any) -> Q:
    """Return the condition that the person at the end of a path goes by a name that `text` may be a spelling of.

    For rows that are visible already, and with them the person: asking again would nest subqueries too deep for SQLite.
    """
    names = PersonName.objects.visible_to(user).search(text)
    return Q(**{f"{person}__in": names.values("person")}) | search(f"{person}__folded", text)


class NameForm(RecordForm):
    """A name whose script follows from its text where nobody says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "script" in self.fields:
            self.fields["script"].required, self.fields["script"].initial = False, ""

    def clean_script(self) -> str:
        script: str = self.cleaned_data["script"]
        return script or usual_script(self.cleaned_data.get("text", ""))


class NameInline(CitedInline, admin.TabularInline):
    model = PersonName
    form = NameForm
    extra = 1
    fields = ("text", "kind", "script", "language", "level", "evidence")
    errors_at = NAME_ERRORS


class DetailForm(RecordForm):
    """A fact that may need more protection than the person. Where no level is chosen, its kind decides."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "level" in self.fields:
            level: Any = self.fields["level"]
            level.required, self.initial["level"] = False, ""
            level.choices = [("", "as usual: a birth as the record, all else the team"), *level.choices]

    def clean_level(self) -> str:
        usual = PersonDetail(kind=self.cleaned_data.get("kind", "")).usual_level()
        return self.cleaned_data["level"] or usual


class DetailInline(CitedInline, admin.TabularInline):
    model = PersonDetail
    form = DetailForm
    fields = ("kind", "value", "date", "level", "evidence")


class LegalStatusInline(CitedInline, admin.TabularInline):
    model = LegalStatus
    related = ("country", "kind")
    autocomplete_fields = ("country",)
    fields = ("country", "kind", "since", "until", "level", "evidence")
    errors_at = {"legalstatus_ends_not_before_it_starts": "until"}


class RelationInline(CitedInline, admin.TabularInline):
    model = Relationship
    fk_name = "person"
    related = ("relative",)
    autocomplete_fields = ("relative",)
    fields = ("relative", "kind", "since", "until", "level", "evidence")
    errors_at = RELATION_ERRORS
    verbose_name_plural = "relationships: the relative is this person's …"


class PersonForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("standing") == Standing.OTHER and cleaned.get("role") == "" and "role" not in self.errors:
            self.add_error("role", "Say what somebody of the standing “other” is.")
        return cleaned


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    form = PersonForm
    list_display = ("ref", "label", "kind", "standing", "role", "residence", "incidents", "notices", "level", "review")
    list_filter = (
        "level",
        "review",
        "standing",
        "role",
        "kind",
        ("residence", admin.RelatedOnlyFieldListFilter),
        ("categories", admin.RelatedOnlyFieldListFilter),
    )
    related = ("residence",)
    autocomplete_fields = ("residence",)
    inlines = (NameInline, DetailInline, LegalStatusInline, RelationInline, citations_of(Person))
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {
        "kind": PersonKind,
        "standing": Standing,
        "role": OtherRole,
    }
    errors_at = {
        "person_role_only_for_standing_other": "role",
        "person_headcount_only_for_groups": "headcount_min",
        "person_headcount_in_order": "headcount_max",
    }
    fieldsets = (
        (None, {"fields": ("label", "standing", "role", "kind", ("headcount_min", "headcount_max"))}),
        ("About", {"fields": (("sex", "ethnicity"), ("occupation", "residence"), "categories")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )

    def listed(self, rows: Any, user: Any) -> Any:
        return rows.annotate(
            incident_count=count_of(Involvement.objects.visible_to(user), "person"),
            notice_count=count_of(Notice.objects.visible_to(user), "person"),
        )

    @admin.display(ordering="incident_count")
    def incidents(self, person: Any) -> int:
        return person.incident_count

    @admin.display(ordering="notice_count")
    def notices(self, person: Any) -> int:
        return person.notice_count

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text, user)

    def similar(self, request: Any, form: Any, formsets: Any) -> list[SimilarRecord]:
        names = [form.instance.label] if "label" in form.changed_data else []
        for formset in formsets:
            if formset.model is PersonName:
                changed = (row for row, columns in formset.changed_objects if "text" in columns)
                names += [row.text for row in (*formset.new_objects, *changed)]
        return similar_people(form.instance, names, request.user)

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        return [self._incidents(record, user), self._notices(record, user), self._relations_in(record, user)]

    def _incidents(self, person: Person, user: Any) -> ListTable:
        parts = Involvement.objects.visible_to(user).filter(person=person).select_related("incident", "outcome")
        address = self.admin_site.get_model_admin(Involvement).address  # type: ignore[attr-defined]
        rows = [
            [
                Link(str(part.incident), self.address(part.incident)),
                Link(part.get_role_display(), address(part)),
                part.incident.start.label if part.incident.start else "",
                part.get_status_display(),
                str(part.outcome or ""),
            ]
            for part in parts
        ]
        return ListTable("Incidents", ["Incident", "Role", "Start", "Status", "Outcome"], rows)

    def _notices(self, person: Person, user: Any) -> ListTable:
        notices = Notice.objects.visible_to(user).filter(person=person).select_related("requested_by")
        rows = [
            [Link(notice.ref, self.address(notice)), notice.get_instrument_display(), str(notice.requested_by or "")]
            for notice in notices
        ]
        return ListTable("Notices", ["Notice", "Instrument", "Requested by"], rows)

    def _relations_in(self, person: Person, user: Any) -> ListTable:
        """Relationships that are recorded on the other person's page, read from this end."""
        found = Relationship.objects.visible_to(user).filter(relative=person).select_related("person")
        rows = [
            [
                Link(str(each.person), self.address(each.person)),
                f"is this person's {each.inverse.replace('_', ' ')}",
                Link(each.ref, self.address(each)),
            ]
            for each in found
        ]
        return ListTable("Relationships recorded with the other person", ["Person", "Reads", "Record"], rows)


@admin.register(PersonName)
class PersonNameAdmin(PartAdmin):
    form = NameForm
    list_display = ("ref", "text", "kind", "script", "language", "person", "level")
    list_filter = ("level", "kind", "script")
    related = ("person",)
    autocomplete_fields = ("person",)
    fields = ("person", "text", "kind", ("script", "language"), "level")
    inlines = (citations_of(PersonName),)
    errors_at = NAME_ERRORS

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text)

    def similar(self, request: Any, form: Any, formsets: Any) -> list[SimilarRecord]:
        if not {"text", "person"} & set(form.changed_data):
            return []
        return similar_people(form.instance.person, [form.instance.text], request.user)

    def describe(self, record: PersonName) -> str:
        return f"“{record.text}”, a name of {record.person.label} · {record.ref}"


class OfPersonAdmin(PartAdmin):
    """A part of a person, found by the person's names. `brief` names it in a few words."""

    brief: Any

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("person", text, user))

    def describe(self, record: Any) -> str:
        return f"{self.brief(record)} · {record.ref}"


@admin.register(PersonDetail)
class PersonDetailAdmin(OfPersonAdmin):
    list_display = ("ref", "person", "kind", "value", date_column("date"), "level")
    list_filter = ("level", "kind", by_date("date"))
    related = ("person",)
    autocomplete_fields = ("person",)
    fields = ("person", "kind", "value", "date", "level")
    inlines = (citations_of(PersonDetail),)

    def brief(self, record: PersonDetail) -> str:
        return f"“{record.get_kind_display()}” of {record.person.label}"


@admin.register(LegalStatus)
class LegalStatusAdmin(OfPersonAdmin):
    list_display = ("ref", "person", "kind", "country", date_column("since"), date_column("until"), "level")
    list_filter = ("level", "kind", ("country", admin.RelatedOnlyFieldListFilter), by_date("since"))
    related = ("person", "kind", "country")
    autocomplete_fields = ("person", "country")
    fields = ("person", "kind", "country", ("since", "until"), "level")
    inlines = (citations_of(LegalStatus),)
    errors_at = {"legalstatus_ends_not_before_it_starts": "until"}

    def brief(self, record: LegalStatus) -> str:
        return f"“{record.kind}, {record.country}” of {record.person.label}"


@admin.register(Relationship)
class RelationshipAdmin(OfPersonAdmin):
    list_display = ("ref", "relative", "reads", "person", date_column("since"), date_column("until"), "level")
    list_filter = ("level", "kind")
    related = ("person", "relative")
    autocomplete_fields = ("person", "relative")
    fields = ("person", "relative", "kind", ("since", "until"), "level")
    inlines = (citations_of(Relationship),)
    errors_at = RELATION_ERRORS
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"kind": RelationshipKind}

    @admin.display(description="is the", ordering="kind")
    def reads(self, relation: Relationship) -> str:
        return relation.reads

    def brief(self, record: Relationship) -> str:
        return f"“{record.relative.label}, {record.reads} {record.person.label}”"
