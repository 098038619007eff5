"""Whether an account has a second factor, which reading what is the team's takes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factors(key: int) -> QuerySet[Authenticator]:
    """Return what is set up beside the password of an account, by its key. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=key, type__in=KINDS)


def has_second_factor(user: Any) -> bool:
    return second_factors(user.pk).exists()
