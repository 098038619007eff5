"""Stages: the dated steps of a case, and where a case stands by them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models.country import Country
from cases.models.incident import Incident, Involvement
from cases.models.terms import DetentionKind
from cases.vocabulary import IncidentStatus, Phase, StageKind
from sources.dates import UncertainDateField, in_order
from sources.models import Record, RecordQuerySet, ReferenceField, known

#: When a stage came, for putting stages in order: its first possible day, or its last one where the start is open.
CAME = Coalesce("occurred_earliest", "occurred_latest")


class StageQuerySet(RecordQuerySet):
    def in_order(self) -> Self:
        """Sort by date, undated stages first; where dates are equal, in the order the sources tell."""
        return self.order_by(*in_order("occurred"), "position", "pk")

    def latest_first(self) -> Self:
        return self.in_order().reverse()


class Stage(Record):
    """One dated step of one involvement: detained, heard, released, returned..."""

    parents: ClassVar = ("involvement",)
    owner: ClassVar = "incident"
    told_by: ClassVar = ("kind", "involvement")

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
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="stages")
    place = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=200, blank=True, help_text="Who did it, as alleged.")
    detention_kind = models.ForeignKey(DetentionKind, null=True, blank=True, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of telling, where dates do not decide.")

    objects: ClassVar = StageQuerySet.as_manager()

    class Meta:
        ordering = ["involvement", "position", "id"]
        constraints = [*Record.Meta.constraints, known("kind", StageKind)]
        indexes = [models.Index(fields=["incident", "kind"], name="stage_of_incident_by_kind")]

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


def with_standing(involvements: QuerySet, user: Any) -> QuerySet:
    """Add where each involvement stands, by the stages that `user` may see.

    current_id   the last stage that changed the person's situation (the last of any kind where none did)
    pending_id   the last step of a review beside it that came no earlier; null once the case is closed
    is_open      whether no terminal stage was reached (conditional release is not one) and the incident is not over
    """
    stages = Stage.objects.visible_to(user).filter(involvement=OuterRef("pk"))
    terminal = stages.filter(kind__in=StageKind.terminal())
    review = Q(kind__in=Phase.REVIEW.kinds)
    situation = stages.exclude(review).latest_first()
    step = stages.filter(review).annotate(came=CAME).latest_first()
    step = step.filter(Q(came__gte=OuterRef("current_came")) | Q(came__isnull=True))
    return (
        involvements.annotate(
            is_open=Q(~Exists(terminal), ~Q(incident__status=IncidentStatus.ENDED), incident__end=""),
            situation_id=Subquery(situation.values("pk")[:1]),
            current_came=Subquery(situation.values(came=CAME)[:1]),
        )
        .annotate(
            current_id=Coalesce("situation_id", Subquery(stages.latest_first().values("pk")[:1])),
            step_id=Subquery(step.values("pk")[:1]),
        )
        .annotate(
            pending_id=models.Case(
                models.When(is_open=True, situation_id__isnull=False, then="step_id"),
                output_field=models.BigIntegerField(),
            )
        )
    )
