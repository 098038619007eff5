"""Filters for tests: what a list finds for a query, and cases to be found."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_incident, make_involvement, make_person, make_stage


@pytest.fixture
def found(client: Client) -> Any:
    """Return the labels or titles that a list gives for a query, as a set; the count has to agree."""

    def ask(name: str, column: str = "", **query: Any) -> set[str]:
        column = column or {"people": "label", "incidents": "title", "notices": "label"}.get(name, "title")
        response = client.get(f"/api/v1/{name}/", {**query, "fields": column, "page_size": 200})
        assert response.status_code == 200, response.content
        records = [record[column] for record in response.json()["results"]]
        assert client.get(f"/api/v1/{name}/count/", query).json() == {"count": len(records)}
        return set(records)

    return ask


def case(label: str, *stages: tuple[str, str], **fields: Any) -> Any:
    """Make an incident with one subject, both called `label`, and the subject's stages."""
    status = {"status": fields.pop("status", "unknown")}
    incident = make_incident(label, **fields)
    involvement = make_involvement(incident, make_person(label), **status)
    for position, (kind, occurred) in enumerate(stages, start=1):
        make_stage(involvement, kind, occurred, position=position)
    return incident
