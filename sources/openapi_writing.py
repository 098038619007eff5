"""What the API's description says of writing: bodies from the slots, and every status that a write can end in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from sources.edtf import MAX_LENGTH
from sources.openapi import COUNTRY, REFERENCE, MissingSerializer, ResourceSchema, key_parameter, record_serializer
from sources.strict_json import LARGEST_NUMBER, LONGEST_LIST
from sources.submitting import Slot
from sources.vocabulary import ProposalState, Vocabulary

WRITES = ("POST", "PATCH")
JSON = "application/json"


class ProposedSerializer(serializers.Serializer):
    """Nothing that others read has changed yet: a second person decides on the proposal."""

    proposal = serializers.CharField(help_text="The proposal's reference.")
    state = serializers.ChoiceField(
        [(state.value, state.meaning) for state in ProposalState], help_text="What became of it."
    )
    drafts = serializers.ListField(
        child=serializers.CharField(), help_text="References of the records that were entered as drafts beside it."
    )


class RefusalSerializer(serializers.Serializer):
    """Why nothing was written."""

    detail = serializers.CharField()


FIELD_PROBLEMS = {
    "type": "object",
    "description": (
        "What is wrong, by its place in the body (a JSON pointer without the first slash, such as names/0/text; “body” "
        "for all of it), or by the name of the header or parameter."
    ),
    "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
}
DATE = {
    "oneOf": [
        {"type": "string", "maxLength": MAX_LENGTH},
        {
            "type": "object",
            "properties": {"edtf": {"type": "string", "maxLength": MAX_LENGTH}},
            "required": ["edtf"],
            "additionalProperties": False,
        },
    ]
}
PLAIN: dict[str, dict[str, Any]] = {
    "code": {"type": "string"},
    "country": {"type": "string", "pattern": COUNTRY},
    "reference": {"type": "string", "pattern": REFERENCE},
    "integer": {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER},
    "boolean": {"type": "boolean"},
    "date": DATE,
}


def value_schema(slot: Slot) -> dict[str, Any]:
    """Return the JSON Schema of one value of a slot."""
    parts = object_schema(slot.parts, new=True) if slot.parts else {}
    if slot.parts:
        return {"oneOf": [PLAIN["reference"], parts]} if slot.find else parts
    vocabulary = slot.column.vocabulary
    if slot.column.type == "code" and slot.find is None and vocabulary and issubclass(vocabulary, Vocabulary):
        return {"type": "string", "enum": list(vocabulary.values)}
    return dict(PLAIN.get(slot.column.type, {"type": "string", "maxLength": slot.longest}))


def slot_schema(slot: Slot) -> dict[str, Any]:
    """Return the JSON Schema of a slot, with what its column means."""
    schema = value_schema(slot)
    if slot.column.many:
        schema = {"type": "array", "items": schema, "maxItems": LONGEST_LIST}
    elif not slot.column.filled:
        schema = {"oneOf": [*schema.get("oneOf", [schema]), {"type": "null"}]}
    return schema | {"description": slot.column.meaning}


def object_schema(slots: tuple[Slot, ...], *, new: bool) -> dict[str, Any]:
    """Return the JSON Schema of a body, of a `new` record or of a change to one."""
    given = [slot for slot in slots if new or not slot.once]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {slot.name: slot_schema(slot) for slot in given},
        "additionalProperties": False,
        "minProperties": 1,
    }
    needed = [slot.name for slot in given if slot.needed and new]
    return schema | ({"required": needed} if needed else {})


def header(name: str, meaning: str, *statuses: int, required: bool = False) -> OpenApiParameter:
    """Describe a header: of the answers with these statuses, or of the request without any."""
    return OpenApiParameter(
        name,
        {"type": "string"},
        OpenApiParameter.HEADER,
        required=required,
        description=meaning,
        response=[*statuses] if statuses else False,
    )


ETAG = "What the record reads like to you, as a hash. Send it as If-Match to change the record."
KEY = "A key of your own, 1 to 200 printable characters of ASCII. The same request sent again within a day with the \
same key is carried out once, and answered alike."


class WritingSchema(ResourceSchema):
    """Describes the views of sources.api_writing; what reads, as any other."""

    @property
    def writes(self) -> bool:
        return self.method in WRITES

    @property
    def is_new(self) -> bool:
        return self.method == "POST"

    def get_operation_id(self) -> str:
        name = self.view.resource.name
        return f"{name}_{'submit' if self.is_new else 'change'}" if self.writes else super().get_operation_id()

    def get_summary(self) -> str:
        singular = self.view.resource.singular
        made = f"Submit a new {singular} as a draft" if self.is_new else f"Change a {singular}"
        return made if self.writes else super().get_summary()

    def get_description(self) -> str:  # type: ignore[override]
        return "" if self.writes else super().get_description()

    def get_override_parameters(self) -> list[Any]:
        if self.is_new:
            location = header("Location", "The address of the new record.", 201)
            return [header("Idempotency-Key", KEY), location, header("ETag", ETAG, 201)]
        if self.writes:
            condition = header("If-Match", "The ETag of the record as you read it.", required=True)
            return [key_parameter(self.view.resource), condition, header("ETag", ETAG, 200, 412)]
        also = [header("ETag", ETAG, 200)] if self.view.shows == "record" else []
        return [*super().get_override_parameters(), *also]

    def get_request_serializer(self) -> Any:
        return {JSON: object_schema(self.view.entry.slots, new=self.is_new)} if self.writes else None

    def _get_request_body(self, direction: Any = "request") -> Any:
        body = super()._get_request_body(direction)
        if body:
            body["required"] = True
            if self.is_new:
                body["content"][JSON]["example"] = self.view.entry.example
        return body

    def get_response_serializers(self) -> Any:
        if not self.writes:
            return super().get_response_serializers()
        record = record_serializer(self.view.resource)
        refused = {
            400: OpenApiResponse(FIELD_PROBLEMS, description="The body or a header makes no sense."),
            401: OpenApiResponse(RefusalSerializer, description="Nobody is signed in, or the token is not valid."),
            403: OpenApiResponse(RefusalSerializer, description="You may not do this."),
            409: OpenApiResponse(FIELD_PROBLEMS, description="It is there already; or the key was used for more."),
            413: OpenApiResponse(RefusalSerializer, description="The body is too large."),
            415: OpenApiResponse(RefusalSerializer, description="The body is not said to be JSON in UTF-8."),
            429: OpenApiResponse(RefusalSerializer, description="Too many writes in a minute."),
        }
        waits = {202: OpenApiResponse(ProposedSerializer, description="It waits for a second person.")}
        if self.is_new:
            return {201: OpenApiResponse(record, description="A draft, in review.")} | waits | refused
        conditions = {
            404: OpenApiResponse(MissingSerializer, description="No such record, or none you may see."),
            412: OpenApiResponse(record, description="Somebody changed it: this is how it reads now."),
            428: OpenApiResponse(RefusalSerializer, description="There is no If-Match."),
        }
        return {200: OpenApiResponse(record, description="Changed.")} | waits | refused | conditions
