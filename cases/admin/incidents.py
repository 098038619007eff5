"""The admin of incidents, involvements and stages, all entered on one page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Max, Prefetch
from django.urls import reverse

from cases.admin.evidence import CitedInline, EvidenceInline, citations_of
from cases.admin.incident_parts import ActorInline, DemandInline, IncidentCountryInline, TacticUsedInline
from cases.admin.people import named
from cases.admin.persons_part import PersonsPartFormSet, PersonsPartInline
from cases.models import (
    Citation,
    Duty,
    Incident,
    IncidentCountry,
    Involvement,
    Stage,
)
from cases.situation.odd_order import odd_steps, step_words
from cases.vocabulary import (
    Accusation,
    CaseStatus,
    CountryPart,
    DeathCause,
    HostPart,
    InvolvementRole,
    Lawfulness,
    Scope,
    StageKind,
)
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


#: Of how many stages the form of an incident holds the boxes: two hundred would be a page of 1.5 MB.
MOST_STAGES = 60
#: At which box a refusal of the database is shown.
STAGE_ERRORS: dict[str, str | tuple[str, str]] = {
    "stage_cause_only_of_a_death": "cause",
    "stage_in_absentia_only_of_a_sentence": "in_absentia",
    "stage_destination_only_where_it_leads_away": "destination",
}


class StageFormSet(PersonsPartFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        stage = form.instance
        stage.involvement = self._involvement(form)
        if not stage.position:  # told after the stages that are there
            earlier = Stage.objects.visible_to(self.viewer).filter(involvement=stage.involvement)
            last = earlier.aggregate(last=Max("position"))["last"]
            stage.position = (last or 0) + 1
        return super().save_new(form, commit)


class StageInline(PersonsPartInline):
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


def stand_apart(stages: Any) -> bool:
    """Whether the stages of an incident are so many that each is changed on its own page."""
    return stages.order_by()[MOST_STAGES : MOST_STAGES + 1].exists()


class DutyInline(PersonsPartInline):
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
        "states_behind",
        "people",
        "level",
        "review",
    )
    list_filter = (
        "level",
        "review",
        "scope",
        by_date("start"),
    )
    ordering = (*newest_first("start"), "-pk")
    related = ("agreement",)
    autocomplete_fields = ("agreement",)
    inlines = (
        *(IncidentCountryInline, TacticUsedInline, ActorInline, InvolvementInline),
        *(StageInline, DemandInline, DutyInline, citations_of(Incident)),
    )
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {
        "scope": Scope,
    }
    errors_at = {"incident_ends_not_before_it_starts": "end"}
    fieldsets = (
        (None, {"fields": ("title", "scope", ("start", "end"), "summary")}),
        ("Where, and on which ground", {"fields": ("place", ("legal_basis", "agreement"))}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers", "without_evidence")}),
    )

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Leave out what is for the team of an incident, where its editor is of another."""
        kept = obj.kept_from(request.user) if obj else ()
        boxes = super().get_fieldsets(request, obj)
        return [(name, box | {"fields": [each for each in box["fields"] if each not in kept]}) for name, box in boxes]

    def listed(self, rows: Any, user: Any) -> Any:
        people = count_of(Involvement.objects.visible_to(user), "incident")
        behind = IncidentCountry.objects.visible_to(user).of_part(CountryPart.ORIGIN).select_related("country")
        origins = Prefetch("country_parts", behind, to_attr="visible_origins")
        return rows.annotate(people_count=people).prefetch_related(origins)

    @admin.display(description="states behind it")
    def states_behind(self, incident: Any) -> str:
        return ", ".join(row.country.name for row in incident.visible_origins)

    @admin.display(ordering="people_count")
    def people(self, incident: Any) -> int:
        return incident.people_count

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text, user)

    def get_inline_instances(self, request: Any, obj: Any = None) -> Any:
        """Leave out the stages where they stand on pages of their own, but for those that were sent with the form."""
        found = super().get_inline_instances(request, obj)
        if obj is None or "stages-TOTAL_FORMS" in request.POST:
            return found
        obj.has_stages_apart = stand_apart(Stage.objects.visible_to(request.user).filter(incident=obj))
        return [inline for inline in found if not (obj.has_stages_apart and isinstance(inline, StageInline))]

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        return [self._stages(record, user)] if getattr(record, "has_stages_apart", False) else []

    def _stages(self, incident: Incident, user: Any) -> ListTable:
        """Return the stages that the form leaves out, each with its page, and where to enter another."""
        table = ListTable("Stages", ["Step", "Person", "Country", "Level"])
        stages = stages_of(user, incident=incident).select_related("country")
        page: Any = self.admin_site.get_model_admin(Stage)
        add = reverse("admin:cases_stage_add")
        parts = {}
        for stage in stages:
            parts[stage.involvement] = f"{add}?involvement={stage.involvement.ref}"
            step, person = Link(step_words(stage), page.address(stage)), str(stage.involvement.person)
            table.rows.append([step, person, str(stage.country or ""), stage.get_level_display()])
        table.links += [Link(f"Enter another stage of {part.person}", address) for part, address in parts.items()]
        return table

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

    def listed(self, rows: Any, user: Any) -> Any:
        return rows.annotate(cited=count_of(Citation.objects.visible_to(user), "stage"))

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
