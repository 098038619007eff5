"""A mixin for the admin of records: one form that is sent twice is carried out once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from records.models import Submission

#: For how long a form is remembered that made a record.
REMEMBERED = timedelta(days=1)


def carried_out_once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a form with `answer`, or lead whoever sent it before to what came of it then.

    Each form that is shown bears a token of its own against forgery. The same token with the same words is the same
    form; with other words it is one that somebody went back to, for the next record.
    """
    if request.method != "POST" or "csrfmiddlewaretoken" not in request.POST:
        return answer()
    now, user = timezone.now(), cast(User, request.user)
    Submission.objects.filter(at__lt=now - REMEMBERED).delete()
    # Of two at once the first to insert goes on; the other waits here until it is done.
    remembered, is_first = Submission.objects.get_or_create(
        user=user, key=f"form {digest_of(request)}", defaults={"digest": "", "at": now, "status": 0}
    )
    if not is_first:
        messages.warning(request, "This form was sent twice. It is saved once, and nothing was added to it.")
        return HttpResponseRedirect(remembered.answer)
    response = answer()
    if response.status_code != HttpResponseRedirect.status_code:
        remembered.delete()  # it is shown again, with what is wrong
        return response
    remembered.status, remembered.answer = response.status_code, response.headers["Location"]
    remembered.save()
    return response


class SentOnce(admin.ModelAdmin):
    """Whoever presses Save twice, or sends a form again because no answer came, is led to what came of it then."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        shown = super().changeform_view
        return carried_out_once(request, lambda: shown(request, object_id, form_url, extra_context))


def digest_of(request: HttpRequest) -> str:
    """Return the SHA-256 of all that a form sent: address, words, names and sizes of files."""
    files = [(name, file.name, file.size) for name, file in request.FILES.items()]  # type: ignore[union-attr]
    sent = repr([request.path, sorted(request.POST.lists()), files])
    return hashlib.sha256(sent.encode()).hexdigest()
