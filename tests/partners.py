"""Partners who send records, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client

from cases.models import LegalStatusKind
from records.api.request_body import WritableResource
from records.models import AuditEntry
from tests.factories import (
    make_country,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_tactic,
)
from tests.signin import give_factor, may, sign_in

PERSON = {"label": "Dilmurat Y.", "standing": "target"}


def make_partner(name: str = "partner", *more: str) -> User:
    user = may(User.objects.create_user(name), "submit_records", "read_partner", *more)
    give_factor(user)
    return user


@pytest.fixture
def partner(db: None) -> User:
    return make_partner()


@pytest.fixture
def partner_client(partner: User) -> Client:
    return sign_in(Client(), partner)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(f"/api/v1/{path}", raw, content_type="application/json", headers=headers)


def submitted(client: Client, path: str, body: Any) -> dict[str, Any]:
    """Return what became of a submission that is expected to be taken."""
    response = post(client, path, body)
    assert response.status_code == 201, response.content
    return response.json()


def refused(client: Client, path: str, body: Any, status: int = 400, **headers: str) -> Any:
    """Return what is said against a submission; nothing may have been written."""
    before = rows()
    response = post(client, path, body, **headers)
    assert response.status_code == status, response.content
    assert rows() == before
    return response.json()


def rows() -> tuple[int, ...]:
    """How many rows there are of everything that a request could write; the audit trail goes on by itself."""
    models = [model for label in ("records", "sources", "cases") for model in apps.get_app_config(label).get_models()]
    tables = [model._meta.db_table for model in models if model is not AuditEntry]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables))
        return cursor.fetchone()


def seed_terms() -> None:
    make_country("CN"), make_country("TR"), make_country("MA"), make_country("CA")
    LegalStatusKind.objects.get_or_create(code="citizen", defaults={"label": "citizen", "meaning": "A citizen."})
    make_source(), make_tactic()


def filled(entry: WritableResource) -> dict[str, Any]:
    """The example of an entry, with references that lead somewhere."""
    seed_terms()
    person, incident = make_person(level="partner", review="draft"), make_incident(level="partner", review="draft")
    for record in (person, incident):
        record.submitted_by = User.objects.get(username="partner")
        record.save()
    make_involvement(incident, person)
    text = json.dumps(entry.example)
    return json.loads(text.replace("PER-8QX3M2VD", person.ref).replace("INC-4M7QZ0XK", incident.ref))


def at_once(file: Path | None, *calls: Callable[[], Any]) -> list[Any]:
    """Make all calls at the same time, each with a connection of its own; `file` is the embedded database."""
    settings = connection.settings_dict | ({"NAME": str(file)} if file else {})
    kind: Any = type(connections["default"])

    def alone(call: Callable[[], Any]) -> Any:
        connections["default"] = kind(settings, "default")
        try:
            return call()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(alone, calls))
