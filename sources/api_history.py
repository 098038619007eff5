"""The history of one record, as JSON, for the team."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from sources.api import ResourceView
from sources.filters import KNOWN_ON, wrong_parameters
from sources.history import History, ToldAct, is_told_to
from sources.known import KnownRow, acts_until, known_on, parse_day
from sources.listing import Refused
from sources.openapi import PROBLEMS, MissingSerializer, ResourceSchema, key_parameter
from sources.vocabulary import Operation


class FieldChangeSerializer(serializers.Serializer):
    """What one field of one row held before and after."""

    ref = serializers.CharField(help_text="The row: the record, or a part of it.")
    kind = serializers.CharField(help_text="What sort of row it is.")
    operation = serializers.ChoiceField([each.value for each in Operation], help_text="What was done to the row.")
    field = serializers.CharField(help_text="The column.")
    old = serializers.JSONField(allow_null=True, help_text="What it held before; null for nothing.")
    new = serializers.JSONField(allow_null=True, help_text="What it held after; null for nothing.")


class ActSerializer(serializers.Serializer):
    """One act: who wrote what, when and why."""

    at = serializers.DateTimeField(help_text="When, in UTC.")
    who = serializers.CharField(allow_blank=True, help_text="Who; empty where it came from outside the application.")
    channel = serializers.CharField(help_text="By which door: admin, api, a command...")
    why = serializers.CharField(allow_blank=True, help_text="The reason that was given.")
    changes = FieldChangeSerializer(many=True, help_text="Field by field.")


class KnownRowSerializer(serializers.Serializer):
    """The record or a part of it, as it was known on a day."""

    ref = serializers.CharField(help_text="The row's public reference.")
    kind = serializers.CharField(help_text="What sort of row it is.")
    values = serializers.DictField(child=serializers.JSONField(), help_text="What its columns held.")


class HistorySerializer(serializers.Serializer):
    """What was done to a record, the latest first, and what was known of it on a day."""

    ref = serializers.CharField(help_text="The record.")
    known_on = serializers.DateField(allow_null=True, help_text="The day that was asked about.")
    record = KnownRowSerializer(
        many=True, allow_null=True, help_text="The record and its parts as known on that day; null without a day."
    )
    acts = ActSerializer(many=True, help_text="What was done, up to the end of that day.")


class HistorySchema(ResourceSchema):
    """Describes the view of a history."""

    def get_summary(self) -> str:
        return f"The history of one {self.view.resource.singular}"

    def get_description(self) -> str:  # type: ignore[override]
        return "For the team. Others get the answer that a missing record gets."

    def get_override_parameters(self) -> list[Any]:
        day = {"type": "string", "format": "date"}
        return [key_parameter(self.view.resource), OpenApiParameter("known_on", day, description=KNOWN_ON)]

    def get_response_serializers(self) -> Any:
        return {
            200: OpenApiResponse(HistorySerializer, description="Found."),
            400: OpenApiResponse(PROBLEMS, description="A parameter is unknown, repeated or makes no sense."),
            404: OpenApiResponse(MissingSerializer, description="No such record, or none whose history is for you."),
        }


class HistoryView(ResourceView):
    """What was done to one record. What is not for the reader and what does not exist are one and the same answer."""

    schema = HistorySchema()
    shows = "history"

    def get(self, request: Any, ref: str) -> Response:
        model: Any = self.resource.model
        record = model.objects.visible_to(request.user).filter(ref=ref).first()
        if record is None or not is_told_to(record, request.user):
            raise NotFound
        self.refuse(wrong_parameters(request.GET, ["known_on"]))
        history, given = History(record, request.user), request.GET.get("known_on")
        try:
            day = parse_day(given) if given is not None else None
        except ValueError as error:
            raise Refused({"known_on": [str(error)]}) from None
        known = None if day is None else [row_as_json(row) for row in known_on(history, day)]
        acts = [act_as_json(act) for act in acts_until(history, day)]
        return Response({"ref": record.ref, "known_on": given, "record": known, "acts": acts})


def act_as_json(act: ToldAct) -> dict[str, Any]:
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
