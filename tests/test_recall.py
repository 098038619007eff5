"""What was known on a day, asked of lists, pages, exports and the API: for the team, as the day itself admits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person, Stage, TargetCategory
from records.history import time_travel
from records.history.time_travel import tables_as_known_on
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import by, day, editor_named, set_clock_back, signed_in, somebody

pytestmark = pytest.mark.django_db
LISTS = ["people", "incidents", "stages", "notices"]


@pytest.fixture
def analyst():
    return somebody("analyst", "read_team")


@pytest.fixture
def case(analyst):
    """A case entered on 18 November; on the 20th its stage was dated anew, another removed, and the person renamed."""
    person = make_person("Idris")
    make_name(person, "Yidiresi")
    row = make_involvement(make_incident("Held in Casablanca"), person)
    stage = make_stage(row, "detention", "2021-07")
    make_citation(make_source(published="2021-07-27"), "occurred", stage=stage)
    wrong = make_stage(row, "release", "2021-08-01", position=1)
    set_clock_back(day("2026-11-18"))
    with by(analyst, "From the court."):
        wrong.delete()
        stage.occurred = "2021-07-19"
        stage.save()
        person.label = "Idris Hasan"
        person.save()
    set_clock_back(day("2026-11-20"))
    return row


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    return response.json()


def lines_of(client: Client, address: str) -> list[bytes]:
    response: Any = client.get(address)
    return b"".join(response.streaming_content).splitlines()


def test_a_record_is_as_it_was_known_by_the_api_and_on_its_page(case, analyst):
    client = signed_in(analyst)
    address = f"incidents/{case.incident.ref}/"
    then, now = (read(client, f"/api/v1/{address}?known_on={day}") for day in ("2026-11-19", "2026-11-21"))
    assert [(each["kind"], each["occurred"]["edtf"]) for each in then["stages"]] == [
        ("detention", "2021-07"),
        ("release", "2021-08-01"),
    ]
    assert then["people"][0] | {"label": "Idris", "stage": "release", "open": False} == then["people"][0]
    assert [each["occurred"]["edtf"] for each in now["stages"]] == ["2021-07-19"]
    assert then["sources"] == now["sources"] != []
    page = client.get(f"/{address}?known_on=2026-11-19").content.decode()
    assert (
        "Known on 19 November 2026, not what is known now." in page and "Idris</a>: Released on 1 August 2021" in page
    )
    assert "not what is known now" not in client.get(f"/{address}").content.decode()


def test_what_is_older_than_the_trail_is_told_as_it_was_before_its_first_change(case, analyst):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_change WHERE \"table\" = 'cases_person' AND operation = 'insert'")
    client = signed_in(analyst)
    assert read(client, "/api/v1/people/count/?known_on=2026-11-17") == {"count": 1}
    assert read(client, "/api/v1/people/?known_on=2026-11-17")["results"][0]["label"] == "Idris"


def test_what_was_not_written_since_before_the_trail_is_told_with_all_that_hangs_on_it(case, analyst):
    TargetCategory.objects.get_or_create(code="journalist", defaults={"label": "journalist", "meaning": "Reports."})
    case.person.categories.add("journalist")
    hidden = make_person("Hidden", level="restricted")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_change")
    (person,) = read(signed_in(analyst), "/api/v1/people/?known_on=2026-11-17")["results"]
    now = read(signed_in(analyst), f"/api/v1/people/{case.person.ref}/")
    assert person == now and person["ref"] != hidden.ref
    assert (person["categories"], len(person["names"]), len(person["incidents"])) == (["journalist"], 2, 1)


def test_many_rows_are_found_by_their_keys_and_links(case, analyst, monkeypatch):
    """At 10,000 incidents no answer came within minutes: each row was looked for among all others."""
    monkeypatch.setattr(time_travel, "FEW", 0)
    of_stages = {
        "sqlite": "SELECT name FROM sqlite_temp_master WHERE type = 'index' AND tbl_name = 'cases_stage'",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'cases_stage' AND schemaname LIKE 'pg_temp%'",
    }
    with tables_as_known_on(analyst, day("2026-11-19").date()), connection.cursor() as cursor:
        cursor.execute(of_stages[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    assert {"cases_stage_id_then", "cases_stage_involvement_id_then", "cases_stage_incident_id_then"} <= found


def test_lists_their_filters_counts_and_exports_ask_what_was_known(case, analyst):
    client = signed_in(analyst)
    for on, found in (("2026-11-17", 0), ("2026-11-19", 1), ("2026-11-20", 0)):
        question = f"phase=release&known_on={on}"
        assert read(client, f"/api/v1/people/count/?{question}") == {"count": found}
        assert len(read(client, f"/api/v1/incidents/?{question}")["results"]) == found
        assert client.get(f"/people/?{question}").context["count"] == found
        rows = lines_of(client, f"/people/export.csv?{question}")
        assert len(rows) == found + 1
    assert read(client, "/api/v1/people/count/?q=Idris+Hasan&known_on=2026-11-19") == {"count": 0}
    assert read(client, "/api/v1/people/count/?q=Yidiresi&known_on=2026-11-19") == {"count": 1}


def test_both_questions_can_be_asked_at_once(case, analyst):
    address = f"/api/v1/incidents/{case.incident.ref}/?known_on=2026-11-19&as_of="
    client = signed_in(analyst)
    assert read(client, address + "2021-07-31")["people"][0]["stage"] == "detention"
    assert read(client, address + "2021-08-01")["people"][0]["stage"] == "release"


def test_only_the_team_is_told_what_was_known(case):
    root = User.objects.create_superuser("root")
    for user in (somebody("reader"), somebody("partner", "read_partner"), editor_named("clerk"), root):
        client = signed_in(user)
        for name in LISTS:
            response = client.get(f"/api/v1/{name}/?known_on=2026-11-19")
            assert (response.status_code, list(response.json())) == (400, ["known_on"])
    refused, missing = (
        Client().get(f"/people/{ref}/?known_on=2026-11-19") for ref in (case.person.ref, "PER-00000000")
    )
    assert refused.status_code == missing.status_code == 400 and refused.content == missing.content


def test_what_is_hidden_now_or_was_hidden_then_is_not_recalled(case, analyst):
    """Hidden later: its past is hidden as well. Opened later: what it was then stays hidden."""
    with by(analyst):
        Stage.objects.update(level="restricted")
    told = read(signed_in(analyst), f"/api/v1/incidents/{case.incident.ref}/?known_on=2026-11-19")
    assert [each["kind"] for each in told["stages"]] == ["release"]  # removed while it was open
    secret = make_person("Gulnar", level="restricted")
    set_clock_back(day("2026-11-20"))
    with by(analyst):
        Person.objects.filter(pk=secret.pk).update(level="public")
    assert read(signed_in(analyst), f"/api/v1/people/{secret.ref}/")["label"] == "Gulnar"
    assert signed_in(analyst).get(f"/api/v1/people/{secret.ref}/?known_on=2026-11-20").status_code == 404


def test_afterwards_everything_is_as_before_and_nothing_was_written(case, analyst):
    before = read(Client(), f"/api/v1/people/{case.person.ref}/")
    with tables_as_known_on(analyst, day("2026-11-19").date()):
        assert Person.objects.visible_to(analyst).get().label == "Idris"
    with pytest.raises(ZeroDivisionError), tables_as_known_on(analyst, day("2026-11-17").date()):
        assert not Person.objects.visible_to(analyst).exists()
        raise ZeroDivisionError
    assert read(Client(), f"/api/v1/people/{case.person.ref}/") == before


def test_rows_from_before_the_trail_began_are_known_as_they_are(case, analyst):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_change")
    assert read(signed_in(analyst), "/api/v1/people/?known_on=2026-11-19")["results"][0]["label"] == "Idris Hasan"


def test_it_takes_as_many_queries_for_many_rows_as_for_few(analyst):
    client = signed_in(analyst)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/api/v1/people/?known_on=2030-01-01").json()["results"]
        return len(asked)

    make_stage(make_involvement(make_incident("One"), make_person("Aybek")))
    few = queries()
    for number in range(10):
        make_stage(make_involvement(make_incident(f"Incident {number}"), make_person(f"Person {number}")))
    assert queries() == few


def test_an_editor_sees_every_column_as_it_was(case):
    """All columns of all kinds of record come back as they were: nothing changed since, so nothing differs."""
    client = signed_in(editor_named("editor", "read_team", "read_partner"))
    for name in LISTS:
        then = read(client, f"/api/v1/{name}/?known_on=2030-01-01")["results"]
        assert json.dumps(then) == json.dumps(read(client, f"/api/v1/{name}/")["results"])
