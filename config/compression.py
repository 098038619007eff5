"""The middleware that compresses answers, but never a secret beside words that somebody else chose.

Encryption hides what an answer says and not how long it is, and what stands in it twice compresses better. Whoever sees
the lengths, and lets a browser that is signed in ask with one guess after another, reads a secret out letter by letter
if the guess is repeated on the page (BREACH, 2013).
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from config.headers import is_private

#: Text by another name than text/…; pictures and documents are compressed already.
TEXT = ("application/json", "application/atom+xml")


class CompressionMiddleware(GZipMiddleware):
    """Compress text for whoever takes gzip, streams as they stream; Django adds up to 100 random bytes to each answer.

    Captured files are evidence, and are sent byte by byte as they are.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        is_text = media_type.startswith("text/") or media_type in TEXT
        if not is_text or isinstance(response, FileResponse) or may_repeat_a_guess(request, response):
            return response
        return super().process_response(request, response)


def may_repeat_a_guess(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a secret of the reader may stand beside words that somebody else made the reader's browser send.

    What strangers get holds no secret. No other site can make a browser send a token. A question comes back on the
    page, in its filters and links, and is safe only where the browser says that a page of this site asked it
    (Sec-Fetch-Site, W3C Fetch Metadata). Below /account/ stand secrets that are shown once, and pages are small.
    """
    if not is_private(request, response) or "Authorization" in request.headers:
        return False
    is_asked_here = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return (
        request.method not in ("GET", "HEAD")
        or request.path.startswith("/account/")
        or (bool(request.META.get("QUERY_STRING")) and not is_asked_here)
    )
