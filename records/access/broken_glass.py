"""Broken glass: fifteen minutes in which one person reads everything, for a reason that stays on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone

#: How long broken glass stays open, and how much of a reason it takes.
OPEN_FOR = timedelta(minutes=15)
SHORTEST_REASON = 20


class BreakGlassQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Broken glass is loud: the whole team hears of it, whoever broke it."""
        return self if user.has_perm("records.read_team") or user.has_perm("records.break_glass") else self.none()

    def open_now(self) -> Self:
        """Return what is open at this moment: it closes by itself."""
        now = timezone.now()
        return self.filter(opened_at__lte=now, opened_at__gt=now - OPEN_FOR, closed_at__isnull=True)


class BreakGlass(models.Model):
    """Fifteen minutes in which somebody reads everything, for a reason that stays on record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, validators=[MinLengthValidator(SHORTEST_REASON)])
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name_plural = "broken glass"

    def __str__(self) -> str:
        return f"{self.user} until {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def until(self) -> datetime:
        """When it closes by itself."""
        return self.opened_at + OPEN_FOR

    @property
    def ended_at(self) -> datetime:
        """When it was closed, by hand or by itself."""
        return self.closed_at or self.until

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.until > timezone.now()
