"""The API described in OpenAPI 3.1: its columns from the codebook, its parameters from the filters."""

from __future__ import annotations

from functools import cache
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from sources.codebook import Column, Resource
from sources.edtf import Precision
from sources.filters import CodesFilter
from sources.models import ALPHABET
from sources.vocabulary import Vocabulary

REFERENCE, COUNTRY = rf"^[A-Z]{{3}}-[{ALPHABET}]{{8}}$", "^[A-Z]{2}$"
PAGE_SIZE, LARGEST_PAGE = 50, 200


class UncertainDateSerializer(serializers.Serializer):
    """A date as far as it is known. Where it is not known at all, null stands in its place."""

    edtf = serializers.CharField(help_text="What is known, in EDTF: 2018-10-31, 2021-07, 2018, 2018-12~, 2019-01-25/..")
    earliest = serializers.DateField(allow_null=True, help_text="The first day it may mean; null for an open start.")
    latest = serializers.DateField(allow_null=True, help_text="The last day it may mean; null for an open end.")
    precision = serializers.ChoiceField([each.value for each in Precision], help_text="How exactly it is known.")


class CountSerializer(serializers.Serializer):
    """How many records a list holds on all its pages together."""

    count = serializers.IntegerField(min_value=0)


class MissingSerializer(serializers.Serializer):
    """There is no such record, or none that the reader may see: both are answered alike."""

    detail = serializers.CharField()


PROBLEMS = {
    "type": "object",
    "description": "What is wrong with the request, by the name of the parameter.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
}


def explained(vocabulary: type[Vocabulary]) -> str:
    """Return a list of the codes with their meanings in Markdown, written as drf-spectacular writes one."""
    return "\n".join(f"* `{code.value}` - {code.meaning}" for code in vocabulary)


def value_of(column: Column, owner: str, **options: Any) -> serializers.Field:
    """Return the serializer field for one value of a column; `owner` begins the names of the objects inside."""
    if column.parts:
        return serializer_of(owner + camel(column.name), column.meaning, column.parts)(**options)
    vocabulary = column.vocabulary
    if column.type == "code" and vocabulary and issubclass(vocabulary, Vocabulary):
        return serializers.ChoiceField([(code.value, code.meaning) for code in vocabulary], **options)
    made: dict[str, Any] = {
        "integer": serializers.IntegerField,
        "number": serializers.FloatField,
        "boolean": serializers.BooleanField,
        "date": UncertainDateSerializer,
    }
    if column.type in made:
        return made[column.type](**options)
    if column.type in ("reference", "country"):
        return serializers.RegexField(REFERENCE if column.type == "reference" else COUNTRY, **options)
    return serializers.CharField(**options)


def field_of(column: Column, owner: str, *, part: bool) -> serializers.Field:
    """Return the serializer field for a column. Only `part`s of objects are sure to be there: see `fields`."""
    options: dict[str, Any] = {"help_text": column.meaning, "required": part}
    if column.many and column.parts:
        return value_of(column, owner, many=True, **options)
    if column.many:
        return serializers.ListField(child=value_of(column, owner), **options)
    return value_of(column, owner, allow_null=not column.filled, **options)


def serializer_of(name: str, meaning: str, columns: tuple[Column, ...], *, part: bool = True) -> Any:
    fields = {column.name: field_of(column, name, part=part) for column in columns}
    return type(f"{name}Serializer", (serializers.Serializer,), {"__doc__": meaning, **fields})


@cache
def record_serializer(resource: Resource) -> Any:
    """Return the serializer class that describes one record of a resource."""
    return serializer_of(camel(resource.singular), resource.meaning, resource.columns, part=False)


@cache
def page_serializer(resource: Resource) -> Any:
    """Return the serializer class that describes one page of a resource's list."""
    fields = {
        "next": serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last."),
        "previous": serializers.URLField(allow_null=True, help_text="The same for the page before."),
        "results": record_serializer(resource)(many=True, help_text="The records of this page."),
        "__doc__": f"One page of the list of {resource.name}.",
    }
    return type(f"{camel(resource.name)}PageSerializer", (serializers.Serializer,), fields)


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def schema_of(question: django_filters.Filter) -> dict[str, Any]:
    """Return the JSON Schema of the values that a filter takes."""
    field = question.field
    if isinstance(question, CodesFilter):
        return {"type": "array", "items": {"type": "string", "enum": question.vocabulary.values}}
    if isinstance(question, django_filters.MultipleChoiceFilter):
        return {"type": "array", "items": {"type": "string", "pattern": question.pattern}}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, django_filters.fields.ChoiceField):
        return {"type": "string", "enum": [code for code, _ in question.extra["choices"]]}
    patterns = [str(v.regex.pattern) for v in field.validators if isinstance(v, RegexValidator)]  # type: ignore
    shape = {"pattern": "^" + patterns[0].removeprefix(r"\A").removesuffix(r"\Z") + "$"} if patterns else {}
    return {"type": "string", "minLength": 1, "maxLength": field.max_length, **shape}


def filter_parameters(resource: Resource) -> list[OpenApiParameter]:
    """Describe every filter of the resource: what it asks, and what values it takes."""
    described = []
    for name, question in resource.filterset.base_filters.items():
        meaning = question.extra["help_text"]
        if isinstance(question, django_filters.MultipleChoiceFilter) and not question.conjoined:
            meaning += " Given several times: any of them."
        if isinstance(question, CodesFilter):
            meaning += "\n\n" + explained(question.vocabulary)
        schema = schema_of(question)
        described.append(OpenApiParameter(name, schema, description=meaning, explode=schema["type"] == "array" or None))
    return described


def list_parameters(resource: Resource) -> list[OpenApiParameter]:
    """Describe how a list is sorted and cut into pages."""
    orders = [sign + ordering.name for ordering in resource.orderings for sign in ("", "-")]
    default = resource.orderings[0].code
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
    return [
        OpenApiParameter(
            "ordering",
            {"type": "string", "enum": orders, "default": default},
            description="The order; with - in front, turned round. Records that it leaves level go by reference.",
        ),
        OpenApiParameter(
            "cursor",
            {"type": "string", "minLength": 1},
            description="Where the page begins: follow the addresses in next and previous rather than writing one.",
        ),
        OpenApiParameter("page_size", size, description="How many records a page holds at most."),
    ]


def fields_parameter(resource: Resource) -> OpenApiParameter:
    names = [column.name for column in resource.columns]
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1},
        description="The columns to give, separated by commas; all of them without this.",
        explode=False,
        style="form",
    )


def key_parameter(resource: Resource) -> OpenApiParameter:
    pattern = COUNTRY if resource.key == "alpha2" else REFERENCE
    meaning = resource.columns[0].meaning
    return OpenApiParameter(
        "ref", {"type": "string", "pattern": pattern}, OpenApiParameter.PATH, required=True, description=meaning
    )


def finish(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:
    """Say what each resource is, and take out what drf-spectacular notes for itself."""
    options = [callback.initkwargs for *_, callback in generator.endpoints]
    resources = dict.fromkeys(given["resource"] for given in options if "resource" in given)
    tags = [{"name": resource.name, "description": resource.meaning} for resource in resources]
    return without_notes(result | {"tags": tags})


def without_notes(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: without_notes(value) for name, value in part.items() if name != "x-spec-enum-id"}
    return [without_notes(each) for each in part] if isinstance(part, list) else part


class ResourceSchema(AutoSchema):
    """Describes the views of sources.api, each of which says what it `shows`: a list, a count or a record."""

    view: Any

    def get_operation_id(self) -> str:
        return f"{self.view.resource.name}_{self.view.shows}"

    def get_tags(self) -> list[str]:
        return [self.view.resource.name]

    def get_summary(self) -> str:
        resource = self.view.resource
        names = {"list": resource.title, "count": f"How many {resource.name}", "record": f"One {resource.singular}"}
        return names[self.view.shows]

    def get_description(self) -> str:  # type: ignore[override]
        return self.view.resource.meaning if self.view.shows == "list" else ""

    def get_override_parameters(self) -> list[Any]:
        resource = self.view.resource
        if self.view.shows == "record":
            moments = [one for one in filter_parameters(resource) if one.name in resource.moments]
            return [key_parameter(resource), *moments, fields_parameter(resource)]
        if self.view.shows == "count":
            return filter_parameters(resource)
        return [*filter_parameters(resource), *list_parameters(resource), fields_parameter(resource)]

    def get_response_serializers(self) -> Any:
        resource = self.view.resource
        found: Any = {"list": page_serializer, "count": lambda _: CountSerializer, "record": record_serializer}
        responses = {
            200: OpenApiResponse(found[self.view.shows](resource), description="Found."),
            400: OpenApiResponse(PROBLEMS, description="A parameter is unknown, repeated or makes no sense."),
        }
        if self.view.shows == "record":
            responses[404] = OpenApiResponse(MissingSerializer, description="No such record, or none you may see.")
        return responses
