"""What this database knew on a day: on the history pages and in the API, for the team, as the day itself admits."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.codebook import RESOURCES
from records.history.known_on import known_on, parse_day
from records.history.record_history import History
from records.models import Record
from tests.factories import make_agreement, make_detail, make_event, make_incident, make_name, make_person, make_source
from tests.pasts import by, day, editor_named, set_clock_back, signed_in, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return somebody("analyst", "read_team")


@pytest.fixture
def person(analyst):
    """Somebody who was entered on 18 November, corrected on the 20th, and again today."""
    person = make_person("Idris")
    make_detail(person, kind="address", value="a street")
    set_clock_back(day("2026-11-18"))
    with by(analyst, "From the court."):
        person.label = "Idris Hasan"
        person.save()
        person.details.get().delete()
        make_name(person, "Yidiresi")
    set_clock_back(day("2026-11-20"))
    with by(analyst):
        person.label = "Idris H."
        person.save()
    return person


def known(person: Any, user: Any, text: str) -> dict[str, dict[str, str]]:
    rows = known_on(History(person, user), parse_day(text))
    return {f"{row.kind} {row.title}": {each.field: each.new.words for each in row.values} for row in rows}


def test_a_record_and_its_parts_are_as_they_were_at_the_end_of_the_day(person, analyst):
    assert known(person, analyst, "2026-11-17") == {}
    before = known(person, analyst, "2026-11-19")
    assert list(before) == ["person Idris", "person detail address", "person name Idris"]
    assert before["person detail address"]["value"] == "a street"
    assert before["person Idris"]["standing"] == "target"
    after = known(person, analyst, "2026-11-20")
    assert list(after) == ["person Idris Hasan", "person name Idris", "person name Yidiresi"]
    assert list(known(person, analyst, "2030-01-01"))[0] == "person Idris H."


def test_the_page_says_loudly_which_day_it_is_about(person, analyst):
    client = signed_in(analyst)
    for address in (f"/people/{person.ref}/history/", f"/admin/cases/person/{person.ref}/history/"):
        if "admin" in address:
            client = signed_in(editor_named("editor", "read_team"))
        page = client.get(f"{address}?known_on=2026-11-20").content.decode()
        assert "As this database knew it on 20 November 2026" in page
        assert "Idris Hasan" in page and "Idris H." not in page.replace("Idris H.</h1>", "").replace(str(person), "")
        assert "As this database knew it" not in client.get(address).content.decode()


@pytest.mark.parametrize("given", ["2026-13-01", "20.11.2026", "", "2026-11-20T00:00", "２０２６-11-20", "0000-00-00"])
def test_what_is_no_day_is_refused(person, analyst, given):
    client = signed_in(analyst)
    page = client.get(f"/people/{person.ref}/history/", {"known_on": given})
    assert page.status_code == 400 and "Give a day as 2026-11-20." in page.content.decode()
    answer = client.get(f"/api/v1/people/{person.ref}/history/", {"known_on": given})
    assert (answer.status_code, list(answer.json())) == (400, ["known_on"])


def test_an_unknown_parameter_is_refused(person, analyst):
    client = signed_in(analyst)
    assert client.get(f"/people/{person.ref}/history/?as_of=2026-11-20").status_code == 400
    answer = client.get(f"/api/v1/people/{person.ref}/history/?as_of=2026-11-20")
    assert (answer.status_code, list(answer.json())) == (400, ["as_of"])


def test_the_first_and_the_last_of_all_days_can_be_asked_for(person, analyst):
    assert known(person, analyst, "0001-01-01") == {}
    assert known(person, analyst, "9999-12-31")


def test_the_api_tells_the_acts_and_what_was_known(person, analyst):
    client = signed_in(analyst)
    answer = client.get(f"/api/v1/people/{person.ref}/history/").json()
    assert (answer["ref"], answer["known_on"], answer["record"]) == (person.ref, None, None)
    change = {"ref": person.ref, "kind": "person", "operation": "update", "field": "label"}
    assert answer["acts"][0]["changes"] == [change | {"old": "Idris Hasan", "new": "Idris H."}]
    answer = client.get(f"/api/v1/people/{person.ref}/history/?known_on=2026-11-20").json()
    assert answer["acts"][0]["who"] == "analyst" and answer["acts"][0]["why"] == "From the court."
    assert answer["acts"][0]["at"].startswith("2026-11-20T12:00:00")
    assert answer["record"][0]["values"]["label"] == "Idris Hasan"
    assert answer["record"][0]["values"]["standing"] == "target"


@pytest.mark.attack("E6")
def test_who_is_not_on_the_team_gets_the_answer_for_a_missing_record(person):
    partner, stranger = signed_in(somebody("partner", "read_partner")), Client()
    for client in (partner, stranger):
        for path in ("/people/", "/api/v1/people/"):
            shown = client.get(f"{path}{person.ref}/history/?known_on=soon")
            missing = client.get(f"{path}PER-00000000/history/?known_on=soon")
            assert shown.status_code == missing.status_code == 404
            assert shown.content == missing.content


def test_the_page_of_a_record_leads_the_team_to_its_history(person, analyst):
    link = f'href="/people/{person.ref}/history/"'
    assert link in signed_in(analyst).get(f"/people/{person.ref}/").content.decode()
    assert link not in Client().get(f"/people/{person.ref}/").content.decode()


@pytest.mark.attack("E6")
def test_what_was_restricted_on_that_day_is_not_known(analyst):
    incident = make_incident("CANARY", level="restricted")
    set_clock_back(day("2026-11-18"))
    incident.title, incident.level = "Held", "team"
    incident.save()
    assert known(incident, analyst, "2026-11-19") == {}
    assert list(known(incident, analyst, "2030-01-01")) == ["incident Held"]


@pytest.mark.attack("E6")
def test_what_is_hidden_now_was_never_known(analyst):
    person = make_person()
    name = make_name(person, "CANARY")
    set_clock_back(day("2026-11-18"))
    name.level = "restricted"
    name.save()
    assert "CANARY" not in str(known(person, analyst, "2026-11-19"))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_resource_has_a_history(analyst, resource):
    made: dict[str, Any] = {"people": make_person, "incidents": make_incident, "sources": make_source}
    made |= {"agreements": make_agreement, "events": make_event}
    client = signed_in(analyst)
    if not issubclass(resource.model, Record):
        assert client.get(f"/{resource.name}/TR/history/").status_code == 404
    elif resource.name in made:
        record = made[resource.name]()
        for path in ("", "/api/v1"):
            assert client.get(f"{path}/{resource.name}/{record.ref}/history/?known_on=2030-01-01").status_code == 200
