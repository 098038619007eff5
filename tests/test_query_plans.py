"""No page and no list reads a whole table again for every row: at 10,000 incidents each answers from indexes.

The plans are the databases' own, made over data of that size. One statement of each shape is looked at, before it is
carried out, so that one which would take minutes fails at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from cases.codebook import RESOURCES
from cases.models import Incident, Notice, Person
from cases.similar_people import similar_people
from cases.views import PAGES
from records.lists.paging import PAGE_SIZE
from records.models import Team
from records.statistics import refresh
from sources.models import SourceDocument
from sources.similar_sources import similar_sources
from tests.bulk import TEAMS, make_bulk
from tests.plans import large_tables, plans_are_checked
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
INCIDENTS = 10_000
CLIENTS = {"stranger": Client(), "analyst": Client()}
#: What is asked of where cases stand.
QUESTIONS = (
    *(
        "phase=detention",
        "stage=detention&phase_not=review",
        "liberty=held&open=true",
        "followed=unknown",
        "step=detained",
    ),
    *("held_on=2019-01-01&certainty=certain", "phase=detention&as_of=2015-01-01"),
)
#: The lists that grow with the cases, and the indexes in which their rows stand in order.
WALKED = {
    "people": "person_by_label",
    "incidents": "incident_by_start",
    "stages": "stage_by_occurred",
    "sources": "source_by_published",
    "citations": "citation_by_ref",
}
#: Questions to which more rows answer than are looked up by key.
FILTERED = (
    *("incidents/?liberty=held", "incidents/?open=true", "incidents/?open_on=2019-01-01"),
    *("people/?liberty=held", "people/?open=true"),
)
#: The lists and pages that tell evidence of several kinds of records.
EVIDENT: dict[str, Any] = {"people": Person, "incidents": Incident, "notices": Notice}
ADDRESSES = [
    "/",
    "/board/",
    "/silence/",
    "/deadlines/",
    *(f"/{list_page.resource.name}/" for list_page, _, _ in PAGES),
    *(f"/api/v1/{resource.name}/" for resource in RESOURCES),
    *(f"/api/v1/{resource}/?{question}" for resource in ("incidents", "people") for question in QUESTIONS),
    *(f"/api/v1/notices/?{question}" for question in ("state=published", "state=cancelled", "active_on=2019-01-01")),
]


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[set[str]]:
    """The names of the tables with many rows. They are filled once, and emptied after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_bulk(INCIDENTS, settled=True)
        # As if acts had written all this: the first one now would seal each of these rows by a statement of its own.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE records_change SET entry = 0 WHERE entry IS NULL")
        connection.check_constraints()  # once: every test would ask it of every row
        sign_in(CLIENTS["analyst"], analyst())
        refresh()  # as either database does now and then
        yield large_tables()
        transaction.set_rollback(True)


def analyst() -> User:
    user = User.objects.create_user("analyst")
    user.teams.add(Team.objects.get(name=TEAMS[0]))
    return may(user, "read_team")


@pytest.mark.parametrize("asker", CLIENTS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_read_whole_for_every_row(large: set[str], asker: str, address: str) -> None:
    with plans_are_checked(large) as looked_at:
        response = CLIENTS[asker].get(address)
    assert response.status_code == 200
    assert looked_at


@pytest.mark.parametrize("asker", CLIENTS)
@pytest.mark.parametrize(("resource", "index"), [*WALKED.items(), ("people/?ordering=targets", "person_targets_first")])
def test_a_page_of_a_list_walks_the_index_of_its_lane(large: set[str], resource: str, index: str, asker: str) -> None:
    first = f"/api/v1/{resource}" if "?" in resource else f"/api/v1/{resource}/"
    following = CLIENTS[asker].get(first).json()["next"]
    for address in (first, following):
        pages: list[str] = []
        with connection.execute_wrapper(explained(pages, "sort_key", f"LIMIT {PAGE_SIZE + 1}")):
            assert CLIENTS[asker].get(address).status_code == 200
        assert len(pages) == 1 and index in pages[0], pages


@pytest.mark.parametrize("asker", CLIENTS)
@pytest.mark.parametrize("question", FILTERED)
def test_a_page_of_what_many_answer_to_walks_the_list_until_it_is_full(
    large: set[str], question: str, asker: str
) -> None:
    pages: list[str] = []
    with connection.execute_wrapper(explained(pages, "sort_key", f"LIMIT {PAGE_SIZE + 1}")):
        assert len(CLIENTS[asker].get(f"/api/v1/{question}").json()["results"]) == PAGE_SIZE
    assert len(pages) == 1 and WALKED[question.partition("/")[0]] in pages[0], pages


@pytest.mark.parametrize("asker", CLIENTS)
@pytest.mark.parametrize("resource", ["incidents", "people", "notices"])
def test_the_countries_to_choose_from_are_looked_up_one_by_one(large: set[str], resource: str, asker: str) -> None:
    plans: list[str] = []
    with connection.execute_wrapper(explained(plans, "asked_by")):
        assert CLIENTS[asker].get(f"/{resource}/").status_code == 200
    [plan] = plans
    wholly = set(re.findall(r"(?:Seq Scan on|SCAN) (\w+)", plan)) - {"cases_country"}
    assert not wholly & {*large, "U0", "V0"}, plan
    assert not re.search(r"SEARCH \w+ USING .*INDEX \w+ \((?:lane|part|kind_id)=", plan), plan
    if resource == "notices" and connection.vendor == "sqlite":  # by its averages a lane is as short as any other key
        assert "notice_by_requester" in plan


@pytest.mark.parametrize("asker", CLIENTS)
@pytest.mark.parametrize("address", ["/board/", *(f"/{name}/{key}" for name in EVIDENT for key in ("", "REF/"))])
def test_citations_are_looked_up_by_what_they_are_about(large: set[str], address: str, asker: str) -> None:
    model = EVIDENT.get(address.split("/")[1], Person)
    ref = model.objects.filter(lane=0).order_by("ref")[0].ref
    plans: list[str] = []
    with connection.execute_wrapper(explained(plans, 'FROM "cases_citation"', '"sources_sourcedocument"')):
        assert CLIENTS[asker].get(address.replace("REF", ref)).status_code == 200
    assert plans
    for plan in plans:
        assert not re.search(r"citation_by_|(?:SCAN|Seq Scan on) cases_citation", plan), plan


def test_people_and_sources_that_are_alike_are_looked_up_by_their_keys(large: set[str]) -> None:
    user, person = User.objects.get(username="analyst"), Person.objects.filter(names__text__contains=" ")[0]
    source, plans = SourceDocument.objects.all()[0], list[str]()
    with connection.execute_wrapper(explained(plans, "SELECT", '"lane"')):
        similar_people(person, [person.names.all()[0].text, "Idris Hasan"], user)
        similar_sources(source, user, address="https://example.org/1", text="the same")
    read = "\n".join(plans)
    for index in ("personname_by_folded", "person_by_folded_label", "source_by_address", "source_by_text"):
        assert index in read, read
    wholly = set(re.findall(r"(?:Seq Scan on|SCAN) (\w+)", read)) & large
    assert not wholly, read


def explained(plans: list[str], *words: str) -> Any:
    """Collect the plan of each statement in which all of some words stand."""

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if all(word in sql for word in words):
            with closing(connection.create_cursor()) as cursor:
                how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
                cursor.execute(f"{how} {sql}", params)
                plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    return look


def test_the_data_are_large_where_it_matters(large: set[str]) -> None:
    assert {"cases_person", "cases_incident", "cases_stage", "cases_citation", "cases_notice"} <= large
    assert "cases_storedsituation" in large
