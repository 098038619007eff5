"""The context processor that tells every page of broken glass."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from records.accounts.broken_glass import glass_broken_by, glass_broken_now


def glass(request: HttpRequest) -> dict[str, Any]:
    """`own_glass` is what the reader has broken, `broken_glass` a list of everybody's, for the team."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "own_glass": SimpleLazyObject(lambda: glass_broken_by(user)),
        "broken_glass": SimpleLazyObject(lambda: glass_broken_now(user)),
    }
