"""Feeds: private addresses at which a program reads in the name of a user."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from records.models.watch import OwnQuerySet


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
