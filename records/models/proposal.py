"""Proposals, which a second person approves, and comments on records."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from records.access.clearance import clearance
from records.models.record import ReferenceField, code_is_known
from records.vocabulary import ProposalKind, ProposalState


class AboutRecordsQuerySet(models.QuerySet):
    """Rows about records, which they name by reference."""

    def visible_to(self, user: Any) -> Self:
        """Return the rows, for the team alone; `records.review` leaves out those about records hidden from `user`."""
        cleared = clearance(user)
        return self.all() if cleared.team or cleared.everything else self.none()


class Proposal(models.Model):
    """Something that a second person has to approve: to publish a record, or to change what others can read.

    `about` is the record's reference. `row_changes` is a JSON list of row changes, each {"model", "ref", "operation",
    "before", "after"}, carried out as they stand when it is approved. Nobody approves their own.
    """

    ref = ReferenceField("PRO")
    kind = models.CharField(max_length=10, choices=ProposalKind)
    about = models.CharField(max_length=12, db_index=True)
    why = models.CharField(max_length=500, blank=True)
    row_changes = models.TextField(editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(max_length=500, blank=True)
    one_person = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whoever approved it was not independent of who proposed or wrote it.",
    )

    objects: ClassVar = AboutRecordsQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            code_is_known("kind", ProposalKind),
            code_is_known("state", ProposalState),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="proposal_is_approved_by_a_second_person",
                violation_error_message="Nobody approves their own proposal.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class Comment(models.Model):
    """What somebody of the team said about a record. It stays with the record."""

    about = models.CharField(max_length=12, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    objects: ClassVar = AboutRecordsQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by} on {self.about}"
