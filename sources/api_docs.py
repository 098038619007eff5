"""The API's description for programs, and the same as a page for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.response import Response

from sources.api import ReadView
from sources.openapi import COUNTRY

_making = Lock()


@cache
def _made() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def description() -> dict[str, Any]:
    """Return the OpenAPI document, made once: drf-spectacular cannot make two at the same time."""
    with _making:
        return _made()


class SchemaView(View):
    """The OpenAPI document."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        document = OpenApiJsonRenderer().render(description())
        return HttpResponse(document, content_type="application/vnd.oai.openapi+json")


class RootView(ReadView):
    """Where everything is."""

    schema = None

    def get(self, request: Any) -> Response:
        here = request.build_absolute_uri(reverse("api:root"))
        lists = {tag["name"]: f"{here}{tag['name']}/" for tag in description()["tags"]}
        return Response(lists | {"schema": f"{here}schema/", "docs": f"{here}docs/"})


@dataclass(frozen=True)
class Row:
    """A line of the page's tables: a parameter or a column, its type, its meaning, and the codes it may hold."""

    name: str
    type: str
    meaning: str
    codes: list[tuple[str, str]]


@dataclass(frozen=True)
class Writing:
    """What the page says of writing one resource: which columns, by name, and an example."""

    addresses: list[tuple[str, str, str]]
    needed: list[str]
    also: list[str]
    once: list[str]
    example: str


@dataclass(frozen=True)
class Section:
    """What the page says of one resource."""

    name: str
    meaning: str
    addresses: list[tuple[str, str]]
    parameters: list[Row]
    columns: list[Row]
    writing: Writing | None


class DocsView(View):
    """The OpenAPI document as a page, for a browser without script."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        here = request.build_absolute_uri(reverse("api:root"))
        told = list(sections(description()))
        submission = next(section.writing.example for section in told if section.writing)
        return render(request, "api/docs.html", {"sections": told, "here": here, "submission": submission})


def sections(document: dict[str, Any]) -> Iterator[Section]:
    """Yield what there is to say of each resource."""
    for tag in document["tags"]:
        operations = {
            path: item["get"] for path, item in document["paths"].items() if item["get"]["tags"] == [tag["name"]]
        }
        everything: dict[str, dict[str, Any]] = {}
        for operation in operations.values():
            everything |= {parameter["name"]: parameter for parameter in operation["parameters"]}
        record = next(o for o in operations.values() if o["operationId"].endswith("_record"))
        schema = record["responses"]["200"]["content"]["application/json"]["schema"]
        yield Section(
            tag["name"],
            tag["description"],
            [(path, operation["summary"]) for path, operation in operations.items()],
            [parameter_row(parameter) for parameter in everything.values() if parameter["in"] == "query"],
            list(column_rows(document, schema)),
            writing_of({path: document["paths"][path] for path in operations}),
        )


def writing_of(paths: dict[str, Any]) -> Writing | None:
    """Return what there is to say of writing to these addresses."""
    written = {name: (path, item[name]) for path, item in paths.items() for name in ("post", "patch") if name in item}
    if not written:
        return None
    bodies = {name: each["requestBody"]["content"]["application/json"] for name, (_, each) in written.items()}
    new, change = bodies["post"]["schema"], bodies["patch"]["schema"]
    return Writing(
        [(name.upper(), path, operation["summary"]) for name, (path, operation) in written.items()],
        new["required"],
        [name for name in new["properties"] if name not in new["required"]],
        [name for name in new["properties"] if name not in change["properties"]],
        json.dumps(bodies["post"]["example"], indent=2, ensure_ascii=False),
    )


def parameter_row(parameter: dict[str, Any]) -> Row:
    """Return the line of one parameter; the codes it takes stand as a list below its meaning."""
    meaning, _, listed = parameter["description"].partition("\n\n")
    schema = parameter["schema"]
    kind = type_of(schema)
    if "default" in schema:
        kind += f"; {schema['default']} if not given"
    return Row(parameter["name"], kind, meaning, codes_of(listed, schema))


def codes_of(listed: str, schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the codes of a list in Markdown with their meanings, or those that a schema just names."""
    explained = re.findall(r"^\* `(.+?)` - (.+)$", listed, re.MULTILINE)
    return explained or [(code, "") for code in schema.get("items", schema).get("enum", []) if code is not None]


def column_rows(document: dict[str, Any], schema: dict[str, Any], path: str = "") -> Iterator[Row]:
    """Yield the lines of an object's columns; those of an object inside it stand below it, named after it."""
    for name, column in target(document, schema)["properties"].items():
        meaning, _, listed = column["description"].partition("\n\n")
        kind = type_of(column)
        yield Row(path + name, kind, meaning, codes_of(listed, column))
        if "object" in kind:
            yield from column_rows(document, column.get("items", column), f"{path}{name}.")


def target(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the component that a schema leads to, or the schema itself."""
    leads = [schema, *schema.get("oneOf", []), *schema.get("allOf", [])]
    ref = next((each["$ref"] for each in leads if "$ref" in each), None)
    return document["components"]["schemas"][ref.rpartition("/")[2]] if ref else schema


def type_of(schema: dict[str, Any]) -> str:
    """Say in a few words what values a schema admits."""
    if schema.get("type") == "array":
        inner = type_of(schema["items"])
        return f"list of {'countries' if inner == 'country' else inner + 's'}"
    leads = [schema, *schema.get("oneOf", []), *schema.get("allOf", [])]
    refs = [each["$ref"].rpartition("/")[2] for each in leads if "$ref" in each]
    if refs:
        kind = "date" if refs == ["UncertainDate"] else "object"
        return kind + (" or null" if {"type": "null"} in leads else "")
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(text_of(schema) if each == "string" else each for each in types)


def text_of(schema: dict[str, Any]) -> str:
    """Say what sort of text it is."""
    if "enum" in schema:
        return "code"
    if pattern := schema.get("pattern", ""):
        return "country" if pattern == COUNTRY else "reference" if "-[" in pattern else "code"
    return {"date": "day"}.get(schema.get("format", ""), "text")
