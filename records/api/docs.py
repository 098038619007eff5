"""The page of API documentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from rest_framework.response import Response

from records.api import history, openapi, openapi_writing
from records.api.openapi import COUNTRY, DAY, Parameter, Schema, closed_list
from records.api.request_body import WritableResource
from records.api.views import ReadView
from records.lists.codebook import Column, Resource
from records.lists.filters import TermsFilter, wrong_parameters
from records.lists.listing import InvalidQuery
from records.lists.pages import PageWithoutParameters
from records.vocabulary import Vocabulary

ABOUT = "Cases of transnational repression: people, incidents, stages, notices, and the evidence."


class Api:
    """What the API consists of: its resources, and how some of them are written. Described once, when first asked."""

    def __init__(self, resources: Iterable[Resource], entries: Iterable[WritableResource]) -> None:
        self.resources = tuple(resources)
        self.entries = {entry.resource: entry for entry in entries}

    def paths(self, resource: Resource) -> dict[str, Schema]:
        """Return the addresses of a resource, each with its methods and what they do."""
        paths = openapi.reading(resource) | history.history_paths(resource)
        written = openapi_writing.writing(self.entries[resource]) if resource in self.entries else {}
        return {path: methods | written.get(path, {}) for path, methods in paths.items()}

    @cached_property
    def document(self) -> str:
        """The OpenAPI document, in JSON."""
        schemas = openapi.COMPONENTS | openapi_writing.COMPONENTS | history.COMPONENTS
        paths: dict[str, Schema] = {}
        for resource in self.resources:
            schemas |= openapi.components(resource)
            paths |= self.paths(resource)
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Waymark", "version": "1", "description": ABOUT},
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": openapi.SECURITY},
            "tags": [{"name": resource.name, "description": resource.meaning} for resource in self.resources],
        }
        return json.dumps(document, indent=2, ensure_ascii=False)

    @cached_property
    def sections(self) -> list[DocsSection]:
        """What the page says, resource by resource."""
        return [DocsSection(self, resource) for resource in self.resources]


@dataclass(frozen=True)
class DocsRow:
    """A line of the page's tables: a parameter or a column, its type, its meaning, and the codes it may hold."""

    name: str
    type: str
    meaning: str
    codes: list[tuple[str, str]]


class DocsSection:
    """What the page says of one resource."""

    def __init__(self, api: Api, resource: Resource) -> None:
        self.name, self.meaning = resource.name, resource.meaning
        paths = api.paths(resource).items()
        every = [(method.upper(), path, one["summary"]) for path, methods in paths for method, one in methods.items()]
        self.addresses = sorted(every, key=lambda address: address[0] != "GET")
        asked = {each.name: each for each in [*openapi.list_parameters(resource), *history.parameters(resource)]}
        self.parameters = [parameter_row(each) for each in asked.values()]
        self.columns = list(column_rows(resource.columns))
        self.entry = api.entries.get(resource)
        slots = self.entry.slots if self.entry else ()
        self.needed = [slot.name for slot in slots if slot.needed]
        self.also = [slot.name for slot in slots if not slot.needed]
        self.once = [slot.name for slot in slots if slot.once]
        self.example = json.dumps(self.entry.example, indent=2, ensure_ascii=False) if self.entry else ""


def column_rows(columns: Iterable[Column], above: str = "") -> Iterator[DocsRow]:
    """Yield the lines of columns; those of an object inside stand below it, named after it."""
    for column in columns:
        kind = list_of(column.type) if column.many else column.type + ("" if column.filled else " or null")
        yield DocsRow(above + column.name, kind, column.meaning, codes_of(closed_list(column)))
        yield from column_rows(column.parts, f"{above}{column.name}.")


def parameter_row(parameter: Parameter) -> DocsRow:
    """Return the line of a parameter; codes without meanings are names, of columns or orders."""
    schema = parameter.schema
    value = schema.get("items", schema)
    kind = type_of(value) if value is schema else list_of(type_of(value))
    if "default" in schema:
        kind += f"; {schema['default']} if not given"
    codes = codes_of(parameter.vocabulary) or [(code, "") for code in value.get("enum", [])]
    return DocsRow(parameter.name, kind, parameter.meaning, codes if parameter.codes_told else [])


def codes_of(vocabulary: type[Vocabulary] | None) -> list[tuple[str, str]]:
    return [(code.value, code.meaning) for code in vocabulary or ()]


def type_of(schema: Schema) -> str:
    """Say in a word what sort of value a parameter takes."""
    if "enum" in schema:
        return "code"
    if pattern := schema.get("pattern"):
        return {COUNTRY: "country", TermsFilter.pattern: "code"}.get(pattern, "reference")
    if schema == DAY:
        return "day"
    return "text" if schema["type"] == "string" else schema["type"]


def list_of(kind: str) -> str:
    return f"list of {'countries' if kind == 'country' else kind + 's'}"


class SchemaView(View):
    """The OpenAPI document."""

    http_method_names = ["get", "head", "options"]
    api: Api = None  # type: ignore[assignment]  # given with the address

    def get(self, request: HttpRequest) -> HttpResponse:
        if problems := wrong_parameters(request.GET, ()):
            return JsonResponse(problems, status=400)
        return HttpResponse(self.api.document, content_type="application/vnd.oai.openapi+json")


class RootView(ReadView):
    """Where everything is."""

    api: Api = None  # type: ignore[assignment]  # given with the address

    def get(self, request: Any) -> Response:
        if problems := wrong_parameters(request.GET, ()):
            raise InvalidQuery(problems)
        here = request.build_absolute_uri(reverse("api:root"))
        lists = {resource.name: f"{here}{resource.name}/" for resource in self.api.resources}
        return Response(lists | {"schema": f"{here}schema/", "docs": f"{here}docs/"})


class DocsView(PageWithoutParameters):
    """The OpenAPI document as a page, for a browser without script."""

    http_method_names = ["get", "head", "options"]
    api: Api = None  # type: ignore[assignment]  # given with the address

    def get(self, request: HttpRequest) -> HttpResponse:
        here = request.build_absolute_uri(reverse("api:root"))
        submission = next(section.example for section in self.api.sections if section.entry)
        return render(request, "api/docs.html", {"sections": self.api.sections, "here": here, "submission": submission})
