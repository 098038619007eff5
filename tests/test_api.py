"""Reading through the API: what it answers, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.codebook import RESOURCES
from cases.submitting import ENTRIES
from cases.views import PAGES
from sources.codebook import Resource
from tests.factories import make_incident, make_involvement, make_person, make_source, make_stage
from tests.world import make_case

pytestmark = pytest.mark.django_db
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
PAGED = [list_page.resource for list_page, _, _ in PAGES]
MISSING = {"countries": "ZZ"}


def get(client: Client, path: str, **query: Any) -> Any:
    """Return the answer to a request that is expected to succeed."""
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def refusal(client: Client, path: str, query: Any = None) -> dict[str, list[str]]:
    """Return what the API has to say against a request that it is expected to refuse."""
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 400, response.content
    assert all(isinstance(message, str) for messages in response.json().values() for message in messages)
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
    assert get(client, "people/count/", standing="other") == {"count": 2}
    assert get(client, "people/count/", standing=["other", "target"]) == {"count": 4}


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
    make_stage(involvement, "detention", "2018-10-31")
    make_stage(involvement, "conditional_release", "2019-01-25", position=1)
    make_stage(involvement, "decision_pending", "", position=2)
    record = get(client, f"incidents/{incident.ref}/")
    assert record["start"] == {
        "edtf": "2018-10-31",
        "earliest": "2018-10-31",
        "latest": "2018-10-31",
        "precision": "day",
    }
    assert record["end"] is None
    assert (record["origin"], record["host"]) == ("CN", "TR")
    assert record["status"]["value"] == "ongoing"
    [part] = record["people"]
    assert (part["person"], part["stage"], part["phase"]) == (person.ref, "conditional_release", "release")
    assert (part["pending"], part["open"], part["since"]["edtf"]) == ("decision_pending", True, "2019-01-25")
    assert {stage["kind"] for stage in record["stages"]} == {"detention", "conditional_release", "decision_pending"}
    [case] = get(client, f"people/{person.ref}/")["incidents"]
    assert (case["ref"], case["stage"], case["open"]) == (incident.ref, "conditional_release", True)


def test_fields_gives_these_columns_and_no_others(client: Client) -> None:
    case = make_case(1)
    [record] = get(client, "notices/", fields="ref,state")["results"]
    assert record == {"ref": case.notice.ref, "state": "deleted"}
    assert get(client, f"notices/{case.notice.ref}/", fields="person") == {"person": case.person.ref}


@pytest.mark.parametrize("fields", ["folded", "ref,text", "ref,", "", "ref;label", "id", "level", "review"])
def test_a_column_that_is_not_public_cannot_be_asked_for(client: Client, fields: str) -> None:
    case = make_case(1)
    assert "fields" in refusal(client, "people/", {"fields": fields})
    assert "fields" in refusal(client, f"people/{case.person.ref}/", {"fields": fields})


@pytest.mark.parametrize(
    "size", ["0", "-1", "201", "1000000", "9" * 5000, "1e2", "2.5", " 5", "+5", "٥", "", "all", "0x10"]
)
def test_a_page_holds_between_1_and_200_records(client: Client, size: str) -> None:
    assert list(refusal(client, "people/", {"page_size": size})) == ["page_size"]


@every_resource
@pytest.mark.parametrize(
    "name",
    [
        "nonsense",
        "format",
        "page",
        "offset",
        "limit",
        "id",
        "ref__startswith",
        "person__team__members__password",
        "_connector",
        "",
    ],
)
def test_an_unknown_parameter_is_refused_by_name(client: Client, resource: Resource, name: str) -> None:
    key = MISSING.get(resource.name, "PER-00000000")
    for path in (f"{resource.name}/", f"{resource.name}/count/", f"{resource.name}/{key}/"):
        assert name in refusal(client, path, {name: "1"})


@every_resource
def test_what_cuts_and_sorts_a_list_means_nothing_to_its_count(client: Client, resource: Resource) -> None:
    for name in ("ordering", "cursor", "page_size", "fields"):
        assert name in refusal(client, f"{resource.name}/count/", {name: "1"})


def test_a_parameter_that_holds_one_value_is_given_once(client: Client) -> None:
    for query in ("q=a&q=b", "page_size=1&page_size=2", "ordering=label&ordering=label", "fields=ref&fields=label"):
        name = query.partition("=")[0]
        assert list(refusal(client, f"people/?{query}")) == [name]
    assert refusal(client, "people/PER-00000000/?fields=ref&fields=ref") == {"fields": ["Give “fields” once."]}


def test_filters_for_codes_can_be_given_several_times(client: Client) -> None:
    make_case(1)
    found = get(client, "people/", standing=["target", "linked"], fields="standing")["results"]
    assert sorted(record["standing"] for record in found) == ["linked", "target"]


BAD_VALUES = {
    "people": [
        "standing=hero", "standing=", "standing=target&standing=hero", "kind=Individual", "host=Turkey", "host=tr",
        "host=null", "citizenship=C", "stage=gone", "phase=", "source=SRC-1", "source=PER-8QX3M2VD",
        "source=src-8qx3m2vd", "q=", "q=%20", "q=a%00b", "q=%FF%FE", "q=%ED%A0%80", "ethnicity=" + "x" * 61,
        "q=" + "x" * 201,
        "q=" + "a+" * 9, "q=" + "王,王," * 9, "ordering=", "ordering=folded", "ordering=-born", "ordering=--label",
        "ordering=label,kind", "cursor=", "cursor=%20", "cursor=x", "cursor=eyJ9", "fields=%00",
    ],
    "incidents": [
        "since=2018-13-01", "since=2018-02-30", "since=2018", "since=31.10.2018", "since=2018-1-1", "since=+2018-01-01",
        "since=20180101", "since=２０１８-01-01", "since=0000-01-01", "open_on=today", "until=99999-01-01",
        "since=2018-01-01&since=2018-01-02", "certainty=perhaps", "certainty=", "tactic=%00", "tactic=nothing",
        "person=%27%20OR%201=1--", "person=PER-8QX3M2VI", "scope=cross_border,proxy", "status=open",
    ],
    "citations": ["record=XXX", "record=per-8qx3m2vd", "field=" + "x" * 41, "stance=maybe", "source="],
    "countries": ["region=" + "x" * 61, "q=" + "é" * 201],
    "notices": ["state=gone", "active_on=2018-10", "instrument=red", "requested_by=CHN"],
    "stages": ["incident=PER-8QX3M2VD", "kind=jail"],
    "sources": ["kind=book", "derivation=copy", "language=" + "x" * 21],
    "agreements": ["country=XX", "kind=war"],
    "events": ["country=EU", "since=x"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "query"), [(name, query) for name, all_of in BAD_VALUES.items() for query in all_of])
def test_a_value_that_makes_no_sense_is_refused_by_its_parameter(client: Client, name: str, query: str) -> None:
    problems = refusal(client, f"{name}/?{query}")
    assert list(problems) == [query.partition("=")[0]]


def test_all_problems_are_named_at_once(client: Client) -> None:
    problems = refusal(client, "incidents/?scope=x&since=y&page_size=0&fields=z&ordering=o&what=ever")
    assert sorted(problems) == ["fields", "ordering", "page_size", "scope", "since", "what"]


def test_more_parameters_than_anybody_needs_are_refused(client: Client) -> None:
    assert refusal(client, "people/?" + "&".join(f"standing=x{number}" for number in range(1500)))
    assert refusal(client, "people/?" + "&".join(f"x{number}=1" for number in range(900)))
    assert get(client, "people/?" + "&".join(["standing=target"] * 900))["results"] == []


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
    assert client.get("/api/v1/nothing/").json() == {"detail": "Not found."}


def test_a_missing_slash_is_added(client: Client) -> None:
    assert client.get("/api/v1/people?standing=target").headers["Location"] == "/api/v1/people/?standing=target"


@every_resource
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_strangers_write_nothing(client: Client, resource: Resource, method: str) -> None:
    case = make_case(1)
    before = get(client, f"{resource.name}/")
    key = before["results"][0][resource.columns[0].name]
    written = {"post": "", "patch": f"{key}/"} if resource in {entry.resource for entry in ENTRIES} else {}
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


names = st.sampled_from(
    [
        "q",
        "standing",
        "host",
        "source",
        "ordering",
        "cursor",
        "page_size",
        "fields",
        "since",
        "certainty",
        "record",
        "x",
    ]
)
values = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["target", "TR", "label", "-label", "ref", "2018-10-31", "PER-8QX3M2VD", "1", "certain", "\0", "%"]
    ),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(RESOURCES), st.lists(st.tuples(names, values), max_size=4), st.sampled_from(["", "count/"]))
def test_no_question_breaks_the_api(
    client: Client, resource: Resource, query: list[tuple[str, str]], below: str
) -> None:
    data: dict[str, list[str]] = {}
    for name, value in query:
        data.setdefault(name, []).append(value)
    response = client.get(f"/api/v1/{resource.name}/{below}", data)
    assert response.status_code in (200, 400)
    assert isinstance(response.json(), dict)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(RESOURCES), st.binary(max_size=40))
def test_no_bytes_break_api_or_pages(client: Client, resource: Resource, raw: bytes) -> None:
    query = "".join(f"%{byte:02X}" for byte in raw)
    for path in (f"{resource.name}/?q={query}", f"{resource.name}/?{query}=1", f"{resource.name}/{query}/"):
        assert client.get(f"/api/v1/{path}").status_code in (200, 400, 404)
    if resource in PAGED:
        for path in (
            f"{resource.name}/?q={query}",
            f"{resource.name}/export.csv?q={query}",
            f"{resource.name}/{query}/",
        ):
            assert client.get(f"/{path}").status_code in (200, 302, 400, 404)
    assert client.get(f"/search/?q={query}").status_code in (200, 400)
