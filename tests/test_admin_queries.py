"""The number of queries of a page does not grow with its rows, and is bounded; each row adds little to its size."""

from __future__ import annotations

import operator

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
    make_part,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import editor_named, signed_in
from tests.test_admin_visibility import address, world

pytestmark = pytest.mark.django_db
RECORDS = [model for model in admin.site._registry if issubclass(model, Record)]


#: The most queries of a record's form with a part of each kind, of an empty form and of a list, for an analyst.
BOUNDS = """
actor            13   7   9
agreement        17   9  12
capture          12   6   8
ccfevent         12   6   9
ccfrequest       15   9   8
citation         15   6   9
demand           13   6   9
duty             12   6   9
event            14   9  11
incident         28  13  10
incidentcountry  12   6   9
involvement      13   7   9
legalstatus      13   7  13
notice           17   9   9
noticeevent      12   6   9
persondetail     12   6   9
person           24  11  10
personname       12   6   9
ratification     12   6   9
relationship     12   6   8
sourcedocument   18  10  11
stage            14   7  11
tacticused       14   7  11
warrant          12   6  11
"""
#: The most bytes that a row adds to the form of an incident, by the table that it stands in.
BYTES = {"country_parts": 1_400, "involvements": 2_200, "stages": 7_400, "citations": 2_400}


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


def test_each_page_stays_within_its_queries():
    client, made = signed_in(editor_named("analyst", "read_team")), world("team", "Some")
    bounds = {name: list(map(int, most)) for name, *most in map(str.split, BOUNDS.strip().splitlines())}
    assert bounds.keys() == {model._meta.model_name for model in RECORDS}
    for model, record in made.items():
        pages = [address(model, page) for page in (f"{record.ref}/change/", "add/", "")]
        asked = [queries(client, page) for page in pages]
        assert all(map(operator.le, asked, bounds[model._meta.model_name])), (model, asked)


def test_choices_are_not_written_into_each_row_of_a_case(admin_client):
    incident, source = make_incident(), make_source()
    countries = [make_country(code).code for code in ("TR", "MA", "NO", "CN")]
    rows = {
        "country_parts": lambda number: make_part(incident, "transit", countries[number]),
        "involvements": lambda number: make_involvement(incident, make_person(f"Person {number}")),
        "stages": lambda number: make_stage(incident.involvements.earliest("pk"), country_id="TR", place="A town"),
        "citations": lambda number: make_citation(source, "title", incident=incident, stated_value="A title"),
    }
    page = address(type(incident), f"{incident.ref}/change/")
    before = len(admin_client.get(page).content)
    for table, make in rows.items():
        for number in range(4):
            make(number)
        after = len(admin_client.get(page).content)
        assert 0 < (after - before) / 4 < BYTES[table], (table, after - before)
        before = after
