"""The read API: lists, counts and single records of any resource, as JSON."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from records.lists.built import page_as_json, record_as_json
from records.lists.codebook import Resource
from records.lists.json_sql import as_json
from records.lists.listing import InvalidQuery, Listing, as_known_on, time_asked
from records.lists.paging import LARGEST_PAGE, PAGE_SIZE


class OnlyJson(BaseContentNegotiation):
    """The API speaks JSON to everybody, whatever they say they accept."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Name the parameters that were refused; leave other errors to the framework."""
    if isinstance(error, InvalidQuery):
        return Response(error.problems, status=400)
    if isinstance(error, SuspiciousOperation):  # Django refuses to read more than a thousand parameters
        return Response({"query": ["This request makes no sense."]}, status=400)
    return exception_handler(error, context)


def etag_of(record: str) -> str:
    """Return the ETag of a record as its reader sees it, in JSON.

    Never of its version: that would tell of changes to what the reader does not see.
    """
    return f'"{hashlib.sha256(record.encode()).hexdigest()[:32]}"'


class ReadView(APIView):
    """What all answers have in common."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = OnlyJson

    def get_exception_handler(self) -> Any:
        return answer_problem

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        """Let caches ask each time whether a copy is still true: a record may have been withdrawn."""
        response = super().finalize_response(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class ResourceView(ReadView):
    """A view of one resource."""

    resource: Resource = None  # type: ignore[assignment]  # given by `routes`
    shows: str

    def refuse(self, *problems: dict[str, list[str]]) -> None:
        """Raise Refused where there are problems."""
        found = {name: messages for each in problems for name, messages in each.items()}
        if found:
            raise InvalidQuery(found)

    @property
    def only(self) -> set[str] | None:
        """The columns that `fields` asks for; None for all of them."""
        fields = self.request.GET.get("fields")
        return None if fields is None else set(fields.split(","))

    def wrong_fields(self) -> dict[str, list[str]]:
        """Say which of the columns asked for do not exist."""
        known = [column.name for column in self.resource.columns]
        if self.only is None or self.only <= set(known):
            return {}
        return {"fields": [f"Name columns, separated by commas. There are: {', '.join(known)}."]}


def json_response(text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return text that is JSON already."""
    return HttpResponse(text, content_type="application/json", headers=headers)


class ListView(ResourceView):
    """One page of the records that the filters leave, in the order asked for."""

    shows = "list"

    def get(self, request: Any) -> HttpResponse:
        listing = Listing(self.resource, request, also=("ordering", "cursor", "page_size", "fields"))
        self.refuse(self.wrong_size(), self.wrong_fields(), listing.problems)
        with listing.recall():
            page, results = page_as_json(listing, int(request.GET.get("page_size", PAGE_SIZE)), self.only)
            note = {} if results else listing.note()
        next_page, previous = map(as_json, (self.address(page.next), self.address(page.previous)))
        found = f'{{"next":{next_page},"previous":{previous},"results":[{",".join(results)}]}}'
        return json_response(found, note)

    def wrong_size(self) -> dict[str, list[str]]:
        size = self.request.GET.get("page_size", str(PAGE_SIZE))
        if re.fullmatch("[1-9][0-9]{0,2}", size) and int(size) <= LARGEST_PAGE:
            return {}
        return {"page_size": [f"Give a whole number from 1 to {LARGEST_PAGE}."]}

    def address(self, cursor: str | None) -> str | None:
        """Return the address of this list from `cursor` on."""
        if cursor is None:
            return None
        query = self.request.GET.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


class CountView(ResourceView):
    """How many records the filters leave."""

    shows = "count"

    def get(self, request: Any) -> Response:
        listing = Listing(self.resource, request)
        with listing.recall():
            count = listing.count()
            return Response(count.as_json(), headers={} if count.number else listing.note())


class RecordView(ResourceView):
    """One record. What the reader may not see and what does not exist are one and the same answer."""

    shows = "record"

    def get(self, request: Any, ref: str) -> HttpResponse:
        moment = time_asked(request, self.resource, "fields")
        self.refuse(self.wrong_fields())
        with as_known_on(request.user, moment):
            found = record_as_json(self.resource, request.user, moment, ref, self.only)
        if found is None:
            raise NotFound
        is_whole_and_now = self.only is None and not moment
        return json_response(found, {"ETag": etag_of(found)} if is_whole_and_now else None)


class NothingHere(ReadView):
    """Answers for addresses that lead nowhere, as RecordView does for a record that is not there."""

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        raise NotFound


def routes(resource: Resource) -> list[URLPattern]:
    """Return the addresses of a resource: its list, its count, and each record by its key."""
    name = resource.name
    return [
        path(f"{resource.name}/", ListView.as_view(resource=resource), name=name),
        path(f"{resource.name}/count/", CountView.as_view(resource=resource), name=f"{name}-count"),
        path(f"{resource.name}/<slug:ref>/", RecordView.as_view(resource=resource), name=f"{name}-record"),
    ]
