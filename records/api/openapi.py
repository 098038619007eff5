"""The API described in OpenAPI 3.1: its columns from the codebook, its parameters from the filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator

from records.fields.edtf import Precision
from records.lists.codebook import Column, Resource
from records.lists.counting import MOST_COUNTED
from records.lists.filters import CodeListFilter, CodesFilter
from records.lists.not_and_all import MOST_TOGETHER, AllFilter, AnotherWay
from records.lists.paging import LARGEST_PAGE, PAGE_SIZE
from records.lists.reasons import NOTE
from records.models import ALPHABET
from records.vocabulary import Vocabulary

#: A piece of an OpenAPI document, as `json.dumps` takes it.
Schema = dict[str, Any]

API, JSON = "/api/v1/", "application/json"
REFERENCE, COUNTRY = rf"^[A-Z]{{3}}-[{ALPHABET}]{{8}}$", "^[A-Z]{2}([A-Z]{2})?$"
TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": ["string", "null"], "format": "uri"}
#: The schemas of the codebook's types; whatever else is text.
PLAIN: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "number": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "reference": {"type": "string", "pattern": REFERENCE},
    "country": {"type": "string", "pattern": COUNTRY},
}
WAYS_IN: list[Schema] = [{"token": []}, {"cookieAuth": []}]
SECURITY: Schema = {
    "cookieAuth": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "“Token ” and an API token, which you make under /account/tokens/.",
    },
}


def lead(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def said(schema: Schema, meaning: str) -> Schema:
    return schema | {"description": meaning}


def or_null(schema: Schema) -> Schema:
    """Return the schema of the same values and null."""
    if "type" not in schema:
        return {"oneOf": [*schema.get("oneOf", [schema]), {"type": "null"}]}
    codes = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | codes


def problems(meaning: str) -> Schema:
    """Return the schema of what is wrong, by where it is."""
    return said({"type": "object", "additionalProperties": list_of(TEXT) | {"minItems": 1}}, meaning)


def structure(meaning: str, /, **properties: Schema) -> Schema:
    """Return the schema of an object that always has all of these properties."""
    return {"type": "object", "description": meaning, "properties": properties, "required": list(properties)}


#: What stands in every API of ours, whatever its resources are.
COMPONENTS: dict[str, Schema] = {
    "UncertainDate": structure(
        "A date as far as it is known. Where it is not known at all, null stands in its place.",
        edtf=said(TEXT, "What is known, in EDTF: 2018-10-31, 2021-07, 2018, 2018-12~, 2019-01-25/.."),
        earliest=said(or_null(DAY), "The first day it may mean; null for an open start."),
        latest=said(or_null(DAY), "The last day it may mean; null for an open end."),
        precision=said(TEXT | {"enum": [each.value for each in Precision]}, "How exactly it is known."),
    ),
    "Count": {
        "type": "object",
        "description": "How many records a list holds on all its pages together.",
        "properties": {
            "count": {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED},
            "more": said(
                {"type": "boolean", "const": True},
                f"There only where there are more: beyond {MOST_COUNTED:,} nobody counts, and count is that number.",
            ),
        },
        "required": ["count"],
    },
    "Missing": structure(
        "There is no such record, or none that the reader may see: both are answered alike.", detail=TEXT
    ),
    "Refusal": structure("Why this was refused. Nothing was written.", detail=TEXT),
}


@dataclass(frozen=True)
class Parameter:
    """A parameter: what it asks, what values it takes, and the closed list that they are codes of, if any.

    Several values are given by repeating it, or `in_one`, separated by commas. `codes_told` is false where the meaning
    names the parameter that lists the codes.
    """

    name: str
    meaning: str
    schema: Schema
    vocabulary: type[Vocabulary] | None = None
    in_one: bool = False
    codes_told: bool = True
    place: str = "query"
    needed: bool = False

    def described(self) -> Schema:
        """Return the parameter as OpenAPI has it."""
        made = {"in": self.place, "name": self.name, "schema": self.schema}
        several = {"explode": not self.in_one} if self.schema.get("type") == "array" else {}
        needed = {"required": True} if self.needed else {}
        return said(made | several | needed, with_codes(self.meaning, self.vocabulary))


def with_codes(meaning: str, vocabulary: type[Vocabulary] | None) -> str:
    """Return a meaning, and below it a list in Markdown of the codes with theirs."""
    codes = "\n".join(f"* `{code.value}` - {code.meaning}" for code in vocabulary or ())
    return f"{meaning}\n\n{codes}" if codes else meaning


def closed_list(column: Column) -> type[Vocabulary] | None:
    """Return the closed list of codes that a column is of; open ones are tables, and change."""
    vocabulary = column.vocabulary
    return vocabulary if vocabulary and issubclass(vocabulary, Vocabulary) else None


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def value_schema(column: Column, owner: str) -> Schema:
    """Return the schema of one value of a column; `owner` begins the names of the objects inside."""
    if column.parts:
        return lead(owner + camel(column.name))
    if column.type == "date":
        return lead("UncertainDate")
    if vocabulary := closed_list(column):
        return TEXT | {"enum": list(vocabulary.values)}
    return PLAIN.get(column.type, TEXT)


def column_schema(column: Column, owner: str) -> Schema:
    """Return the schema of a column, with what it means."""
    schema = value_schema(column, owner)
    if column.many:
        schema = list_of(schema)
    elif not column.filled:
        schema = or_null(schema)
    return said(schema, with_codes(column.meaning, closed_list(column)))


def objects(name: str, meaning: str, columns: Iterable[Column]) -> Iterator[tuple[str, Schema]]:
    """Yield the schema of an object by its name, and those of the objects inside it."""
    yield name, structure(meaning, **{column.name: column_schema(column, name) for column in columns})
    for column in columns:
        if column.parts:
            yield from objects(name + camel(column.name), column.meaning, column.parts)


def components(resource: Resource) -> dict[str, Schema]:
    """Return the schemas of a resource's record, of what is inside it, and of a page of its list."""
    name = camel(resource.singular)
    made = dict(objects(name, resource.meaning, resource.columns))
    del made[name]["required"]  # `fields` leaves columns out
    made[f"{camel(resource.name)}Page"] = structure(
        f"One page of the list of {resource.name}.",
        next=said(ADDRESS, "The address of the next page; null on the last."),
        previous=said(ADDRESS, "The same for the page before."),
        results=said(list_of(lead(name)), "The records of this page."),
    )
    return made


def filter_schema(question: django_filters.Filter) -> Schema:
    """Return the schema of the values that a filter takes."""
    field = question.field
    if isinstance(question, AnotherWay):
        most = {"maxItems": MOST_TOGETHER} if isinstance(question, AllFilter) else {}
        return filter_schema(question.of) | most
    if isinstance(question, CodesFilter):
        return list_of(TEXT | {"enum": question.vocabulary.values})
    if isinstance(question, django_filters.MultipleChoiceFilter):
        return list_of(TEXT | {"pattern": question.pattern})
    if isinstance(field, forms.DateField):
        return DAY
    if isinstance(field, django_filters.fields.ChoiceField):
        return TEXT | {"enum": [code for code, _ in question.extra["choices"]]}
    patterns = [str(v.regex.pattern) for v in field.validators if isinstance(v, RegexValidator)]  # type: ignore
    shape = {"pattern": "^" + patterns[0].removeprefix(r"\A").removesuffix(r"\Z") + "$"} if patterns else {}
    return TEXT | {"minLength": 1, "maxLength": field.max_length} | shape


def filter_parameters(resource: Resource) -> list[Parameter]:
    """Describe every filter of the resource: what it asks, and what values it takes."""
    made = []
    for name, question in resource.filterset.base_filters.items():
        several = isinstance(question, CodeListFilter) and not question.conjoined
        meaning = question.extra["help_text"] + (" Given several times: any of them." if several else "")
        vocabulary = question.vocabulary if isinstance(question, CodesFilter) else None
        told = not isinstance(question, AnotherWay)
        made.append(Parameter(name, meaning, filter_schema(question), vocabulary, codes_told=told))
    return made


def list_parameters(resource: Resource) -> list[Parameter]:
    """Describe all that a list can be asked: its filters, how it is sorted and cut into pages, and its columns."""
    orders = [sign + ordering.name for ordering in resource.orderings for sign in ("", "-")]
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
    return [
        *filter_parameters(resource),
        Parameter(
            "ordering",
            "The order; with - in front, turned round. Records that it leaves level go by reference.",
            TEXT | {"enum": orders, "default": resource.orderings[0].code},
        ),
        Parameter(
            "cursor",
            "Where the page begins: follow the addresses in next and previous rather than writing one.",
            TEXT | {"minLength": 1},
        ),
        Parameter("page_size", "How many records a page holds at most.", size),
        fields_parameter(resource),
    ]


def fields_parameter(resource: Resource) -> Parameter:
    names = list_of(TEXT | {"enum": [column.name for column in resource.columns]}) | {"minItems": 1}
    return Parameter(
        "fields", "The columns to give, separated by commas; all of them without this.", names, in_one=True
    )


def key_parameter(resource: Resource) -> Parameter:
    shape = TEXT | {"pattern": COUNTRY if resource.key == "code" else REFERENCE}
    return Parameter("ref", resource.columns[0].meaning, shape, place="path", needed=True)


NOTES = {NOTE: "Of an empty answer that can only be empty: why, in ASCII words, by what you may see."}
ETAG = "What the record reads like to you, as a hash. Send it as If-Match to change the record."
MISSING = "No such record, or none you may see."


def answer(meaning: str, schema: Schema, **headers: str) -> Schema:
    """Return the description of an answer in JSON, with the meanings of its headers."""
    told = {"headers": {name: said({"schema": TEXT}, about) for name, about in headers.items()}} if headers else {}
    return said({"content": {JSON: {"schema": schema}}} | told, meaning)


#: How any question can be refused.
REFUSED = {
    "400": answer(
        "A parameter is unknown, repeated or makes no sense.",
        problems("What is wrong with the request, by the name of the parameter."),
    ),
    "401": answer("The token is not valid.", lead("Refusal")),
    "403": answer("The token is not for reading.", lead("Refusal")),
}


def operation(resource: Resource, name: str, summary: str, asked: list[Parameter], answers: Schema) -> Schema:
    """Return the description of what one method does at one address."""
    made = {"operationId": f"{resource.name}_{name}", "summary": summary, "tags": [resource.name]}
    parameters = [parameter.described() for parameter in asked]
    return made | {"parameters": parameters, "security": WAYS_IN, "responses": answers}


def question(
    resource: Resource, name: str, summary: str, asked: list[Parameter], found: Schema, missing: str = ""
) -> Schema:
    """Return the description of a way to read, for which nobody has to be signed in.

    `missing` says what is not found, where something may not be.
    """
    answers = {"200": found} | REFUSED | ({"404": answer(missing, lead("Missing"))} if missing else {})
    return {"get": operation(resource, name, summary, asked, answers) | {"security": [{}, *WAYS_IN]}}


def reading(resource: Resource) -> dict[str, Schema]:
    """Return the addresses at which a resource is read, each with its method and what it does."""
    here, filters = f"{API}{resource.name}/", filter_parameters(resource)
    moments = [parameter for parameter in filters if parameter.name in resource.moments]
    page = answer("Found.", lead(f"{camel(resource.name)}Page"), **NOTES)
    one = answer("Found.", lead(camel(resource.singular)), ETag=ETAG)
    asked = [key_parameter(resource), *moments, fields_parameter(resource)]
    listed = question(resource, "list", resource.title, list_parameters(resource), page)
    listed["get"] = said(listed["get"], resource.meaning)
    return {
        here: listed,
        f"{here}count/": question(
            resource, "count", f"How many {resource.name}", filters, answer("Found.", lead("Count"), **NOTES)
        ),
        f"{here}{{ref}}/": question(resource, "record", f"One {resource.singular}", asked, one, MISSING),
    }
