"""Stages: the dated steps of an involvement, and the SQL of where a case stands by them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models.country import Country
from cases.models.dated_steps import DatedStepQuerySet
from cases.models.incident import Incident, Involvement, over_by
from cases.models.terms import DetentionKind
from cases.vocabulary import IncidentStatus, Phase, StageKind
from records.fields.uncertain_date import Certainty, UncertainDateField
from records.models import Record, ReferenceField, code_is_known

#: When a stage came, for putting stages in order: its first possible day, or its last one where the start is open.
CAME = Coalesce("occurred_earliest", "occurred_latest")


class Stage(Record):
    """One dated step of one involvement: detained, heard, released, returned..."""

    parents: ClassVar = ("involvement",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("kind", "involvement")

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

    objects: ClassVar = DatedStepQuerySet.as_manager()

    class Meta:
        ordering = ["involvement", "position", "id"]
        constraints = [*Record.Meta.constraints, code_is_known("kind", StageKind)]
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


def with_situation(involvements: QuerySet, user: Any, day: date | None = None) -> QuerySet:
    """Add where each involvement stands, by the stages that `user` may see and that had certainly come by `day`.

    current_id   the last stage that changed the person's situation, or the next best (see cases/situation/engine.py)
    pending_id   the last step of a review beside it that came no earlier; null once the case is closed
    is_open      whether no terminal stage (conditional release is not one) was certainly reached, nor the incident over

    This is `cases.situation.engine.Situation` in the database's words, for filters and orders; a test holds the two
    together.
    """
    stages = Stage.objects.visible_to(user).filter(involvement=OuterRef("pk"))
    if day is not None:
        stages = stages.filter(occurred_latest__lte=day)
    review, incidental = Q(kind__in=Phase.REVIEW.kinds), Q(kind__in=StageKind.incidental())
    situation = stages.exclude(review | incidental).latest_first()
    within = stages.filter(incidental).latest_first()
    now = Coalesce(Subquery(situation.values("pk")[:1]), Subquery(within.values("pk")[:1]))
    came = Coalesce(Subquery(situation.values(came=CAME)[:1]), Subquery(within.values(came=CAME)[:1]))
    step = stages.filter(review).annotate(came=CAME).latest_first()
    began = Coalesce(OuterRef("current_came"), Value(date.min, output_field=models.DateField()))
    step = step.filter(Q(came__gte=began) | Q(came__isnull=True))
    return (
        with_openness(involvements, user, day)
        .annotate(situation_id=now, current_came=came)
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


def with_openness(involvements: QuerySet, user: Any, day: date | None = None) -> QuerySet:
    """Add `is_open` alone: whether a case had not certainly ended by a day, or at all."""
    terminal = Stage.objects.visible_to(user).filter(involvement=OuterRef("pk"), kind__in=StageKind.terminal())
    if day is None:
        return involvements.annotate(
            is_open=Q(~Exists(terminal), ~Q(incident__status=IncidentStatus.ENDED), incident__end="")
        )
    ended = terminal.filter(occurred_latest__lte=day)
    return involvements.annotate(is_open=Q(~Exists(ended), ~over_by(day, Certainty.CERTAIN, "incident__")))
