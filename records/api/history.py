"""The history of one record, as JSON."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.urls import URLPattern, path
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from records.api.openapi import (
    API,
    DAY,
    TEXT,
    Parameter,
    Schema,
    answer,
    key_parameter,
    lead,
    list_of,
    or_null,
    question,
    said,
    structure,
)
from records.api.views import ResourceView
from records.history.known_on import KnownRow, acts_until, known_on, parse_day
from records.history.record_history import ActChanges, History, may_read_history
from records.lists.codebook import Resource
from records.lists.filters import KNOWN_ON, wrong_parameters
from records.lists.listing import InvalidQuery
from records.models import Record
from records.vocabulary import Operation

COMPONENTS = {
    "FieldChange": structure(
        "What one field of one row held before and after.",
        ref=said(TEXT, "The row: the record, or a part of it."),
        kind=said(TEXT, "What sort of row it is."),
        operation=said(TEXT | {"enum": [each.value for each in Operation]}, "What was done to the row."),
        field=said(TEXT, "The column."),
        old={"description": "What it held before; null for nothing."},
        new={"description": "What it held after; null for nothing."},
    ),
    "Act": structure(
        "One act: who wrote what, when and why.",
        at=said({"type": "string", "format": "date-time"}, "When, in UTC."),
        who=said(TEXT, "Who; empty where it came from outside the application."),
        channel=said(TEXT, "By which door: admin, api, a command..."),
        why=said(TEXT, "The reason that was given."),
        changes=said(list_of(lead("FieldChange")), "Field by field."),
    ),
    "KnownRow": structure(
        "The record or a part of it, as it was known on a day.",
        ref=said(TEXT, "The row's public reference."),
        kind=said(TEXT, "What sort of row it is."),
        values={"type": "object", "additionalProperties": {}, "description": "What its columns held."},
    ),
    "History": structure(
        "What was done to a record, the latest first, and what was known of it on a day.",
        ref=said(TEXT, "The record."),
        known_on=said(or_null(DAY), "The day that was asked about."),
        record=said(
            or_null(list_of(lead("KnownRow"))), "The record and its parts as known on that day; null without a day."
        ),
        acts=said(list_of(lead("Act")), "What was done, up to the end of that day."),
    ),
}


def parameters(resource: Resource) -> list[Parameter]:
    """Describe what the history of a record can be asked; there is none of what is not a record."""
    return [Parameter("known_on", KNOWN_ON, DAY)] if issubclass(resource.model, Record) else []


def history_paths(resource: Resource) -> dict[str, Schema]:
    """Describe the address of the histories of a resource, if it has any."""
    if not issubclass(resource.model, Record):
        return {}
    asked, summary = [key_parameter(resource), *parameters(resource)], f"The history of one {resource.singular}"
    missing = "No such record, or none whose history is for you."
    told = question(resource, "history", summary, asked, answer("Found.", lead("History")), missing)
    told["get"] = said(told["get"], "For the team. Others get the answer that a missing record gets.")
    return {f"{API}{resource.name}/{{ref}}/history/": told}


class HistoryView(ResourceView):
    """What was done to one record. What is not for the reader and what does not exist are one and the same answer."""

    shows = "history"

    def get(self, request: Any, ref: str) -> Response:
        model: Any = self.resource.model
        record = model.objects.visible_to(request.user).filter(ref=ref).first()
        if record is None or not may_read_history(record, request.user):
            raise NotFound
        self.refuse(wrong_parameters(request.GET, ["known_on"]))
        history, given = History(record, request.user), request.GET.get("known_on")
        try:
            day = parse_day(given) if given is not None else None
        except ValueError as error:
            raise InvalidQuery({"known_on": [str(error)]}) from None
        known = None if day is None else [row_as_json(row) for row in known_on(history, day)]
        acts = [act_as_json(act) for act in acts_until(history, day)]
        return Response({"ref": record.ref, "known_on": given, "record": known, "acts": acts})


def act_as_json(act: ActChanges) -> dict[str, Any]:
    changes = [
        {"ref": row.ref, "kind": row.kind, "operation": row.operation.value}
        | {"field": each.field, "old": each.old.data, "new": each.new.data}
        for row in act.changes
        for each in row.differences
    ]
    at = f"{act.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return {"at": at, "who": act.who, "channel": act.channel, "why": act.why, "changes": changes}


def row_as_json(row: KnownRow) -> dict[str, Any]:
    return {"ref": row.ref, "kind": row.kind, "values": {each.field: each.new.data for each in row.values}}


def history_routes(resource: Any) -> list[URLPattern]:
    """Return the address of the histories of a resource."""
    view = HistoryView.as_view(resource=resource)
    return [path(f"{resource.name}/<slug:ref>/history/", view, name=f"{resource.name}-history")]
