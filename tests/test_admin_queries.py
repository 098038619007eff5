"""The number of queries of a page does not grow with its rows."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Record
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_person,
    make_source,
    make_stage,
)
from tests.test_admin_visibility import address, world

pytestmark = pytest.mark.django_db
RECORDS = [model for model in admin.site._registry if issubclass(model, Record)]


def queries(client, page: str) -> int:
    client.get(page)  # what is read once per process (content types) is no matter here
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_lists(admin_client):
    pages = [address(model) for model in RECORDS]
    for _ in range(2):
        world("public", "Some")
    few = [queries(admin_client, page) for page in pages]
    for _ in range(10):
        world("public", "Some")
    assert [queries(admin_client, page) for page in pages] == few
    assert max(few) < 20


def test_an_incident_with_many_stages(admin_client):
    source, counts = make_source(), []
    for stages in (2, 8):
        incident = make_incident()
        for number in range(stages):
            involvement = make_involvement(incident, make_person(f"Person {number}"))
            stage = make_stage(involvement, country=make_country("TR"))
            make_citation(source, "occurred", stage=stage)
            make_citation(source, "title", incident=incident)
        counts.append(queries(admin_client, address(type(incident), f"{incident.ref}/change/")))
    assert counts[0] == counts[1] < 40


def test_a_person_with_many_parts(admin_client):
    source, counts = make_source(), []
    for parts in (2, 8):
        person = make_person()
        for number in range(parts):
            person.names.create(text=f"Name {number}", level="public")
            make_legal_status(person, "CN", since=str(2000 + number))
            person.relations_out.create(relative=make_person(), kind="sibling", level="public")
            make_person().relations_out.create(relative=person, kind="parent", level="public")
            make_involvement(make_incident(), person)
            make_citation(source, "label", person=person)
        counts.append(queries(admin_client, address(type(person), f"{person.ref}/change/")))
    assert counts[0] == counts[1] < 40


def test_a_source_with_many_citations(admin_client):
    counts = []
    for citations in (2, 8):
        source = make_source()
        for _ in range(citations):
            make_citation(source, "label", person=make_person())
            make_citation(source, "occurred", stage=make_stage(make_involvement(make_incident(), make_person())))
        counts.append(queries(admin_client, address(type(source), f"{source.ref}/change/")))
    assert counts[0] == counts[1]


def test_choices(admin_client):
    asked = "/admin/autocomplete/?app_label=cases&model_name=citation&field_name="
    names = (
        "person",
        "person_name",
        "legal_status",
        "relationship",
        "involvement",
        "stage",
        "notice_event",
        "warrant",
        "ratification",
    )
    world("public", "Some")
    few = [queries(admin_client, asked + name) for name in names]
    for _ in range(5):
        world("public", "Some")
    assert [queries(admin_client, asked + name) for name in names] == few
