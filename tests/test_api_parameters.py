"""The parameters of the API: what each means, what is refused by its name, and that no question breaks anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.codebook import RESOURCES
from cases.views import PAGES
from records.lists.codebook import Resource
from tests.test_api import every_resource, get
from tests.world import make_case

pytestmark = pytest.mark.django_db
PAGED = [list_page.resource for list_page, _, _ in PAGES]
MISSING = {"countries": "ZZ"}


def refusal(client: Client, path: str, query: Any = None) -> dict[str, list[str]]:
    """Return what the API has to say against a request that it is expected to refuse."""
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 400, response.content
    assert all(isinstance(message, str) for messages in response.json().values() for message in messages)
    return response.json()


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
