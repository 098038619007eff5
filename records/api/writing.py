"""The write API: new records (POST) and changes to records (PATCH)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException, NotAuthenticated, NotFound, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from records.api.drafts import AlreadyStored, DatesInDoubt, DraftWriter, MayBeStored
from records.api.request_body import WritableResource
from records.api.strict_json import BODY, Malformed, read
from records.api.views import (
    CountView,
    ListView,
    RecordView,
    ResourceView,
    answer_problem,
    etag_of,
)
from records.current_act import current_act
from records.lists.json_sql import as_json
from records.models import Proposal, Submission
from records.review import ReviewRefused
from records.vocabulary import ProposalKind, Review

LARGEST_BODY = 256 * 1024
#: For how long an Idempotency-Key is remembered.
REMEMBERED = timedelta(hours=24)
KEY = re.compile(r"[\x20-\x7e]{1,200}")
SUBMIT = "records.submit_records"
UNREADABLE = "You could not read afterwards what you write here, so it is not written."
NOT_YOURS = "You can change what you submitted, until it is approved."


class TooLarge(APIException):
    status_code = 413
    default_detail = f"A body holds at most {LARGEST_BODY} bytes."


class NotJson(APIException):
    status_code = 415
    default_detail = "Send application/json, in UTF-8."


class NoCondition(APIException):
    status_code = 428
    default_detail = "Send If-Match with the ETag of the record as you read it."


class ChangedMeanwhileError(ValueError):
    """Somebody changed the record since it was read; `now` is how it reads now."""

    def __init__(self, now: dict[str, Any]) -> None:
        super().__init__("The record was changed since it was read.")
        self.now = now


class WritesPerUser(UserRateThrottle):
    """Slows down a program that writes in circles. Reading is not counted, and strangers are not: they are refused."""

    rate = "300/minute"
    scope = "writes"

    def allow_request(self, request: Any, view: Any) -> bool:
        is_writer = request.method not in SAFE_METHODS and request.user.is_authenticated
        return not is_writer or super().allow_request(request, view)


class WritingView(ResourceView):
    """What submitting and changing have in common: who may, what a body may be, and that a refusal writes nothing."""

    entry: WritableResource = None  # type: ignore[assignment]  # given by `writing_routes`
    throttle_classes = (WritesPerUser,)

    def get_exception_handler(self) -> Any:
        return answer_refusal

    def may(self, action: str) -> bool:
        """Whether the user was given Django's right to `action` ("add", "change") this kind of record."""
        meta = self.entry.resource.model._meta
        return self.request.user.has_perm(f"{meta.app_label}.{action}_{meta.model_name}")

    def admit(self, action: str) -> None:
        """Let in who may do this, or at least submit; name them as who acts."""
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        if not (self.may(action) or self.request.user.has_perm(SUBMIT)):
            raise PermissionDenied
        acts_now(self.request.user)

    def body(self) -> bytes:
        """Return the body as it came, if it is JSON of a reasonable size by what its headers say."""
        request = self.request._request
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
            raise NotJson
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not re.fullmatch("[0-9]{1,6}", size) or int(size) > LARGEST_BODY:
            raise TooLarge
        return request.body

    def refuse_parameters(self) -> None:
        """Refuse parameters in the address: nothing that is written depends on any."""
        self.refuse({name: ["Nothing is asked by parameters here."] for name in self.request.GET})

    def accepted(self, writer: DraftWriter) -> Response:
        """Answer that a second person decides, and that nothing which others read has changed."""
        writer.submit()
        return self.waiting(writer, writer.proposal)

    def waiting(self, writer: DraftWriter, proposal: Any) -> Response:
        drafts = [draft.ref for draft in writer.drafts]
        return Response({"proposal": proposal.ref, "state": proposal.state, "drafts": drafts}, status=202)

    def seen(self, ref: str) -> Any:
        """Return a record as its user reads it now, or None."""
        record = self.entry.resource.rows(self.request.user).filter(ref=ref).first()
        return None if record is None else self.entry.resource.read(record)


def acts_now(user: Any) -> None:
    """Name whom a token stands for: an act begins before the token was looked at."""
    act = current_act()
    if act is not None:
        act.user, act.actor = user, user.get_username()


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Say what was wrong with a write, by field."""
    if isinstance(error, Malformed):
        return Response(error.problems, status=400)
    if isinstance(error, AlreadyStored):
        return Response(error.problems, status=409)
    if isinstance(error, ReviewRefused):
        return Response({BODY: error.problems}, status=400)
    if isinstance(error, (MayBeStored, DatesInDoubt)):
        return Response(error.answer, status=409)
    if isinstance(error, ChangedMeanwhileError):
        return Response(error.now, status=412, headers={"ETag": etag_of(as_json(error.now))})
    return answer_problem(error, context)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Undo everything that was written, and forget what the act would have told of it, on any refusal."""
    act = current_act()
    notes_before = len(act.notes) if act else 0
    try:
        with transaction.atomic():
            yield
    except Exception:
        if act is not None:
            del act.notes[notes_before:]
        raise


class SubmitView(WritingView, ListView):
    """A list that takes new records too: as drafts, for a second person to approve."""

    http_method_names = ["get", "head", "options", "post"]

    def post(self, request: Any) -> Response:
        self.admit("add")
        raw = self.body()
        self.refuse_parameters()
        key = self.key()
        with all_or_nothing():
            return self.made_once(key, raw) if key else self.made(raw)

    def key(self) -> str:
        """Return the Idempotency-Key, or "" without one."""
        key = self.request.headers.get("Idempotency-Key")
        if key is not None and not KEY.fullmatch(key):
            raise Malformed({"Idempotency-Key": ["Give 1 to 200 printable characters of ASCII."]})
        return key or ""

    def made_once(self, key: str, raw: bytes) -> Response:
        """Carry out a request unless one with its key was carried out already: then answer as that was answered."""
        digest = hashlib.sha256(b"\0".join([self.request.path.encode(), raw])).hexdigest()
        user: Any = self.request.user
        now = timezone.now()
        Submission.objects.filter(at__lt=now - REMEMBERED).delete()
        # Of several at once the first to insert goes on; the others wait here until it is done.
        remembered, is_first = Submission.objects.get_or_create(
            user=user, key=key, defaults={"digest": digest, "at": now, "status": 0}
        )
        if is_first:
            answer = self.made(raw)
            remembered.status = answer.status_code
            remembered.answer = json.dumps([answer.data, dict(answer.headers)])
            remembered.save()
            return answer
        if remembered.digest != digest:
            raise AlreadyStored({"Idempotency-Key": ["This key was used for another request."]})
        data, headers = json.loads(remembered.answer)
        return Response(data, status=remembered.status, headers=headers)

    def made(self, raw: bytes) -> Response:
        """Make what a body describes. A refusal on the way undoes everything."""
        writer = DraftWriter(self.request.user)
        record = self.entry.make(writer, self.entry.read(read(raw), self.request.user, new=True))
        writer.ask_of_dates()
        return self.accepted(writer) if writer.proposal else self.created(writer, record)

    def created(self, writer: DraftWriter, record: Any) -> Response:
        """Hand the drafts to review, and answer with the record as its user reads it now, or by name if they asked to
        be shut out of it.
        """
        submitted = writer.submit()
        seen = self.seen(record.ref)
        if seen is None and writer.asked_closed:
            return self.waiting(writer, next((each for each in submitted if each.about == record.ref), submitted[0]))
        if seen is None:
            raise PermissionDenied(UNREADABLE)
        location = self.request.build_absolute_uri(f"{self.request.path}{record.ref}/")
        return Response(seen, status=201, headers={"Location": location, "ETag": etag_of(as_json(seen))})


class ChangeView(WritingView, RecordView):
    """A record that can be changed by whoever proves to know how it reads now."""

    http_method_names = ["get", "head", "options", "patch"]

    def patch(self, request: Any, ref: str) -> Response:
        self.admit("change")
        raw = self.body()
        self.refuse_parameters()
        with all_or_nothing():
            record = self.held(ref)
            self.check_condition(ref)
            is_own = self.is_own(record)
            if not (self.may("change") or is_own):
                raise PermissionDenied(NOT_YOURS)
            writer = DraftWriter(request.user)
            given = self.entry.read(read(raw), request.user, new=False)
            self.entry.check(writer, record, given)
            writer.change(record, given)
            writer.ask_of_dates()
            if is_own:
                writer.submit_again(record)
            return self.accepted(writer) if writer.proposal else self.changed(ref)

    def held(self, ref: str) -> Any:
        """Return the record, which nobody else changes until this is done."""
        model: Any = self.entry.resource.model
        record = model.objects.visible_to(self.request.user).filter(ref=ref).select_for_update(of=("self",)).first()
        if record is None:
            raise NotFound
        return record

    def check_condition(self, ref: str) -> None:
        """Refuse a change to a record that reads otherwise than its user thinks."""
        condition = self.request.headers.get("If-Match", "")
        now = self.seen(ref)
        if not condition or condition.strip() == "*":
            raise NoCondition
        # Whatever compresses an answer on its way, here or in front, makes its ETag a weak one.
        if etag_of(as_json(now)) not in [tag.removeprefix("W/") for tag in parse_etags(condition)]:
            raise ChangedMeanwhileError(now)

    def is_own(self, record: Any) -> bool:
        """Whether the user submitted the record, or the one that it is part of, and it is not approved yet."""
        whole = record.owning()
        own = Proposal.objects.filter(about=whole.ref, kind=ProposalKind.PUBLISH, proposed_by=self.request.user.pk)
        return whole.review in (Review.DRAFT, Review.IN_REVIEW) and own.exists()

    def changed(self, ref: str) -> Response:
        """Answer with the record as its user reads it now."""
        seen = self.seen(ref)
        if seen is None:
            raise PermissionDenied(UNREADABLE)
        return Response(seen, headers={"ETag": etag_of(as_json(seen))})


def writing_routes(entry: WritableResource) -> list[URLPattern]:
    """Return the addresses of a resource that can be written: those of any resource, two of which take more."""
    resource = entry.resource
    given: dict[str, Any] = {"resource": resource, "entry": entry}
    return [
        path(f"{resource.name}/", SubmitView.as_view(**given), name=resource.name),
        path(f"{resource.name}/count/", CountView.as_view(resource=resource), name=f"{resource.name}-count"),
        path(f"{resource.name}/<slug:ref>/", ChangeView.as_view(**given), name=f"{resource.name}-record"),
    ]
