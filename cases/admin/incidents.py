"""The admin of incidents, involvements and stages, all entered on one page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Max

from cases.admin.evidence import CitedInline, EvidenceForm, EvidenceFormSet, EvidenceInline, citations_of
from cases.admin.people import named
from cases.models import (
    Citation,
    Duty,
    Incident,
    Involvement,
    Person,
    Stage,
)
from cases.situation.odd_order import odd_steps, step_words
from cases.vocabulary import (
    Accusation,
    ActorConfidence,
    Attribution,
    CaseStatus,
    DeathCause,
    HostPart,
    InvolvementRole,
    Lawfulness,
    Scope,
    StageKind,
)
from records.admin import (
    KnownSelect,
    PartAdmin,
    RecordAdmin,
    by_date,
    count_of,
    date_column,
    newest_first,
)
from records.fields.names import search
from records.vocabulary import Review, Vocabulary


def stages_of(user: Any, **among: Any) -> Any:
    """Return the stages that `user` may see, with how many citations each has."""
    cited = count_of(Citation.objects.visible_to(user), "stage")
    stages = Stage.objects.visible_to(user).filter(**among).select_related("involvement__person")
    return stages.in_order().annotate(cited=cited)


def is_apart(stage: Stage) -> bool:
    """Whether a step hangs on a part in the incident that is no case of the person's."""
    return stage.involvement.role != InvolvementRole.SUBJECT


def warn(request: Any, incident: Incident) -> None:
    """Tell what is odd about an incident that was saved all the same."""
    stages = list(stages_of(request.user, incident=incident))
    for oddity in odd_steps(stages):
        messages.warning(request, f"Please check: {oddity}.")
    apart = {stage.involvement for stage in stages if is_apart(stage)}
    for label, role in sorted((each.person.label, each.get_role_display()) for each in apart):
        messages.warning(
            request,
            f"{label} has steps as {role}: no filter and no count takes them for a case of theirs. "
            "Where it happened to them, enter them as a subject too, with these steps.",
        )
    bare = [f"{step_words(stage)} of {stage.involvement.person.label}" for stage in stages if not stage.cited]
    if bare and incident.review == Review.PUBLISHED:
        messages.warning(request, f"This incident is published, and has stages without evidence: {'; '.join(bare)}.")


class InvolvementInline(CitedInline, admin.TabularInline):
    model = Involvement
    related = ("person", "outcome")
    autocomplete_fields = ("person",)
    fields = ("person", "role", "status", "status_as_of", "outcome", "accusation", "status_reason", "level", "evidence")
    errors_at = {"involvement_lists_a_person_once_per_role": "person"}
    verbose_name_plural = "people involved"


class CaseForm(EvidenceForm):
    """A stage or a duty of a person; the involvement that it hangs on is found, or made, when the incident is saved."""

    person = forms.ModelChoiceField(Person.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "person" in self.fields:
            person = self.instance.involvement.person
            self.initial["person"] = person.pk
            self.fields["person"].widget.widget.known = {str(person.pk): str(person)}


class CaseFormSet(EvidenceFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.involvement = self._involvement(form)
        return super().save_new(form, commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        form.instance.involvement = self._involvement(form)
        return super().save_existing(form, obj, commit)

    def _involvement(self, form: Any) -> Involvement:
        """Return the part that the chosen person has in the incident; a new one is that of its subject."""
        row, person = form.instance, form.cleaned_data["person"]
        if row.involvement_id and row.involvement.person_id == person.pk:
            return row.involvement
        # A part that the editor may not see stays out of it: that it is there must not show.
        seen = Involvement.objects.visible_to(self.viewer).filter(incident=self.instance, person=person)
        if (known := seen.filter(role=InvolvementRole.SUBJECT).order_by("pk").first()) is not None:
            return known
        return Involvement.objects.create(
            incident=self.instance, person=person, role=InvolvementRole.SUBJECT, level=row.level
        )


#: At which box a refusal of the database is shown.
STAGE_ERRORS: dict[str, str | tuple[str, str]] = {
    "stage_cause_only_of_a_death": "cause",
    "stage_in_absentia_only_of_a_sentence": "in_absentia",
    "stage_destination_only_where_it_leads_away": "destination",
}


class StageFormSet(CaseFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        stage = form.instance
        stage.involvement = self._involvement(form)
        if not stage.position:  # told after the stages that are there
            earlier = Stage.objects.visible_to(self.viewer).filter(involvement=stage.involvement)
            last = earlier.aggregate(last=Max("position"))["last"]
            stage.position = (last or 0) + 1
        return super().save_new(form, commit)


class CaseInline(EvidenceInline, admin.StackedInline):
    """Rows that hang on a person's part in the incident, entered by choosing the person."""

    fk_name = "incident"
    form = CaseForm
    formset = CaseFormSet
    extra = 1

    def _boxes(self, request: Any) -> dict[str, forms.Field]:
        link = Involvement._meta.get_field("person")
        may_add = self.admin_site.get_model_admin(Person).has_add_permission(request)
        chooser = RelatedFieldWidgetWrapper(
            KnownSelect(link, self.admin_site), link.remote_field, self.admin_site, can_add_related=may_add
        )
        people = Person.objects.visible_to(request.user)
        person = forms.ModelChoiceField(people, widget=chooser)
        return {"person": person, **super()._boxes(request)}


class StageInline(CaseInline):
    model = Stage
    formset = StageFormSet
    related = ("involvement__person", "country", "destination", "detention_kind")
    autocomplete_fields = ("country", "destination")
    evidence_of = "occurred"
    errors_at = STAGE_ERRORS
    verbose_name_plural = "stages: what happened to whom, step by step"
    fieldsets = (
        (
            None,
            {"fields": (("person", "kind", "occurred"), ("country", "destination", "place"), ("actor", "headcount"))},
        ),
        EvidenceInline.evidence_boxes,
        (
            "More",
            {
                "classes": ("collapse",),
                "fields": (
                    ("detention_kind", "cause", "in_absentia"),
                    ("lawfulness", "host_part"),
                    ("position", "level"),
                    "note",
                ),
            },
        ),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).in_order()


class DutyInline(CaseInline):
    model = Duty
    related = ("involvement__person",)
    evidence_of = "due"
    errors_at = {
        "duty_with_a_rhythm_has_a_first_day": "due",
        "duty_with_a_rhythm_ends_not_before_it_starts": "ended",
    }
    verbose_name_plural = "duties: what each case waits for, once or again and again"
    fieldsets = (
        (None, {"fields": (("person", "kind", "due"), ("rhythm", "ended", "authority"))}),
        EvidenceInline.evidence_boxes,
        ("More", {"classes": ("collapse",), "fields": (("level",), "note")}),
    )


@admin.register(Incident)
class IncidentAdmin(RecordAdmin):
    list_display = (
        "ref",
        "title",
        date_column("start"),
        "scope",
        "origin",
        "host",
        "people",
        "level",
        "review",
    )
    list_filter = (
        "level",
        "review",
        "scope",
        by_date("start"),
        ("origin", admin.RelatedOnlyFieldListFilter),
        ("host", admin.RelatedOnlyFieldListFilter),
        "attribution",
        ("tactics", admin.RelatedOnlyFieldListFilter),
    )
    ordering = (*newest_first("start"), "-pk")
    related = ("origin", "host", "location", "actor_kind")
    autocomplete_fields = ("origin", "location")
    inlines = (InvolvementInline, StageInline, DutyInline, citations_of(Incident))
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {
        "scope": Scope,
        "attribution": Attribution,
        "actor_confidence": ActorConfidence,
    }
    errors_at = {"incident_ends_not_before_it_starts": "end"}
    fieldsets = (
        (None, {"fields": ("title", "scope", ("start", "end"), "summary")}),
        ("Where, and who is behind it", {"fields": (("origin", "location", "place"), "attribution")}),
        ("Carried out by, as alleged", {"fields": (("actor", "actor_kind"), "actor_confidence", "legal_basis")}),
        ("Tactics", {"fields": ("tactics",)}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
    )

    def get_queryset(self, request: Any) -> Any:
        people = count_of(Involvement.objects.visible_to(request.user), "incident")
        return super().get_queryset(request).annotate(people_count=people)

    @admin.display(ordering="people_count")
    def people(self, incident: Any) -> int:
        return incident.people_count

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text, user)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        warn(request, form.instance)


@admin.register(Involvement)
class InvolvementAdmin(PartAdmin):
    list_display = ("ref", "person", "role", "incident", "status", "outcome", "level")
    list_filter = ("level", "role", "status", "accusation", ("outcome", admin.RelatedOnlyFieldListFilter))
    related = ("person", "incident", "outcome")
    autocomplete_fields = ("person", "incident")
    fields = (
        "incident",
        "person",
        "role",
        ("status", "status_as_of"),
        "status_reason",
        "outcome",
        "accusation",
        "level",
    )
    inlines = (citations_of(Involvement),)
    errors_at = {"involvement_lists_a_person_once_per_role": "person"}
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {
        "role": InvolvementRole,
        "status": CaseStatus,
        "accusation": Accusation,
    }

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("person", text, user) | search("incident__folded", text))

    def describe(self, record: Involvement) -> str:
        return f"{self.brief(record)} in {record.incident.title} · {record.ref}"

    def brief(self, record: Involvement) -> str:
        return f"“{record.get_role_display()}”, {record.person.label}"


@admin.register(Stage)
class StageAdmin(PartAdmin):
    list_display = ("ref", "kind", date_column("occurred"), "person", "incident", "country", "citations", "level")
    list_filter = ("level", "kind", by_date("occurred"), ("country", admin.RelatedOnlyFieldListFilter))
    ordering = (*newest_first("occurred"), "-pk")
    related = ("involvement__person", "involvement__incident", "incident", "country", "destination", "detention_kind")
    autocomplete_fields = ("involvement", "country", "destination")
    inlines = (citations_of(Stage),)
    errors_at = STAGE_ERRORS
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {
        "kind": StageKind,
        "lawfulness": Lawfulness,
        "host_part": HostPart,
        "cause": DeathCause,
    }
    fieldsets = (
        (
            None,
            {"fields": ("involvement", "kind", "occurred", ("country", "destination", "place"), "headcount", "actor")},
        ),
        ("More", {"fields": ("detention_kind", "cause", "in_absentia", ("lawfulness", "host_part"), "note")}),
        ("Order and readers", {"fields": ("position", "level")}),
    )

    def get_queryset(self, request: Any) -> Any:
        citations = Citation.objects.visible_to(request.user)
        return super().get_queryset(request).annotate(cited=count_of(citations, "stage"))

    @admin.display(ordering="involvement__person__label")
    def person(self, stage: Stage) -> str:
        return str(stage.involvement.person)

    @admin.display(ordering="cited")
    def citations(self, stage: Any) -> int:
        return stage.cited

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(named("involvement__person", text, user) | search("incident__folded", text))

    def describe(self, record: Stage) -> str:
        return f"{step_words(record)} of {record.involvement.person.label} · {record.ref}"

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        warn(request, form.instance.incident)
