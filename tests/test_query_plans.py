"""No page and no list reads a whole table again for every row: at 10,000 incidents each answers from indexes.

The plans are the databases' own, made over data of that size. One statement of each shape is looked at, before it is
carried out, so that one which would take minutes fails at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from cases.codebook import RESOURCES
from cases.views import PAGES
from records.models import Team
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
ADDRESSES = [
    "/",
    "/board/",
    "/silence/",
    "/deadlines/",
    *(f"/{list_page.resource.name}/" for list_page, _, _ in PAGES),
    *(f"/api/v1/{resource.name}/" for resource in RESOURCES),
    *(f"/api/v1/{resource}/?{question}" for resource in ("incidents", "people") for question in QUESTIONS),
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
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
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


def test_the_data_are_large_where_it_matters(large: set[str]) -> None:
    assert {"cases_person", "cases_incident", "cases_stage", "cases_citation", "cases_notice"} <= large
    assert "cases_storedsituation" in large
