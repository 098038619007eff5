"""Stages: the dated steps of an involvement, from which `cases.situation` works out where a case stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from cases.models.country import Country
from cases.models.dated_steps import DatedStepQuerySet
from cases.models.incident import Incident, Involvement
from cases.models.papers import DatedByPapers
from cases.models.terms import DetentionKind
from cases.vocabulary import DeathCause, HostPart, Lawfulness, Phase, StageKind, Track
from records.fields.sort_keys import by_date, by_text, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField
from records.models import Record, ReferenceField, code_is_known


class Stage(DatedByPapers, Record):
    """One dated step of one involvement: detained, heard, released, returned..."""

    parents: ClassVar = ("involvement",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("kind", "involvement")
    papers_of: ClassVar = "country"

    ref = ReferenceField("STG")
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="stages")
    incident = models.ForeignKey(
        Incident,
        on_delete=models.CASCADE,
        editable=False,
        related_name="stages",
        help_text="The involvement's; derived.",
    )
    kind = models.CharField(max_length=25, choices=StageKind)
    occurred = UncertainDateField(help_text="When it took place, or began.")
    country = models.ForeignKey(
        Country,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stages",
        help_text="Where it happened; of a removal, a departure or a flight the country that was left.",
    )
    destination = models.ForeignKey(
        Country,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stages_leading_there",
        help_text="Of a removal, a departure or a flight: the country that it led to.",
    )
    place = models.CharField(max_length=200, blank=True)
    headcount = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of a group: to how many of them it happened; empty for all."
    )
    actor = models.CharField(max_length=200, blank=True, help_text="Who did it, as alleged.")
    detention_kind = models.ForeignKey(DetentionKind, null=True, blank=True, on_delete=models.PROTECT)
    lawfulness = models.CharField(
        max_length=10, choices=Lawfulness, blank=True, help_text="Of a removal: whether it kept to the law."
    )
    host_part = models.CharField(
        max_length=10, choices=HostPart, blank=True, help_text="The part of the state in which it happened."
    )
    in_absentia = models.BooleanField(
        null=True, blank=True, help_text="Of a sentence: whether it was passed in absence."
    )
    cause = models.CharField(max_length=10, choices=DeathCause, blank=True, help_text="Of a death: how.")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the telling, from 1; 0 is none.")

    objects: ClassVar = DatedStepQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["involvement", "position", "id"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("kind", StageKind),
            code_is_known("lawfulness", Lawfulness),
            code_is_known("host_part", HostPart),
            code_is_known("cause", DeathCause),
            models.CheckConstraint(
                condition=Q(cause="") | Q(kind=StageKind.DEATH),
                name="stage_cause_only_of_a_death",
                violation_error_message="Only a death has a cause.",
            ),
            models.CheckConstraint(
                condition=Q(in_absentia__isnull=True) | Q(kind=StageKind.SENTENCE),
                name="stage_in_absentia_only_of_a_sentence",
                violation_error_message="Only a sentence is passed in absence.",
            ),
            models.CheckConstraint(
                condition=Q(destination__isnull=True) | Q(kind__in=StageKind.leading()),
                name="stage_destination_only_where_it_leads_away",
                violation_error_message="Only a removal, a departure, a flight or an admission leads elsewhere.",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            sorted_in_lanes(by_date("occurred"), "stage_by_occurred"),
            sorted_in_lanes(by_text("kind"), "stage_by_kind"),
            models.Index(fields=["incident", "kind"], name="stage_of_incident_by_kind"),
        ]

    def save(self, **options: Any) -> None:
        """Keep `incident` true: a stage belongs to the incident of its involvement."""
        self.incident_id = self.involvement.incident_id
        super().save(**options)

    @property
    def in_words(self) -> str:
        """The step with its date: "interrogation on 5 March 2019"."""
        label = StageKind(self.kind).label
        return f"{label} {self.occurred.phrase}" if self.occurred else label

    @property
    def phase(self) -> Phase:
        return StageKind(self.kind).phase

    @property
    def track(self) -> Track:
        return StageKind(self.kind).track
