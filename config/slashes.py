"""The middleware that sends whoever leaves out the slash at the end of an address to the right one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.http import escape_leading_slashes

SAFE = ("GET", "HEAD")


class SlashMiddleware(CommonMiddleware):
    """Answer 301 to whoever only reads, and 308 to whoever sends something.

    After a 301 programs ask with GET and leave out what they sent (RFC 9110, section 15.4.2): they would be given a
    list, and take it for an answer to what they wrote. After a 308 they send it again, whole (section 15.4.9). Those
    that follow no redirect are told in words.
    """

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        is_read = request.method in SAFE
        if is_read or response.status_code != 404 or not self.should_redirect_with_slash(request):
            return super().process_response(request, response)
        address = escape_leading_slashes(request.get_full_path(force_append_slash=True))
        words = f"Nothing was stored. Send it to {address}, with the slash at the end.\n"
        return HttpResponsePermanentRedirect(
            address, content=words, content_type="text/plain; charset=utf-8", preserve_request=True
        )
