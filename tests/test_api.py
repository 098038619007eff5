"""Reading through the API: lists, counts, pages and records, and what every answer of it has in common."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.codebook import RESOURCES
from records.lists.codebook import Resource
from tests.factories import make_incident, make_involvement, make_person, make_source, make_stage
from tests.world import make_case

pytestmark = pytest.mark.django_db
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def get(client: Client, path: str, **query: Any) -> Any:
    """Return the answer to a request that is expected to succeed."""
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


@every_resource
def test_a_list_gives_its_records_and_its_neighbours(client: Client, resource: Resource) -> None:
    make_case(1)
    page = get(client, f"{resource.name}/")
    assert list(page) == ["next", "previous", "results"]
    assert (page["next"], page["previous"]) == (None, None)
    assert page["results"]
    assert list(page["results"][0]) == [column.name for column in resource.columns]


@every_resource
def test_an_empty_list_is_a_list(client: Client, resource: Resource) -> None:
    assert get(client, f"{resource.name}/") == {"next": None, "previous": None, "results": []}
    assert get(client, f"{resource.name}/count/") == {"count": 0}


@every_resource
def test_a_record_stands_alone_as_it_stands_in_its_list(client: Client, resource: Resource) -> None:
    make_case(1)
    for record in get(client, f"{resource.name}/")["results"]:
        assert get(client, f"{resource.name}/{record[resource.columns[0].name]}/") == record


@every_resource
def test_a_count_is_the_number_of_records_on_all_pages(client: Client, resource: Resource) -> None:
    for number in range(3):
        make_case(number)
    count = get(client, f"{resource.name}/count/")["count"]
    assert count == len(get(client, f"{resource.name}/", page_size=200)["results"]) > 1


def test_a_count_takes_the_filters_of_its_list(client: Client) -> None:
    make_case(0), make_case(1)
    assert get(client, "people/count/", standing="other") == {"count": 4}, "two relatives, two ministries"
    assert get(client, "people/count/", standing=["other", "target"]) == {"count": 6}


def test_pages_follow_each_other_by_absolute_addresses(client: Client) -> None:
    for number in range(5):
        make_case(number)
    first = client.get("/api/v1/incidents/", {"page_size": "2", "scope": "cross_border", "fields": "ref"}).json()
    assert first["next"].startswith("http://testserver/api/v1/incidents/?")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert [len(page["results"]) for page in (first, second, third)] == [2, 2, 1]
    assert third["next"] is None
    assert client.get(second["previous"]).json() == first
    assert list(second["results"][0]) == ["ref"]


def test_a_case_reads_as_it_was_entered(client: Client) -> None:
    person = make_person("Aybek Tursun")
    incident = make_incident(start="2018-10-31")
    involvement = make_involvement(incident, person)
    make_stage(involvement, "detention", "2018-10-31", position=1)
    make_stage(involvement, "conditional_release", "2019-01-25", position=2)
    make_stage(involvement, "decision_pending", "", position=3)
    record = get(client, f"incidents/{incident.ref}/")
    assert record["start"] == {
        "edtf": "2018-10-31",
        "earliest": "2018-10-31",
        "latest": "2018-10-31",
        "precision": "day",
    }
    assert record["end"] is None
    assert (record["origins"], record["hosts"]) == ([{"country": "CN", "attribution": "unknown"}], ["TR"])
    [part] = record["people"]
    assert (part["person"], part["stage"], part["phase"]) == (person.ref, "conditional_release", "release")
    assert (part["liberty"]["value"], part["liberty"]["since"]["edtf"]) == ("on_conditions", "2019-01-25")
    assert (part["procedure"]["kind"], part["procedure"]["pending"]) == ("decision_pending", True)
    assert (part["open"], part["since"]["edtf"], part["status"]["value"]) == (True, "2019-01-25", "ongoing")
    assert {stage["kind"] for stage in record["stages"]} == {"detention", "conditional_release", "decision_pending"}
    [case] = get(client, f"people/{person.ref}/")["incidents"]
    assert (case["ref"], case["stage"], case["open"]) == (incident.ref, "conditional_release", True)


@every_resource
def test_what_does_not_exist_is_not_found(client: Client, resource: Resource) -> None:
    paths = [
        "PER-00000000",
        "ZZ",
        "1",
        "count",
        "people",
        "PER-8QX3M2VD%00",
        "%00",
        "..%2f..",
        "%ff",
        "per-8qx3m2vd",
        "é",
    ]
    for path in paths[:3] + paths[4:]:
        response = client.get(f"/api/v1/{resource.name}/{path}/")
        assert (response.status_code, response.json()) == (404, {"detail": "Not found."}), path
    for nowhere in ("nothing", f"{resource.name}/0.5", f"{resource.name}/two%0Alines"):
        for method in (client.get, client.post, client.put, client.patch, client.delete):
            response = method(f"/api/v1/{nowhere}/")
            assert (response.status_code, response.json()) == (404, {"detail": "Not found."}), (nowhere, method)


def test_a_missing_slash_is_added(client: Client) -> None:
    assert client.get("/api/v1/people?standing=target").headers["Location"] == "/api/v1/people/?standing=target"


@every_resource
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_strangers_write_nothing(client: Client, resource: Resource, method: str) -> None:
    case = make_case(1)
    before = get(client, f"{resource.name}/")
    key = before["results"][0][resource.columns[0].name]
    written = {"post": "", "patch": f"{key}/"} if resource in {entry.resource for entry in WRITABLE_RESOURCES} else {}
    for path in ("", "count/", f"{key}/"):
        response = getattr(client, method)(
            f"/api/v1/{resource.name}/{path}", {"label": "x"}, content_type="application/json"
        )
        assert response.status_code == (401 if written.get(method) == path else 405)
    assert get(client, f"{resource.name}/") == before
    assert case.person.label


def test_head_gives_the_headers_of_get_and_options_the_methods(client: Client) -> None:
    make_case(1)
    for path in ("people/", "people/count/", "", "schema/"):
        full, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Type"] == full.headers["Content-Type"]
        options = client.options(f"/api/v1/{path}")
        assert options.status_code == 200
        allowed = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if path == "people/" else set())
        assert {word.strip() for word in options.headers["Allow"].split(",")} == allowed


@pytest.mark.parametrize("accept", ["text/html", "application/xml", ";;;", "*/*", "application/json;q=", ""])
def test_the_api_speaks_json_whatever_is_asked_for(client: Client, accept: str) -> None:
    response = client.get("/api/v1/people/", headers={"Accept": accept})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


def test_caches_ask_again_and_an_unchanged_answer_is_not_sent_twice(client: Client) -> None:
    make_case(1)
    response = client.get("/api/v1/people/")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in response.headers["Vary"]
    again = client.get("/api/v1/people/", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_person("Somebody new")
    assert client.get("/api/v1/people/", headers={"If-None-Match": response.headers["ETag"]}).status_code == 200


def test_what_somebody_signed_in_reads_is_kept_nowhere(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/api/v1/people/").headers["Cache-Control"] == "no-store"


def test_the_text_of_a_source_is_not_published(client: Client) -> None:
    source = make_source(text="The private text of an article.")
    for path in ("sources/", f"sources/{source.ref}/", "citations/"):
        assert "private text" not in json.dumps(get(client, path))


def test_the_front_of_the_api_says_where_everything_is(client: Client) -> None:
    found = get(client, "")
    assert [*found] == [*(resource.name for resource in RESOURCES), "schema", "docs"]
    for address in found.values():
        assert client.get(address).status_code == 200
