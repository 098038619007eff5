"""How many queries an answer takes does not depend on how many records it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.codebook import RESOURCES
from cases.situation.settling import settle_all
from cases.views import PAGES
from records.lists.codebook import Resource
from tests.world import make_case

pytestmark = pytest.mark.django_db
PAGED = [list_page.resource for list_page, _, _ in PAGES]
LISTS = [
    *(f"/api/v1/{resource.name}/" for resource in RESOURCES),
    *(f"/api/v1/{resource.name}/count/" for resource in RESOURCES),
    *(f"/{resource.name}/" for resource in PAGED),
    *(f"/{resource.name}/export.csv" for resource in PAGED),
    "/",
    "/search/?q=tursun",
    "/codebook/",
    "/board/",
    "/deadlines/",
    "/silence/",
    "/people/?as_of=2018-12-15",
    "/api/v1/people/?q=tursun&stage=release&host=TR",
    "/api/v1/incidents/?q=held&phase=release&open_on=2018-03-01&tactic=detention",
]
by_name = {"ids": lambda resource: resource.name}


def queries(client: Client, address: str) -> int:
    """Count the queries of a request; the rows of a download are counted as they are sent."""
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(address)
        assert response.status_code == 200
        body = b"".join(response) if response.streaming else response.content
    assert body
    return len(asked)


@pytest.fixture(scope="class")
def of_two(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Twelve cases, taken back after the last test of a class, and how many queries each list took for two of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_case(4), make_case(6)
        counted = {address: queries(Client(), address) for address in LISTS}
        for number in range(7, 17):
            make_case(number)
        connection.check_constraints()  # or PostgreSQL checks them again at the end of every test
        yield counted
        transaction.set_rollback(True)


class TestAList:
    @pytest.mark.parametrize("address", LISTS)
    def test_takes_as_many_queries_for_twelve_cases_as_for_two(self, of_two: dict[str, int], address: str) -> None:
        assert queries(Client(), address) == of_two[address]


@pytest.mark.parametrize(("resource", "base"), [(r, "/api/v1/") for r in RESOURCES] + [(r, "/") for r in PAGED])
def test_a_record_takes_as_many_queries_however_much_belongs_to_it(
    client: Client, resource: Resource, base: str
) -> None:
    small, large = make_case(0), make_case(2)  # open, both: what is closed is in no danger of return
    kind = resource.singular if resource.singular != "country" else "residence"
    keys = [first_of(case, kind, resource) for case in (small, large)]
    few, many = (queries(client, f"{base}{resource.name}/{key}/") for key in keys)
    assert many == few


def first_of(case: Any, kind: str, resource: Resource) -> str:
    if kind == "residence":
        return case.person.residence_id
    return case.citations[0].ref if kind == "citation" else getattr(case, kind.replace("-", "_")).ref


#: Two of each that the database builds: the keys of the page, and their JSON.
BOUNDS = {"people": 2, "incidents": 2, "stages": 2, "notices": 6, "sources": 2, "citations": 2, "countries": 2}


@pytest.mark.parametrize(("name", "bound"), BOUNDS.items())
def test_a_list_of_the_api_stays_within_its_queries(client: Client, name: str, bound: int) -> None:
    for number in range(3):
        make_case(number)
    assert sum(settle_all()) == 3
    assert queries(client, f"/api/v1/{name}/") <= bound
