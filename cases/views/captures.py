"""The files of a source: the copy that everybody gets who sees the capture, and the sealed file for the team."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from records.accounts.sign_in import recently_signed_in, sign_in_again
from records.accounts.tokens import bears_token, refuse_token
from records.audit.acts import note
from records.lists.pages import PageWithoutParameters
from records.models import TokenScope
from records.vocabulary import AuditKind
from sources.media_types import SHOWN, TEXT, ending_of
from sources.models import Capture

#: Whatever a browser makes of a file, it may load nothing, run nothing, and is no part of this site.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
#: A browser draws its own page around a picture or a text, and lays it out by styles of its own.
POLICY_OF_SHOWN = f"{POLICY}; style-src 'unsafe-inline'"

log = logging.getLogger("django.request")


class CapturedFile(PageWithoutParameters):
    """The copy without metadata. What its reader may not see, what is not there and what was destroyed are one 404.

    Programs get it at the same address, with a token that reads: the API gives the address as `copy_url`.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse_token(request, TokenScope.READ) or super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, source: str, ref: str) -> FileResponse:
        captures = Capture.objects.visible_to(request.user).exclude(copy_stored="")
        capture = found(captures, source, ref)
        if not Capture.objects.visible_to(AnonymousUser()).filter(pk=capture.pk).exists():
            channel = "api" if bears_token(request) else "page"
            note(AuditKind.EXPORT, [capture.ref, source], who=request.user, channel=channel, what="captured file")
        return sent(capture, capture.copy_path, capture.copy_media_type, capture.copy_sha256)


class SealedFile(PageWithoutParameters):
    """The file as it was taken, for the source's team, after a recent sign-in. Whoever takes it is written down."""

    def get(self, request: HttpRequest, source: str, ref: str) -> HttpResponseBase:
        capture = found(Capture.objects.visible_to(request.user).sealed_for(request.user), source, ref)
        if not recently_signed_in(request):
            return sign_in_again(request)
        note(AuditKind.EXPORT, [capture.ref, source], who=request.user, channel="page", what="sealed file")
        return sent(capture, capture.path, capture.media_type, capture.sha256, is_sealed=True)


def found(captures: Any, source: str, ref: str) -> Capture:
    capture: Capture | None = captures.filter(ref=ref, source__ref=source, expunged=False).first()
    if capture is None:
        raise Http404
    return capture


def sent(capture: Capture, path: Path | None, media_type: str, sha256: str, is_sealed: bool = False) -> FileResponse:
    """Return a file: a picture or a text to be looked at, anything else to be saved. A sealed file is never shown."""
    try:
        if path is None:
            raise Http404
        file = path.open("rb")
    except FileNotFoundError:
        log.error("A file of capture %s is not in the store: run verify_captures.", capture.ref)
        raise Http404 from None
    name = f"{capture.ref}{'-sealed' if is_sealed else ''}{ending_of(media_type)}"
    is_shown = media_type in SHOWN and not is_sealed
    content_type = f"{media_type}; charset=utf-8" if media_type == TEXT else media_type
    response = FileResponse(file, as_attachment=not is_shown, filename=name, content_type=content_type)
    response.headers["Content-Security-Policy"] = POLICY_OF_SHOWN if is_shown else POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = f'"{sha256}"'
    return response
