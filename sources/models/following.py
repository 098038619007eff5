"""What one reader follows, the private addresses of their feeds, and when they last looked."""

from __future__ import annotations

import hashlib
import secrets
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


class FeedQuerySet(OwnQuerySet):
    def of_address(self, secret: str) -> Self:
        """Return the feed that a private address leads to, while its reader has an account."""
        return self.filter(digest=digest_of(secret), user__is_active=True)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class FeedKind(models.TextChoices):
    """What a private address gives."""

    DEADLINES = "deadlines", "deadlines (iCalendar)"
    CHANGES = "changes", "changes in what is followed (Atom)"


class Feed(models.Model):
    """A private address at which a program reads for a reader. Only its digest is kept; deleting the row revokes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    kind = models.CharField(max_length=12, choices=FeedKind)
    name = models.CharField(max_length=80, help_text="Which program will read it.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, user: Any, kind: FeedKind, name: str) -> tuple[Feed, str]:
        """Make a feed. Returns it with the secret part of its address (43 characters), which is shown once."""
        secret = secrets.token_urlsafe(32)
        return cls.objects.create(user=user, kind=kind, name=name, digest=digest_of(secret)), secret


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
