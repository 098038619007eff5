"""Requests to the Commission for the Control of Interpol's Files (CCF), their events, and the rules of its clocks."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases.models.dated_steps import DatedStepQuerySet, WithEventsQuerySet, WithLife
from cases.models.notice import Notice
from cases.vocabulary import CcfKind, CcfOutcome, CcfState, ClockStart, ClockUnit
from records.fields.uncertain_date import UncertainDateField
from records.models import Record, ReferenceField, ReviewedRecord, code_is_known


class CcfRequest(WithLife, ReviewedRecord):
    """A request to the commission about a notice: access, correction, deletion, revision..."""

    parents: ClassVar = ("notice",)
    label_fields: ClassVar = ("kind", "notice")
    page: ClassVar = "ccf-request"

    ref = ReferenceField("CCF")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="ccf_requests")
    kind = models.CharField(max_length=20, choices=CcfKind)
    number = models.CharField(max_length=60, blank=True, help_text="The commission's number of the file.")
    new_fact = UncertainDateField(help_text="Of a revision: when the new fact was discovered.")
    outcome = models.CharField(max_length=25, choices=CcfOutcome, blank=True)
    note = models.TextField(blank=True)

    objects: ClassVar = WithEventsQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        verbose_name = "CCF request"
        ordering = ["ref"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            code_is_known("kind", CcfKind),
            code_is_known("outcome", CcfOutcome),
        ]


class CcfEvent(Record):
    """One step in the life of a request, and who says so."""

    parents: ClassVar = ("request",)
    owner: ClassVar = "request"
    label_fields: ClassVar = ("state",)

    ref = ReferenceField("CEV")
    request = models.ForeignKey(CcfRequest, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=25, choices=CcfState)
    occurred = UncertainDateField()
    until = UncertainDateField(happened=False, help_text="Of an extension: the day until which the time was extended.")
    asserted_by = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the telling, from 1; 0 is none.")

    objects: ClassVar = DatedStepQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "CCF event"
        ordering = ["request", "position", "id"]
        constraints = [*Record.Meta.constraints, code_is_known("state", CcfState)]


class ClockRuleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Rules are no secret."""
        return self


class ClockRule(models.Model):
    """How much time the commission has, or leaves, for a kind of request that starts while the rule is in force."""

    code = models.SlugField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=20, choices=CcfKind)
    runs_from = models.CharField(max_length=12, choices=ClockStart)
    length = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(1000)], help_text="How many of the unit: 9 months, 45 days."
    )
    unit = models.CharField(max_length=6, choices=ClockUnit, default=ClockUnit.MONTHS)
    valid_from = models.DateField(help_text="The first day on which a clock can start under this rule.")
    valid_to = models.DateField(null=True, blank=True, help_text="The last such day; empty while it is in force.")
    basis = models.CharField(max_length=200, help_text="The provision that says so: “CCF Statute, Art. 40”.")

    objects: ClassVar = ClockRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "valid_from"]
        constraints = [
            code_is_known("kind", CcfKind),
            code_is_known("runs_from", ClockStart),
            code_is_known("unit", ClockUnit),
            models.CheckConstraint(condition=Q(length__gte=1), name="clockrule_has_a_length"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="clockrule_ends_not_before_it_starts",
                violation_error_message="“Valid to” cannot be before “valid from”.",
            ),
        ]

    def __str__(self) -> str:
        return self.code
