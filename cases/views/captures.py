"""The download of a captured file of a source."""

from __future__ import annotations

import logging

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest

from records.audit.acts import note
from records.lists.pages import PageWithoutParameters
from records.vocabulary import AuditKind
from sources.media_types import ending_of
from sources.models import Capture

#: Whatever a browser makes of the file, it may load nothing, run nothing, and is no part of this site.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

log = logging.getLogger("django.request")


class CapturedFile(PageWithoutParameters):
    """One file. What its reader may not see, what is not there and what was destroyed are one and the same 404."""

    def get(self, request: HttpRequest, source: str, ref: str) -> FileResponse:
        captures = Capture.objects.visible_to(request.user).filter(ref=ref, source__ref=source, expunged=False)
        capture = captures.first()
        if capture is None:
            raise Http404
        try:
            file = capture.path.open("rb")
        except FileNotFoundError:
            log.error("The file of capture %s is not in the store: run verify_captures.", capture.ref)
            raise Http404 from None
        if not Capture.objects.visible_to(AnonymousUser()).filter(pk=capture.pk).exists():
            note(AuditKind.EXPORT, [capture.ref, source], who=request.user, channel="page", what="captured file")
        name = f"{capture.ref}{ending_of(capture.media_type)}"
        response = FileResponse(file, as_attachment=True, filename=name, content_type=capture.media_type)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["ETag"] = f'"{capture.sha256}"'
        return response
