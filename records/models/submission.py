"""Submitted requests, remembered by their Idempotency-Key."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody knows their own."""
        return self.filter(user=user.pk or 0)


class Submission(models.Model):
    """What was answered to a request with an Idempotency-Key; kept for a day.

    `digest` is the SHA-256 of the request, so that the same key for something else is noticed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_key_is_used_once")]

    def __str__(self) -> str:
        return self.key
