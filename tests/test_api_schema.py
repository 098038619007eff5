"""The API's description: it is valid, it leaves nothing out, and every answer is as it says."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from html import escape
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.api.source_bodies import CITED, NEW_SOURCES
from cases.codebook import RESOURCES
from config.surfaces import routes
from records.api.docs import Api
from records.api.request_body import ASKED_LEVEL, CONFIRMED_DATES, DIFFERENT_FROM, WritableResource
from records.lists.codebook import Column, Resource
from records.lists.filters import CodesFilter
from records.vocabulary import Vocabulary
from tests.partners import filled, partner, partner_client, post
from tests.world import make_case

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db
#: What can be given and is not read in the same place: it becomes rows of its own, or answers a question.
NO_COLUMNS = (DIFFERENT_FROM, NEW_SOURCES.column, CITED.column)
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    return client.get("/api/v1/schema/").json()


def operation(document: dict[str, Any], resource: Resource, below: str = "") -> dict[str, Any]:
    return document["paths"][f"/api/v1/{resource.name}/{below}"]["get"]


def parameters(document: dict[str, Any], resource: Resource, below: str = "") -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in operation(document, resource, below)["parameters"]}


def validator(document: dict[str, Any], operation: dict[str, Any], status: str) -> Draft202012Validator:
    """Return the check of an answer's body; every object is closed, so that a column too many is found."""
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    return Draft202012Validator(closed({**schema, "components": document["components"]}))


def closed(part: Any) -> Any:
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {name: closed(value) for name, value in part.items()}
    return made | {"additionalProperties": False} if isinstance(part.get("properties"), dict) else made


def test_the_description_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_address_of_the_api_is_described(document: dict[str, Any]) -> None:
    addresses = {re.sub("<slug:(.+?)>", r"{\1}", f"/{route}") for route in routes() if route.startswith("api/v1/")}
    others = {"", "schema/", "docs/", "^(?P<rest>(?s:.*))/$"}
    assert set(document["paths"]) == addresses - {f"/api/v1/{other}" for other in others}


def test_every_object_that_is_led_to_is_described_and_every_described_one_is_led_to(document: dict[str, Any]) -> None:
    leads = set(re.findall('"#/components/schemas/(.+?)"', json.dumps(document)))
    assert leads == set(document["components"]["schemas"])


@every_resource
def test_every_filter_is_described_with_its_meaning_and_its_codes(document: dict[str, Any], resource: Resource) -> None:
    described = parameters(document, resource)
    assert list(described) == [*resource.filterset.base_filters, "ordering", "cursor", "page_size", "fields"]
    assert list(parameters(document, resource, "count/")) == list(resource.filterset.base_filters)
    assert list(parameters(document, resource, "{ref}/")) == ["ref", *resource.moments, "fields"]
    for name, question in resource.filterset.base_filters.items():
        assert described[name]["description"].strip()
        assert not described[name].get("required")
        if isinstance(question, CodesFilter):
            assert described[name]["schema"]["items"]["enum"] == question.vocabulary.values
            assert all(code.meaning in described[name]["description"] for code in question.vocabulary)


@every_resource
def test_every_order_and_every_column_can_be_read_of(document: dict[str, Any], resource: Resource) -> None:
    described = parameters(document, resource)
    orders = described["ordering"]["schema"]
    assert {code.removeprefix("-") for code in orders["enum"]} == {each.name for each in resource.orderings}
    assert orders["default"] == resource.orderings[0].code
    assert described["fields"]["schema"]["items"]["enum"] == [column.name for column in resource.columns]
    assert described["page_size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


@every_resource
def test_every_column_of_the_codebook_is_described(document: dict[str, Any], resource: Resource) -> None:
    reference = operation(document, resource, "{ref}/")["responses"]["200"]["content"]["application/json"]["schema"]
    component = document["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    assert component["description"] == resource.meaning
    compare(document, component, resource.columns)


def compare(document: dict[str, Any], component: dict[str, Any], columns: tuple[Column, ...]) -> None:
    assert list(component["properties"]) == [column.name for column in columns]
    for column in columns:
        described = component["properties"][column.name]
        assert described["description"].startswith(column.meaning)
        inner = described["items"] if column.many else described
        if column.parts:
            name = next(
                each["$ref"] for each in [inner, *inner.get("oneOf", []), *inner.get("allOf", [])] if "$ref" in each
            )
            compare(document, document["components"]["schemas"][name.rpartition("/")[2]], column.parts)
        elif column.vocabulary and issubclass(column.vocabulary, Vocabulary):
            assert [code for code in inner["enum"] if code is not None] == column.vocabulary.values
        assert ("null" in json.dumps(described).replace("description", "")) == (not column.filled and not column.many)


@every_resource
def test_answers_are_as_described(client: Client, document: dict[str, Any], resource: Resource) -> None:
    for number in range(5):
        make_case(number)
    path = f"/api/v1/{resource.name}/"
    page = client.get(path, {"page_size": 200}).json()
    validator(document, operation(document, resource), "200").validate(page)
    validator(document, operation(document, resource), "200").validate(client.get(path, {"page_size": 1}).json())
    record = page["results"][0]
    key = record[resource.columns[0].name]
    validator(document, operation(document, resource, "{ref}/"), "200").validate(client.get(f"{path}{key}/").json())
    validator(document, operation(document, resource, "count/"), "200").validate(client.get(f"{path}count/").json())
    for below in ("", "count/"):
        refused = client.get(path + below, {"nonsense": "1"})
        validator(document, operation(document, resource, below), "400").validate(refused.json())
    missing = client.get(f"{path}{'ZZ' if resource.key == 'code' else key[:4] + '00000000'}/")
    validator(document, operation(document, resource, "{ref}/"), "404").validate(missing.json())


def test_what_is_seeded_is_as_described(client: Client, document: dict[str, Any]) -> None:
    call_command("load_seeds", verbosity=0)
    for resource in RESOURCES:
        address = f"/api/v1/{resource.name}/?page_size=200"
        check = validator(document, operation(document, resource), "200")
        while address:
            page = client.get(address).json()
            check.validate(page)
            address = page["next"]


def test_a_filled_column_is_one_that_the_database_never_leaves_empty() -> None:
    """The codebook says `filled` of just those plain columns that the model requires."""
    for resource in RESOURCES:
        for column in resource.columns:
            source = column.source or column.name
            if column.many or column.parts or callable(source) or "." in source:
                continue
            fields = {field.attname: field for field in resource.model._meta.concrete_fields}
            if source in fields and column.type != "boolean":
                assert column.filled == (not fields[source].null and not fields[source].blank), (
                    resource.name,
                    column.name,
                )


def test_all_who_ask_at_once_are_told_the_same(document: dict[str, Any]) -> None:
    api, start = Api(RESOURCES, WRITABLE_RESOURCES), Barrier(8)

    def asked(_: int) -> str:
        start.wait()
        return api.document

    with ThreadPoolExecutor(8) as pool:
        assert {json.dumps(json.loads(told)) for told in pool.map(asked, range(8))} == {json.dumps(document)}


def test_the_docs_name_everything_and_run_nothing(client: Client, document: dict[str, Any]) -> None:
    response = client.get("/api/v1/docs/")
    text = response.content.decode()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script" not in text and "style=" not in text and "onclick" not in text
    for resource in RESOURCES:
        for name, described in parameters(document, resource).items():
            assert f"<code>{name}</code>" in text, name
            assert described["description"].partition("\n\n")[0].replace("'", "&#x27;") in text, name
    for example in ("curl '", "urlopen", "fromJSON"):
        assert example in text
    for entry in WRITABLE_RESOURCES:
        assert f"<code>POST /api/v1/{entry.resource.name}/</code>" in text
        assert escape(json.dumps(entry.example, indent=2, ensure_ascii=False)) in text


# Writing

every_entry = pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)
REFUSALS = {"400", "401", "403", "409", "413", "415", "429"}


def written(document: dict[str, Any], entry: WritableResource, method: str) -> dict[str, Any]:
    below = "" if method == "post" else "{ref}/"
    return document["paths"][f"/api/v1/{entry.resource.name}/{below}"][method]


def body(document: dict[str, Any], entry: WritableResource, method: str) -> dict[str, Any]:
    described = written(document, entry, method)["requestBody"]
    assert described["required"]
    return described["content"]["application/json"]


@every_entry
def test_what_can_be_written_is_described_slot_by_slot(document: dict[str, Any], entry: WritableResource) -> None:
    new, change = (body(document, entry, method)["schema"] for method in ("post", "patch"))
    assert list(new["properties"]) == [slot.name for slot in entry.slots]
    assert list(change["properties"]) == [slot.name for slot in entry.slots if not slot.once]
    assert new["required"] == [slot.name for slot in entry.slots if slot.needed]
    for slot in entry.slots:
        assert new["properties"][slot.name]["description"] == slot.column.meaning
        assert slot in (ASKED_LEVEL, CONFIRMED_DATES) or slot.column in (*NO_COLUMNS, *entry.resource.columns)
    if ASKED_LEVEL in entry.slots:
        assert new["properties"]["level"]["enum"] == ["partner", "team"]
    assert body(document, entry, "post")["example"] == entry.example
    Draft202012Validator(new).validate(entry.example)


@every_entry
def test_every_status_of_a_write_is_described(document: dict[str, Any], entry: WritableResource) -> None:
    post, patch = (written(document, entry, method) for method in ("post", "patch"))
    assert set(post["responses"]) == {"201", "202"} | REFUSALS
    assert set(patch["responses"]) == {"200", "202", "404", "412", "428"} | REFUSALS
    headers = {each["name"]: each.get("required", False) for each in post["parameters"] + patch["parameters"]}
    assert headers == {"Idempotency-Key": False, "ref": True, "If-Match": True}
    assert set(post["responses"]["201"]["headers"]) == {"Location", "ETag"}
    assert set(patch["responses"]["412"]["headers"]) == {"ETag"}


@every_entry
def test_answers_to_writes_are_as_described(
    partner_client: Client, document: dict[str, Any], entry: WritableResource
) -> None:
    path = f"/api/v1/{entry.resource.name}/"
    given = filled(entry)
    kept = {name: value for name, value in given.items() if not next(s for s in entry.slots if s.name == name).once}

    def check(method: str, response: Any, status: int) -> None:
        assert response.status_code == status, response.content
        validator(document, written(document, entry, method), str(status)).validate(response.json())

    made = post(partner_client, f"{entry.resource.name}/", given)
    check("post", made, 201)
    check("post", post(partner_client, f"{entry.resource.name}/", {"nonsense": 1}), 400)
    check("post", post(Client(), f"{entry.resource.name}/", given), 401)
    check("post", partner_client.post(path, "x", content_type="text/plain"), 415)
    path += f"{made.json()['ref']}/"

    def patch(client: Client, **headers: str) -> Any:
        return client.patch(path, json.dumps(kept), content_type="application/json", headers=headers)

    check("patch", patch(partner_client), 428)
    check("patch", patch(partner_client, **{"If-Match": '"x"'}), 412)
    check("patch", patch(Client()), 401)


def test_answers_that_wait_are_as_described(partner_client: Client, document: dict[str, Any]) -> None:
    case = make_case(1)
    given = {"incident": case.incident.ref, "person": case.person.ref, "kind": "release"}
    response = post(partner_client, "stages/", given)
    entry = next(entry for entry in WRITABLE_RESOURCES if entry.resource.name == "stages")
    assert response.status_code == 202
    validator(document, written(document, entry, "post"), "202").validate(response.json())
