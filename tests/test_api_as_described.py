"""Schemathesis asks the API what its description allows and what it forbids: each answer is as described.

The questions are made from the description alone, and are the same each time. They are asked on SQLite only: what a
parameter or a body may be is decided before a database is asked, and other tests ask both databases about the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any

import django_filters
import pytest
import schemathesis
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation as Part
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.codebook import RESOURCES
from config.wsgi import application
from records.api.request_body import WritableResource
from records.lists.codebook import Resource
from records.lists.filters import CodesFilter, SearchFilter
from tests.partners import PERSON, make_partner, seed_terms, submitted
from tests.test_tokens import make_token
from tests.world import make_case

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="asked once: see the top of this file"),
]
#: How many questions of either kind one operation is asked.
QUESTIONS, WRITES = 3, 6
#: No cursor can be made up, and to cover all tables with those of a day takes half a second: test_known_on asks that.
NOT_ASKED = ("cursor", "known_on")
#: Puts what the description cannot know into those parts of a question that it allows: what there really is.
Prepare = Callable[[Any, set[Part]], None]


@cache
def described() -> Any:
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)


def operations(resource: Resource, method: str) -> list[Any]:
    chosen = described().include(path_regex=f"^/api/v1/{resource.name}/", method=method)
    return [found.ok() for found in chosen.get_all_operations()]


def ask(
    operation: Any, token: str, questions: int, prepare: Callable[[Any, set[Part]], None], **checks: Any
) -> set[int]:
    """Ask what the description allows and what it forbids, and return the statuses of the answers."""
    statuses = set()
    # The client that is used below unpacks nothing: what is compressed, tests/test_compression.py looks at.
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Token {token}"} if token else {})

    def answered(case: Any) -> None:
        allowed = {part for part, made in case.meta.components.items() if made.mode == GenerationMode.POSITIVE}
        prepare(case, allowed)
        statuses.add(case.call_and_validate(headers=headers, **checks).status_code)

    limits = settings(
        max_examples=questions, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        limits(given(operation.as_strategy(generation_mode=mode))(answered))()
    return statuses


def known(resource: Resource, name: str, value: Any) -> Any:
    """Return a value for a filter: words that mean something, and countries and terms that there are."""
    question = resource.filterset.base_filters.get(name)
    if isinstance(question, django_filters.MultipleChoiceFilter) and not isinstance(question, CodesFilter):
        return [code for code, _ in question.field.choices][:2]
    return "Tursun" if type(question) in (SearchFilter, django_filters.CharFilter) else value


@pytest.mark.parametrize("reader", ["a stranger", "a token of the team"])
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_reading_is_as_described(client: Client, resource: Resource, reader: str) -> None:
    for number in range(3):
        make_case(number)
    token = make_token(make_partner("reader", "read_team")) if reader != "a stranger" else ""
    first = client.get(f"/api/v1/{resource.name}/").json()["results"][0]
    key = first[resource.columns[0].name]

    def prepare(case: Any, allowed: set[Part]) -> None:
        if Part.QUERY in allowed:
            asked = {name: value for name, value in case.query.items() if name not in NOT_ASKED}
            case.query = {name: known(resource, name, value) for name, value in asked.items()}
            if {"since", "until"} <= case.query.keys():  # no day lies between days that are turned round
                case.query |= dict(zip(("since", "until"), sorted((asked["since"], asked["until"])), strict=True))
        if Part.PATH in allowed:
            case.path_parameters["ref"] = key

    for operation in operations(resource, "GET"):
        assert 200 in ask(operation, token, QUESTIONS, prepare) or (operation.path.endswith("history/") and not token)


@pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)
def test_writing_is_as_described(entry: WritableResource) -> None:
    token = make_token(make_partner(), "read", "submit")
    client = Client(headers={"Authorization": f"Token {token}"})
    path, body, numbers = f"{entry.resource.name}/", sendable(client, entry), count()
    made = submitted(client, path, body)["ref"]
    body["different_from"] = []

    def prepare(case: Any, allowed: set[Part]) -> None:
        if Part.BODY in allowed:
            found = {slot.name for slot in entry.slots if slot.find or slot.needed}
            case.body |= {name: body[name] for name in case.body if name in found and name in body}
            if "label" in case.body:  # or each person after the first would be asked about
                case.body["label"] = f"Somebody {next(numbers)}"
        if Part.PATH in allowed:
            case.path_parameters["ref"] = made
        if "If-Match" in case.headers and Part.HEADER in allowed:
            case.headers["If-Match"] = client.get(f"/api/v1/{path}{made}/").headers["ETag"]

    # What a body may say is more than a schema can: dates in EDTF, the order of stages, what a citation cites.
    unsaid = {"excluded_checks": [positive_data_acceptance]}
    [submit], [change] = operations(entry.resource, "POST"), operations(entry.resource, "PATCH")
    submitting, changing = ask(submit, token, WRITES, prepare, **unsaid), ask(change, token, WRITES, prepare, **unsaid)
    assert 400 in submitting & changing
    assert submitting & {201, 202}
    assert changing & {200, 202}
    assert ask(submit, "", 1, prepare, **unsaid) | ask(change, "", 1, prepare, **unsaid) <= {401, 404}


def sendable(client: Client, entry: WritableResource) -> dict[str, Any]:
    """Return the example of an entry, of a person and an incident that the same partner sent."""
    seed_terms()
    text = json.dumps(entry.example).replace(
        "PER-8QX3M2VD", submitted(client, "people/", PERSON | {"label": "A. B."})["ref"]
    )
    held = {
        "title": "Held at an airport",
        "scope": "cross_border",
        "origins": [{"country": "CN", "attribution": "stated"}],
    }
    people = {"people": [{"person": person, "role": "subject"} for person in re.findall("PER-[0-9A-Z]{8}", text)]}
    return json.loads(text.replace("INC-4M7QZ0XK", submitted(client, "incidents/", held | people)["ref"]))
