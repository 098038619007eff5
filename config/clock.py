"""The middleware that refuses what depends on time while the server's clock is behind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from records.audit.clock import behind_by, in_words

log = logging.getLogger(__name__)
TEXT = (
    "The server's clock is behind. Signing in, tokens and private addresses depend on the time, and wait until it is "
    "right; what is public can be read. Whoever runs the server finds what to do in its log."
)
RETRY_SECONDS = 60


class ClockMiddleware:
    """Answer 503 to whoever comes with a sign-in, a token or a private address, or wants to write.

    Stands before sessions, which would be revived.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not depends_on_time(request) or not (behind := behind_by()):
            return self.get_response(request)
        log.error(in_words(behind))
        return refused(request)


def depends_on_time(request: HttpRequest) -> bool:
    return (
        request.method not in ("GET", "HEAD", "OPTIONS")
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "Authorization" in request.headers
        or request.path.startswith(("/feeds/", "/account/"))
    )


def refused(request: HttpRequest) -> HttpResponse:
    """Say why, in the form that the surface speaks."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": TEXT}, status=status)
    else:
        response = HttpResponse(render_to_string("500.html", {"text": TEXT}), status=status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
