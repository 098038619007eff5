"""The middleware that makes every request that may write one act: one transaction, one entry in the audit trail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import connection
from django.http import FileResponse, HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from records.audit.acts import act, logging_reads, note
from records.audit.chain import SUBJECTS
from records.current_act import NeedsSecondPerson, TryAgain
from records.models import StaleVersion, clearance
from records.typed import AGAIN, give_back, too_long
from records.vocabulary import AuditKind

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
#: How many rows of a kind a form may claim to have.
MOST_ROWS = 200
#: How many characters the audit trail keeps of the reason that a form gives.
LONGEST_REASON = 500
#: After how many seconds an act of a request is worth a line in the log, and after how many SQLite is told to stop it.
LONG, LONGEST = 5, 30
#: How many steps of its virtual machine SQLite takes before it asks whether to go on.
STEPS = 100_000


class ActMiddleware:
    """Wrap each unsafe request in an act, and write down who read restricted records, or anything under broken glass.

    Stands last, so that a request which another middleware refuses is no act. Signing in is none either: it writes no
    record, takes its time over a password, and must not keep others from writing meanwhile.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with logging_reads() as read:
            response = self.get_response(request)
        log_reads_of(request, read)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = log_reads_while_streaming(request, response.streaming_content)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.method in SAFE or channel(request) == "account":
            return None
        # A body that is no form is left for the view to read and refuse.
        form: Any = {} if channel(request) == "api" else request.POST
        if claims_too_many_rows(form):
            return refusal_response(request, 413, f"A form has at most {MOST_ROWS} rows of each kind.")
        why = form.get("why", "").replace("\0", "")
        if len(why) > LONGEST_REASON and AGAIN not in form:
            return give_back(request, too_long("reason", why, LONGEST_REASON), status=400)
        try:
            with (
                before_act(view, request),
                lock_is_bounded(channel(request)),
                act(request.user, channel(request), why[:LONGEST_REASON]),
            ):
                return view(request, *args, **kwargs)
        except NeedsSecondPerson as refusal:
            return refusal_response(request, 403, str(refusal))
        except StaleVersion as refusal:
            return refusal_response(request, 409, str(refusal))
        except TryAgain as refusal:
            return refusal_response(request, 429, str(refusal))


def before_act(view: Any, request: HttpRequest) -> AbstractContextManager[None]:
    """Let a page of the admin do what takes long while others can still write. Django names its admin on its view."""
    model_admin: Any = getattr(view, "model_admin", None)
    before: Any = getattr(model_admin, "before_act", nullcontext)
    return before(request)


def claims_too_many_rows(form: Any) -> bool:
    """Whether a form says that it has more rows than any: each would be made, empty, with everybody else waiting."""
    claimed = [form.get(name, "") for name in form if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS"))]
    return any(len(number) > 9 or (number.isdecimal() and int(number) > MOST_ROWS) for number in claimed)


@contextmanager
def lock_is_bounded(where: str) -> Iterator[None]:
    """Log a request that keeps others from writing for long, and stop its statements on SQLite when it is too long.

    On PostgreSQL others can write meanwhile, and the settings bound each statement (config/settings.py).
    """
    began = time.monotonic()
    try:
        if connection.vendor != "sqlite":
            yield
            return
        connection.ensure_connection()
        connection.connection.set_progress_handler(lambda: time.monotonic() - began > LONGEST, STEPS)
        try:
            yield
        finally:
            if connection.connection is not None:  # Django closes it where a rollback failed
                connection.connection.set_progress_handler(None, 0)
    finally:
        if (held := time.monotonic() - began) > LONG:
            log.warning("A request to “%s” wrote for %.1f seconds, its waiting for others included.", where, held)


def log_reads_of(request: HttpRequest, read: dict[str, bool]) -> None:
    """Write down the restricted records that were read, or everything where the glass was broken to read it."""
    if read and clearance(request.user).everything:
        note(
            AuditKind.BREAK_GLASS,
            first_refs(read),
            who=request.user,
            channel=channel(request),
            done="read",
            records=len(read),
        )
    elif restricted := [ref for ref, is_restricted in read.items() if is_restricted]:
        note(AuditKind.RESTRICTED_READ, first_refs(restricted), who=request.user, channel=channel(request))


def first_refs(refs: Iterable[str]) -> list[str]:
    return sorted(refs)[:SUBJECTS]


def log_reads_while_streaming(request: HttpRequest, content: Any) -> Iterator[bytes]:
    """Pass on what is read only while it is sent: a file of many rows."""
    with logging_reads() as read:
        try:
            yield from content
        finally:
            log_reads_of(request, read)


def channel(request: HttpRequest) -> str:
    """Return by which of the surfaces a request came: "admin", "api", "account" or "page"."""
    first = request.path_info.split("/")[1]
    return first if first in ("admin", "api", "account") else "page"


def refusal_response(request: HttpRequest, status: int, why: str) -> HttpResponseBase:
    """Answer that nothing was written, in the form that the surface speaks."""
    if channel(request) == "api":
        return JsonResponse({"detail": why}, status=status)
    return render(request, "refused.html", {"why": why}, status=status)
