"""Teams: people who work on the same records, and the permissions that no single model owns."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Members know their team; whoever may change teams knows them all."""
        return self if user.has_perm("records.change_team") else self.filter(members=user.pk or 0)


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
