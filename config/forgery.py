"""What somebody is told whose form failed the check against forgery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.views.csrf import csrf_failure

from config.acts import channel
from records.typed import MEANWHILE, SIGNED_OUT, give_back


def form_refused(request: HttpRequest, reason: str = "") -> Any:
    """Give back what was typed, but for what may be a password; Django's own page says why in its words."""
    if request.method == "POST" and channel(request) in ("admin", "page"):
        return give_back(request, MEANWHILE if request.user.is_authenticated else SIGNED_OUT)
    return csrf_failure(request, reason)
