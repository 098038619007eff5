"""The world as of a day: hand-worked cases of the seeds, on pages and in the API, and what a page says about itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Involvement
from tests.factories import (
    make_incident,
    make_involvement,
    make_legal_status,
    make_notice,
    make_notice_event,
    make_outcome,
    make_person,
    make_stage,
)
from tests.pasts import signed_in, somebody


@pytest.fixture
def case(db: None) -> Any:
    """Somebody detained in May 2018 and let out in August, of whom more was told later."""
    incident = make_incident(
        "Held in Casablanca",
        start="2018-05-02",
        end="2018-08-20",
        summary="Let out in August.",
    )
    person = make_person("Aybek Tursun")
    row = make_involvement(incident, person, status="ended", status_as_of="2018-12")
    Involvement.objects.filter(pk=row.pk).update(outcome=make_outcome("released_no_charge"))
    make_stage(row, "detention", "2018-05-02")
    make_stage(row, "release", "2018-08-20", position=2)
    make_legal_status(person, since="2018-01", until="2018-09")
    notice = make_notice(person)
    make_notice_event(notice, "published", "2018-03-01")
    make_notice_event(notice, "deleted", "2018-07-01", position=1)
    return row


def test_what_came_later_is_not_in_the_picture(client: Client, case: Any) -> None:
    address = f"/api/v1/incidents/{case.incident.ref}/?as_of="
    before, then, now = (client.get(address + day) for day in ("2018-05-01", "2018-06-01", "2019-01-01"))
    assert before.status_code == 404
    told = then.json()
    assert (told["end"], told["summary"]) == (None, None)
    assert told["people"][0]["status"] == {"value": "unknown", "as_of": None, "reason": None}
    assert [stage["kind"] for stage in told["stages"]] == ["detention"]
    assert told["people"][0]["open"] is True
    assert now.json()["people"][0]["open"] is False and now.json()["people"][0]["status"]["value"] == "ended"


def test_a_notice_is_in_the_state_of_that_day(client: Client, case: Any) -> None:
    states = [client.get(f"/api/v1/notices/?as_of={day}").json()["results"] for day in ("2018-02-28", "2018-06-01")]
    assert states[0] == []
    assert (states[1][0]["state"], [event["state"] for event in states[1][0]["events"]]) == ("published", ["published"])
    assert client.get("/api/v1/notices/?as_of=2018-08-01").json()["results"][0]["state"] == "deleted"


@pytest.mark.parametrize(
    ("question", "day", "found"),
    [
        ("people/?phase=detention", "2018-06-01", 1),
        ("people/?phase=detention", "2018-09-01", 0),
        ("people/?phase=release", "2018-09-01", 1),
        ("people/?host=TR", "2018-04-01", 0),
        ("incidents/?stage=detention", "2018-06-01", 1),
        ("incidents/?reached=release", "2018-06-01", 0),
        ("incidents/?status=ended", "2018-06-01", 0),
        ("incidents/?status=unknown", "2018-06-01", 1),
        ("incidents/?status=ended", "2019-01-01", 1),
        ("stages/?kind=release", "2018-06-01", 0),
    ],
)
def test_filters_ask_about_the_day_too(client: Client, case: Any, question: str, day: str, found: int) -> None:
    name, _, query = question.partition("/?")
    page = client.get(f"/{name}/?{query}&as_of={day}") if name != "stages" else None
    assert client.get(f"/api/v1/{name}/count/?{query}&as_of={day}").json() == {"count": found}
    assert page is None or page.context["count"] == found


def test_the_page_names_the_day_and_leads_back_to_now(client: Client, case: Any) -> None:
    for address in (f"/people/{case.person.ref}/", f"/incidents/{case.incident.ref}/", "/people/", "/incidents/"):
        then = client.get(f"{address}?as_of=2018-06-01").content.decode()
        assert "As of 1 June 2018, not now." in then and f'href="{address}' in then
        assert "not now" not in client.get(address).content.decode()
    person = client.get(f"/people/{case.person.ref}/?as_of=2018-06-01").content.decode()
    assert "outcome" not in person
    assert "Detained since 2 May 2018" in person and "elease" not in person.partition("<h2")[0]
    assert "until September 2018" not in person
    assert "until September 2018" in client.get(f"/people/{case.person.ref}/").content.decode()


@pytest.mark.parametrize("day", ["2018-6-1", "yesterday", "2018-02-30", "", "2018-06-01&as_of=2018-06-02"])
def test_a_day_that_makes_no_sense_is_refused_by_name(client: Client, case: Any, day: str) -> None:
    for address in (f"/people/{case.person.ref}/", f"/api/v1/people/{case.person.ref}/", "/api/v1/incidents/"):
        response = client.get(f"{address}?as_of={day}")
        assert response.status_code == 400 and b"as_of" in response.content
    assert client.get(f"/sources/SRC-00000000/?as_of={day}").status_code == 400


def test_a_slip_in_the_name_of_a_parameter_is_no_page_of_now(client: Client, case: Any) -> None:
    for name in ("incidents", "notices", "ccf-requests", "duties", "sources", "countries", "agreements", "events"):
        refused = client.get(f"/{name}/00000000/?asof=2018-06-01")
        assert refused.status_code == 400, name
        assert "There is no parameter “asof” here." in refused.content.decode()
    known = client.get(f"/people/{case.person.ref}/?asof=2018-06-01").content.decode()
    assert "Known: as_of, known_on." in known and "Detained" not in known


def test_a_hidden_record_and_a_missing_one_are_alike_on_any_day(client: Client, case: Any) -> None:
    hidden = make_person("Gulnar", level="team")
    for moment in ("as_of=2018-06-01", "as_of=nonsense", "known_on=2018-06-01"):
        one, other = (client.get(f"/people/{ref}/?{moment}") for ref in (hidden.ref, "PER-00000000"))
        assert (one.status_code, one.content) == (other.status_code, other.content)


def test_an_export_holds_the_rows_of_that_day(case: Any) -> None:
    response: Any = signed_in(somebody("ann")).get("/incidents/export.csv?as_of=2018-05-01")
    assert len(b"".join(response.streaming_content).splitlines()) == 1
