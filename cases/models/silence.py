"""How long a case may go without news, by phase."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models

from cases.vocabulary import Phase
from records.models import code_is_known


class SilenceThresholdQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """How long this organisation waits is no secret."""
        return self


class SilenceThreshold(models.Model):
    """After how many days without a sign a case of this phase is asked after, as the organisation has set it."""

    phase = models.CharField(max_length=15, choices=Phase, primary_key=True)
    days = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])

    objects: ClassVar = SilenceThresholdQuerySet.as_manager()

    class Meta:
        ordering = ["phase"]
        constraints = [
            code_is_known("phase", Phase),
            models.CheckConstraint(condition=models.Q(days__gte=1), name="silencethreshold_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.phase}: {self.days} days"
