"""Duties of a case: what has to be done, or is expected, by a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from cases.models.incident import Incident, Involvement
from cases.vocabulary import DutyKind, Rhythm
from records.fields.sort_keys import by_date, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField, ends_not_before_starts
from records.models import Record, ReferenceField, code_is_known


class Duty(Record):
    """One thing that a case waits for: a report each week, a permit that runs out, a hearing, a decision.

    A duty without a rhythm falls due once, at `due`. One with a rhythm comes round from `due` on, until it ends.
    """

    parents: ClassVar = ("involvement",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("kind", "involvement")

    ref = ReferenceField("DUT")
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="duties")
    incident = models.ForeignKey(
        Incident,
        on_delete=models.CASCADE,
        editable=False,
        related_name="duties",
        help_text="The involvement's; derived.",
    )
    kind = models.CharField(max_length=20, choices=DutyKind)
    due = UncertainDateField(
        happened=False, help_text="When it falls due, or comes round for the first time; empty where unknown."
    )
    rhythm = models.CharField(max_length=12, choices=Rhythm, blank=True, help_text="Empty where it comes once.")
    ended = UncertainDateField(happened=False, help_text="When it was met or fell away; empty while it stands.")
    authority = models.CharField(max_length=200, blank=True, help_text="To whom it is owed, or who decides.")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "duties"
        ordering = ["involvement", "due_earliest", "ref"]
        indexes = [
            *Record.Meta.indexes,
            sorted_in_lanes(by_date("due"), "duty_by_due"),
        ]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("kind", DutyKind),
            code_is_known("rhythm", Rhythm),
            models.CheckConstraint(
                condition=Q(rhythm="") | ~Q(due=""),
                name="duty_with_a_rhythm_has_a_first_day",
                violation_error_message="Say when it first came round.",
            ),
            ends_not_before_starts("due", "ended", "duty_with_a_rhythm_ends_not_before_it_starts"),
        ]

    def save(self, **options: Any) -> None:
        """Keep `incident` true: a duty belongs to the incident of its involvement."""
        self.incident_id = self.involvement.incident_id
        super().save(**options)
