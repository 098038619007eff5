"""The middleware that shows marks which turn text round, on every page, instead of letting a browser obey them.

One name with an override in it (U+202E) would turn the rest of a line round: a date in an admin list, the end of a
title, the choice below. Titles, choices and attributes can hold no element that would keep it apart, so the mark itself
is shown. What is stored, and what a form sends back, stays as it is.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from records.fields.direction import with_marks_shown

#: What forms send back: each box is a line of its own, in which nothing else can be turned.
SENT_BACK = re.compile(r'<textarea\b.*?</textarea>|\svalue="[^"]*"', re.DOTALL)
#: The marks in UTF-8, which most pages have none of.
IN_UTF8 = re.compile(b"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")


class DirectionMiddleware:
    """Write out the marks of a page, but for those in the boxes of its forms."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and IN_UTF8.search(response.content):
            response.content = page_with_marks_shown(response.content.decode())
        return response


def page_with_marks_shown(page: str) -> str:
    """Return a page with its marks written out, except where a form would send them back."""
    shown, at = [], 0
    for box in SENT_BACK.finditer(page):
        shown += [with_marks_shown(page[at : box.start()]), box.group()]
        at = box.end()
    return "".join([*shown, with_marks_shown(page[at:])])
