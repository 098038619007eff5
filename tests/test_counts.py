"""How many there are: exactly up to a bound, and beyond it that there are more."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from records.lists import counting
from records.models import AuditEntry, Team
from tests.signin import may, sign_in
from tests.world import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_incidents(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make three incidents, and return the function that lets so many be counted."""
    for number in range(3):
        make_case(number)
    return lambda most: monkeypatch.setattr(counting, "MOST_COUNTED", most)


def test_what_is_within_the_bound_is_counted_exactly(client: Client, three_incidents: Callable[[int], None]) -> None:
    three_incidents(3)
    assert client.get("/api/v1/incidents/count/").json() == {"count": 3}
    assert "<strong>3</strong> incidents" in client.get("/incidents/").content.decode()
    assert "<strong>3</strong> incidents" in client.get("/").content.decode()


def test_beyond_the_bound_it_is_said_that_there_are_more(
    client: Client, three_incidents: Callable[[int], None]
) -> None:
    three_incidents(2)
    assert client.get("/api/v1/incidents/count/").json() == {"count": 2, "more": True}
    assert client.get("/api/v1/incidents/count/?scope=domestic").json() == {"count": 0}
    page = client.get("/incidents/").content.decode()
    assert "<strong>more than 2</strong> incidents" in page
    assert "Download more than 2 rows as CSV" in page
    assert "<strong>more than 2</strong> incidents" in client.get("/").content.decode()


def test_words_are_counted_for_whoever_reads_several_lanes(client: Client) -> None:
    make_case(0)
    user = may(User.objects.create_user("analyst"), "read_team")
    user.teams.add(Team.objects.create(name="first"), Team.objects.create(name="second"))
    sign_in(client, user)
    for resource in ("incidents", "people", "sources", "notices"):
        assert client.get(f"/api/v1/{resource}/count/?q=a+b+c+d").json() == {"count": 0}


def test_the_trail_of_an_export_counts_all_its_rows(client: Client, three_incidents: Callable[[int], None]) -> None:
    three_incidents(2)
    sign_in(client, may(User.objects.create_user("reader"), "read_team"))
    lines = b"".join(client.get("/incidents/export.csv")).splitlines()
    assert len(lines) == 4
    assert json.loads(AuditEntry.objects.latest("pk").details)["rows"] == 3
