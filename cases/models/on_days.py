"""Answers that are stored for the readers of each lane, and for the days of which they hold."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models

from records.current_day import current_day
from records.models import clearance, lanes_read_by


class Tense(models.TextChoices):
    """Whether an answer is about the day on which it is asked for, or about one before."""

    PRESENT = "present", "of the day itself"
    PAST = "past", "of a day before"


class OnDaysQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return what is said by the rows that `user` may see: one answer for each case, or notice, and day."""
        if clearance(user).everything:
            return self.filter(until_lane__isnull=True)
        lanes = lanes_read_by(user)
        return self.filter(lane__in=lanes).exclude(until_lane__isnull=False, until_lane__in=lanes)

    def on(self, day: date | None) -> Self:
        """Return what is said of a day before today, or of the present."""
        today = current_day()
        asked = today if day is None else day
        return self.filter(
            tense=Tense.PRESENT if asked == today else Tense.PAST,
            first_day__lte=asked,
            last_day__gte=asked,
            first_today__lte=today,
            last_today__gte=today,
        )


class OnDays(models.Model):
    """An answer for those who read `lane` and do not read `until_lane`, from which on more is seen.

    The days are those of `cases.situation.intervals`, the last ones counted in. Nothing is entered here: all of it
    follows from other rows.
    """

    #: It follows from rows that the audit trail follows.
    is_derived: ClassVar = True

    lane = models.PositiveIntegerField()
    until_lane = models.PositiveIntegerField(null=True)
    tense = models.CharField(max_length=7, choices=Tense)
    first_day = models.DateField()
    last_day = models.DateField()
    first_today = models.DateField()
    last_today = models.DateField()

    objects: ClassVar = OnDaysQuerySet.as_manager()

    class Meta:
        abstract = True
