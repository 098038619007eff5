"""Watches: what one reader watches, and when they last visited a page."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """What somebody follows is their own business, and nobody else's."""
        return self.filter(user=user.pk or 0)


class Watch(models.Model):
    """A record that a reader follows (`ref`), or a filtered list (`query`, as it stands after the question mark)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    resource = models.CharField(max_length=20, help_text="The kind of record: people, incidents, notices...")
    ref = models.CharField(max_length=12, blank=True)
    query = models.TextField(blank=True, validators=[MaxLengthValidator(2000)])
    name = models.CharField(max_length=120, blank=True, help_text="What the reader calls it.")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When the reader last said that they had read it.")

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "resource", "ref", "query"], name="watch_stands_once_per_user"),
        ]

    def __str__(self) -> str:
        return self.ref or f"{self.resource}?{self.query}"


class Visit(models.Model):
    """When a reader last looked at a page: `at` now, `before` the time before that."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visits")
    page = models.CharField(max_length=20)
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["user", "page"]
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="visit_stands_once_per_page")]

    def __str__(self) -> str:
        return f"{self.user}: {self.page}"
