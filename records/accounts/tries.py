"""Counting wrong tries: by address and account together, so that nobody is refused for what others tried.

How many are allowed stands in ACCOUNT_RATE_LIMITS (config/settings.py), and why in docs/security.md.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.http import HttpRequest


def count(request: HttpRequest, action: str, about: str) -> RateLimitUsage | None:
    """Count one try at `about` from the address of a request. Returns what takes it back, or None if none is left."""
    return counted(request, action, f"{get_ip(request)}:{about}")


def count_password(request: HttpRequest, name: str) -> RateLimitUsage | None:
    """Count one password. Who is signed in and proves it again is counted apart: no stranger uses that up."""
    return count(request, "password_again" if request.user.is_authenticated else "password", name.lower())


def count_code(request: HttpRequest, user: Any) -> RateLimitUsage | None:
    """Count one code of a second factor, here and over all addresses. A new password begins anew."""
    holder = f"{user.pk}:{user.get_session_auth_hash()}"
    here = count(request, "code", holder)
    everywhere = counted(request, "code_anywhere", holder) if here else None
    return RateLimitUsage([*here.usage, *everywhere.usage]) if here and everywhere else None


def counted(request: HttpRequest, action: str, key: str) -> RateLimitUsage | None:
    return consume(request, app="allauth.account", action=action, key=key, limit_get=True)
