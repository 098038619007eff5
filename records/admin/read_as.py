"""A record's own page as somebody else will read it once a proposal is approved."""

from __future__ import annotations

import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve

from records.history.snapshots import name_of
from records.models import Proposal
from records.review import FUTURE_READERS, ReviewRefused, as_if_approved, find, future_reader
from records.review.visibility import changed_or_opened, rows_among, rows_named

#: What a browser asks on condition of: a page that is only looked at has no state to compare with.
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


def read_as(request: HttpRequest, proposal: Proposal, kind: str) -> HttpResponse:
    """Return the page of the record that a proposal is about, as this kind of reader gets it afterwards.

    Raises Http404 for an unknown kind of reader, and for a record that has no page.
    """
    if kind not in FUTURE_READERS:
        raise Http404
    refs = changed_or_opened(proposal)
    told: dict[str, Any] = {"proposal": proposal, "who": FUTURE_READERS[kind]}
    try:
        with as_if_approved(proposal, request.user):
            record = find(proposal.about)
            if record is None or not (address := record.owning().address_for_readers()):
                raise Http404
            reader = future_reader(kind, record.owning(), request.user)
            told |= _read_and_not(refs, reader)
            return _page(request, address, reader, told)
    except ReviewRefused as refusal:
        return render(request, "admin/read_as_nothing.html", told | {"problems": refusal.problems}, status=409)


def _read_and_not(refs: set[str], reader: Any) -> dict[str, Any]:
    """Return how many rows of the proposal the reader reads, and by kind, name and reference which they do not."""
    rows = rows_named(sorted(refs))
    read = rows_among(refs, lambda model: model._default_manager.visible_to(reader))
    unread = [(str(row._meta.verbose_name), name_of(row), row.ref) for row in rows if row.ref not in read]
    return {"read": len(read), "unread": unread}


def _page(request: HttpRequest, address: str, reader: Any, told: dict[str, Any]) -> HttpResponse:
    """Answer as the address would answer the reader, with a line on top that says what this is."""
    theirs = copy.copy(request)
    theirs.user, theirs.path, theirs.path_info = reader, address, address
    theirs.META = {name: value for name, value in request.META.items() if name not in CONDITIONS}
    theirs.read_as = told  # type: ignore[attr-defined]  # read by includes/read_as.html
    theirs.resolver_match = match = resolve(address)
    try:
        response = match.func(theirs, *match.args, **match.kwargs)
        return response.render() if hasattr(response, "render") else response
    except Http404:
        return render(request, "admin/read_as_nothing.html", told)
