"""What every page may show beside its own: that the glass is broken. Looked up only where a template asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sources.glass import broken_by, broken_now


def glass(request: HttpRequest) -> dict[str, Any]:
    """`own_glass` is what the reader has broken, `broken_glass` a list of everybody's, for the team."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "own_glass": SimpleLazyObject(lambda: broken_by(user)),
        "broken_glass": SimpleLazyObject(lambda: broken_now(user)),
    }
