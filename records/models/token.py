"""API tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager

LONGEST = timedelta(days=365)
#: Whoever may change accounts may see which tokens there are; the tokens themselves nobody sees again.
OVERSEES = "auth.change_user"


class TokenScope(models.TextChoices):
    """What a token may be used for."""

    READ = "read", "read"
    EXPORT = "export", "export"
    SUBMIT = "submit", "submit"


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody knows their own tokens; administrators know of all of them."""
        return self if user.has_perm(OVERSEES) else self.filter(user=user.pk or 0)

    def valid_now(self) -> Self:
        return self.filter(expiry__gt=timezone.now(), user__is_active=True)


def check_scopes(scopes: Any) -> None:
    """Refuse an empty list of scopes, and unknown ones."""
    if not isinstance(scopes, list) or not scopes or not set(scopes) <= set(TokenScope.values):
        raise ValidationError(f"Choose at least one of: {', '.join(TokenScope.values)}.")


class ApiToken(AbstractAuthToken):
    """A key with which a program asks in its user's name: kept as a hash, limited to scopes and to a time, shown once.

    It never allows more than its user is allowed. Deleting the row revokes it.
    """

    name = models.CharField(max_length=80, help_text="What will use it: “nightly import”, for example.")
    scopes = models.JSONField(validators=[check_scopes])
    expiry = models.DateTimeField()

    objects: ClassVar = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        verbose_name = "API token"
        ordering = ["created"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="apitoken_name_once_per_user",
                violation_error_message="You have a token of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, scope: TokenScope) -> bool:
        return scope in self.scopes
