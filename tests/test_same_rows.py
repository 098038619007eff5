"""Page, API and CSV answer one question with the same records, in the same order."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cases.views import PAGES
from records.lists.codebook import Resource
from records.lists.filters import CodesFilter
from records.lists.not_and_all import AnotherWay
from tests.world import COUNTRIES, STAGES, make_case

pytestmark = pytest.mark.django_db
PAGED = [list_page.resource for list_page, _, _ in PAGES]
every_page = pytest.mark.parametrize("resource", PAGED, ids=lambda resource: resource.name)
VALUES: dict[str, list[str]] = {
    "q": ["tursun", "Aybek", "held", "report", "treaty", "assembly", "Turkey", "nobody"],
    "since": ["2018-01-01", "2018-10-31", "2019-06-01"],
    "until": ["2017-12-31", "2018-10-31", "2030-01-01"],
    "open_on": ["2018-10-31", "2018-03-01", "2019-02-05"],
    "as_of": ["2018-02-01", "2018-10-31", "2030-01-01"],
    "active_on": ["2017-06-01", "2018-06-01", "2019-01-01"],
    "held_on": ["2018-10-31", "2018-03-01", "2019-02-05"],
    "on": ["1990-01-01", "2018-10-31"],
    "open": ["true", "false"],
    "followed": ["true", "false"],
    "certainty": ["possible", "certain"],
    "outlet": ["The Daily Lantern", "the daily lantern", "Nobody"],
    "ethnicity": ["Uyghur", "uyghur", "Uighur", "Kazakh"],
    "language": ["en", "EN", "zh"],
    "region": ["Western Asia", "western asia", "Nowhere"],
    "tactic": ["detention", "rendition"],
    "actor_kind": ["host_police"],
    "origin_known": ["true", "false"],
}


def by_pages(client: Client, resource: Resource, query: dict[str, Any]) -> list[str]:
    """Return the key that each row of a list page links to first; further links lead to what belongs to it."""
    page = client.get(f"/{resource.name}/", query)
    assert page.status_code == 200
    table = re.search("<tbody>(.*?)</tbody>", page.content.decode(), re.DOTALL)
    rows = re.findall("<tr.*?</tr>", table.group(1), re.DOTALL) if table else []
    links = [re.search(rf'href="/{resource.name}/([A-Z0-9-]+)/"', row) for row in rows]
    return [link.group(1) for link in links if link]


def by_csv(client: Client, resource: Resource, query: dict[str, Any]) -> list[str]:
    response = client.get(f"/{resource.name}/export.csv", query)
    assert response.status_code == 200
    rows = csv.DictReader(io.StringIO(b"".join(response).decode("utf-8"), newline=""))
    return [row[resource.columns[0].name] for row in rows]


def by_api(client: Client, resource: Resource, query: dict[str, Any]) -> list[str]:
    found = []
    page = client.get(f"/api/v1/{resource.name}/", {**query, "page_size": 2})
    while True:
        assert page.status_code == 200, page.content
        found += [record[resource.columns[0].name] for record in page.json()["results"]]
        if not page.json()["next"]:
            return found
        page = client.get(page.json()["next"])


def agree(client: Client, resource: Resource, query: dict[str, Any]) -> list[str]:
    """Return the answer of the API, having made sure that page, CSV and count give the same."""
    api = by_api(client, resource, query)
    assert by_csv(client, resource, query) == api
    assert by_pages(client, resource, query) == api
    filters = {name: value for name, value in query.items() if name != "ordering"}
    assert client.get(f"/api/v1/{resource.name}/count/", filters).json() == {"count": len(api)}
    return api


@every_page
def test_unfiltered_and_in_every_order(client: Client, resource: Resource) -> None:
    for number in range(3):
        make_case(number)
    for ordering in resource.orderings:
        there = agree(client, resource, {"ordering": ordering.name})
        assert there == agree(client, resource, {"ordering": f"-{ordering.name}"})[::-1]
        assert there


@every_page
def test_each_filter_alone(client: Client, resource: Resource) -> None:
    cases = [make_case(number) for number in range(3)]
    for name in questions(resource):
        # What is left out, or all of several, is held for every value by test_filters_not_and_all.
        most = 1 if isinstance(resource.filterset.base_filters[name], AnotherWay) else 3
        for value in values(resource, name, cases)[:most]:
            # Asked in one order: the page of people opens with targets first, and the API with names.
            agree(client, resource, {name: value, "ordering": resource.orderings[0].name})


def questions(resource: Resource) -> list[str]:
    """Return the filters that a stranger can use; what was known on a day is asked in test_recall.py."""
    return sorted(resource.filterset.base_filters.keys() - {"known_on"})


def values(resource: Resource, name: str, cases: list[Any]) -> list[str]:
    """Values to ask a filter for: some that are there, and some that are not."""
    question = resource.filterset.base_filters[name]
    if isinstance(question, AnotherWay):
        return values(resource, name.rpartition("_")[0], cases)
    if isinstance(question, CodesFilter):
        likely = [
            code for code in (*STAGES, "target", "other", "deletion", "ongoing") if code in question.vocabulary.values
        ]
        return [*likely, *(code for code in question.vocabulary.values if code not in likely)]
    if name == "actor":
        return [case.organisation.ref for case in cases]
    if name in ("person", "source", "incident", "notice", "agreement", "record"):
        return [getattr(case, "person" if name == "record" else name).ref for case in cases]
    if name == "kind":
        return ["news_report"]
    return VALUES.get(name, list(COUNTRIES))


@every_page
def test_filters_together_in_any_order(client: Client, resource: Resource) -> None:
    cases = [make_case(number) for number in range(4)]
    answered = []

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        names = data.draw(st.lists(st.sampled_from(questions(resource)), max_size=3, unique=True))
        query = {name: data.draw(st.sampled_from(values(resource, name, cases)[:6])) for name in names}
        assume(query.get("since", "") <= query.get("until", "9999"))  # what is refused is asked below
        ordering = data.draw(st.sampled_from(resource.orderings))
        query["ordering"] = data.draw(st.sampled_from(["", "-"])) + ordering.name
        answered.append(agree(client, resource, query))

    ask()
    assert any(answered)


@every_page
def test_what_one_refuses_all_refuse(client: Client, resource: Resource) -> None:
    make_case(1)
    for query in ({"nonsense": "1"}, {"ordering": "nonsense"}, {next(iter(resource.filterset.base_filters)): "\0"}):
        refused_alike(client, resource, query)


DATED = [resource for resource in PAGED if {"since", "until"} <= resource.filterset.base_filters.keys()]


@pytest.mark.parametrize("resource", DATED, ids=lambda resource: resource.name)
def test_a_first_day_after_the_last_is_refused_with_both_names(client: Client, resource: Resource) -> None:
    make_case(1)
    refused = refused_alike(client, resource, {"since": "2020-01-01", "until": "2018-01-01"})
    assert refused.keys() == {"since", "until"}
    agree(client, resource, {"since": "2018-01-01", "until": "2018-01-01"})


def refused_alike(client: Client, resource: Resource, query: dict[str, Any]) -> dict[str, Any]:
    """Return why the API refuses a question, having made sure that CSV and page refuse it for the same parameters."""
    api = client.get(f"/api/v1/{resource.name}/", query)
    table = client.get(f"/{resource.name}/export.csv", query)
    page = client.get(f"/{resource.name}/", query)
    assert (api.status_code, table.status_code, page.status_code) == (400, 400, 400)
    assert api.json().keys() == table.json().keys() == page.context["problems"].keys()
    assert "<tbody>" not in page.content.decode()
    return api.json()
