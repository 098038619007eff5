"""What somebody typed into a form that could not be taken comes back, whole: a session ends while people write."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: A form that bears this is shown, filled in, and not saved.
AGAIN = "again"
#: What a form sends beside what was typed.
NOT_TYPED = {
    "csrfmiddlewaretoken",
    AGAIN,
    "_save",
    "_addanother",
    "_continue",
    "_saveasnew",
    "_case",
    "_submit",
    "_drafts",
    "_more",
}

SIGNED_OUT = "You are not signed in any more: a session ends after twelve hours, or when the browser is closed."
MEANWHILE = "You signed in, or out, in another tab while this form was open, so it could not be told that you sent it."


def give_back(request: HttpRequest, why: str, status: int = 403) -> HttpResponse:
    """Answer that nothing was written, and why, with all that was sent.

    What the form of a record sent comes back as a button that fills in the form again; it saves nothing by itself, so
    that another site which sent it in somebody's name gains nothing. Of other forms the texts come back, to be copied.
    Files do not: a browser takes them from nobody but its user; nor does anything of a form that asks for a password.
    """
    holds_secret = any("password" in name for name in request.POST)
    typed = [(name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values]
    context = {
        "why": why,
        "typed": typed if is_of_record(request) else [],
        "texts": [] if is_of_record(request) or holds_secret else [value for _, value in typed if len(value) > 1],
        "files": sorted(file.name or "" for file in request.FILES.values() if not isinstance(file, list)),
        "address": request.get_full_path(),
    }
    response = render(request, "typed.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_long(name: str, text: str, most: int) -> str:
    """Say that a text is longer than it may be: it is never cut."""
    return f"A {name} has at most {most} characters; this one has {len(text)}."


def is_of_record(request: HttpRequest) -> bool:
    """Whether a form of a record was sent, and not a comment from the same page. Django names its admin on its view."""
    match: Any = request.resolver_match
    may_be_shown = getattr(getattr(match and match.func, "model_admin", None), "is_shown_again", False)
    return may_be_shown and match.url_name.endswith(("_add", "_change")) and "comment" not in request.POST
