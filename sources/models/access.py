"""Who may read what: teams, what a reader was granted, and breaking the glass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

#: How long broken glass stays open, and how much of a reason it takes.
OPEN_FOR = timedelta(minutes=15)
SHORTEST_REASON = 20


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Members know their team; whoever may change teams knows them all."""
        return self if user.has_perm("sources.change_team") else self.filter(members=user.pk or 0)


class Team(models.Model):
    """People who work on the same records. A record of no team is every team's."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")

    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [
            ("read_partner", "Can read records of level partner"),
            ("read_team", "Can read records of level team, and what is not published"),
            ("review_records", "Can approve what others entered"),
            ("submit_records", "Can submit records for review"),
            ("read_audit", "Can read the audit trail"),
            ("break_glass", "Can break the glass: read everything for 15 minutes, with a reason that everybody sees"),
        ]

    def __str__(self) -> str:
        return self.name


class BreakGlassQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Broken glass is loud: the whole team hears of it, whoever broke it."""
        return self if user.has_perm("sources.read_team") or user.has_perm("sources.break_glass") else self.none()

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


@dataclass(frozen=True)
class Clearance:
    """What a reader was granted. `teams` are the keys of their teams; `everything` is broken glass."""

    partner: bool = False
    team: bool = False
    teams: frozenset[int] = frozenset()
    everything: bool = False


def clearance(user: Any) -> Clearance:
    """Return what `user` may read, asked once per user object.

    Reading rights are granted, directly or through a group. Unlike in Django, being a superuser grants none: whoever
    keeps the machine running need not know whom it protects.
    """
    if not user.is_authenticated or not user.is_active:
        return Clearance()
    if not hasattr(user, "_clearance"):
        granted = Permission.objects.filter(
            Q(user=user.pk) | Q(group__user=user.pk),
            content_type__app_label="sources",
            codename__in=("read_partner", "read_team"),
        )
        codes = set(granted.values_list("codename", flat=True))
        user._clearance = Clearance(
            partner=bool(codes),
            team="read_team" in codes,
            teams=frozenset(Team.objects.filter(members=user.pk).values_list("pk", flat=True)),
            everything=BreakGlass.objects.open_now().filter(user=user.pk).exists(),
        )
    return user._clearance
