"""Incidents stand in the order of the countries that each reader sees, and of none that they do not see."""

from __future__ import annotations

import random
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cases.codebook import INCIDENTS
from cases.models import CountryKey, Incident, IncidentCountry
from records.access.clearance import Clearance
from records.audit.acts import act
from records.lists.paging import in_order, page
from records.models import Team
from records.models.is_visible import Reader
from seeds.consistency import incidents_stand_where_their_countries_put_them
from tests.factories import make_country, make_incident
from tests.signin import give_factor, may

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
ORDERS = ("origin", "-origin", "host", "-host")
COUNTRIES = ("CA", "CN", "MA", "NO", "TR")


@pytest.fixture
def readers() -> dict[str, Any]:
    """One reader of each kind, of whom one is named by incidents."""
    names = ("partner", "north", "named")
    made = {name: User.objects.create_user(name) for name in names}
    Team.objects.get_or_create(name="North")[0].members.add(made["north"])
    give_factor(made["named"])
    rights = {"partner": "read_partner", "north": "read_team", "named": "read_team"}
    made = {name: may(made[name], right) for name, right in rights.items()}
    return {"stranger": STRANGER, **made, "broken glass": Reader(Clearance(everything=True))}


def make_incidents(chance: random.Random, number: int) -> None:
    """Make incidents of every level and of two teams, whose countries have levels of their own."""
    for code in COUNTRIES:
        make_country(code)
    teams = [None, Team.objects.get(name="North"), Team.objects.create(name="Far")]
    levels = ("public", "public", "partner", "team", "restricted")
    for place in range(number):
        incident = make_incident(f"Incident {place}", level=chance.choice(levels[:4]), team=chance.choice(teams))
        incident.country_parts.all().delete()
        if chance.random() < 0.3:
            incident.readers.add(User.objects.get(username="named"))
        for part, attribution in (("origin", "stated"), ("location", "")):
            for code in chance.sample(COUNTRIES, k=chance.randint(0, 3)):
                IncidentCountry.objects.create(
                    incident=incident, country_id=code, part=part, attribution=attribution, level=chance.choice(levels)
                )


def paged(user: Any, code: str) -> list[str]:
    """Return the references of all pages, one after another."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        rows = page(INCIDENTS.rows_for_keys(user), INCIDENTS.ordering(code), cursor, 7, keys=True)
        found += [row.sort_ref for row in rows.rows]
        cursor = rows.next
    return found


def expected(user: Any, code: str) -> list[str]:
    rows = in_order(INCIDENTS.rows_for_keys(user), INCIDENTS.ordering(code))
    return list(rows.values_list("sort_ref", flat=True))


def test_every_reader_has_the_incidents_in_the_order_of_what_they_see(readers: Any) -> None:
    with act("the test", "test", may_open=True):
        make_incidents(random.Random(1), 60)
    assert not list(incidents_stand_where_their_countries_put_them())
    for name, user in readers.items():
        for code in ORDERS:
            ordering, rows = INCIDENTS.ordering(code), INCIDENTS.rows_for_keys(user)
            assert ordering.places and ordering.places(in_order(rows, ordering)) is not None
            assert paged(user, code) == expected(user, code), (name, code)


@pytest.fixture
def incident() -> Incident:
    """A public incident behind which two states are, one of them for the team alone, beside one without any."""
    with act("the test", "test", may_open=True):
        for code in COUNTRIES:
            make_country(code)
        made = make_incident("Two states", origin="NO")
        IncidentCountry.objects.create(
            incident=made, country_id="CN", part="origin", attribution="stated", level="team"
        )
        make_incident("Morocco", origin="MA")
    return made


def titles(client: Client) -> list[str]:
    return [each["title"] for each in client.get("/api/v1/incidents/?ordering=origin").json()["results"]]


def test_the_order_does_not_tell_of_a_country_that_the_reader_does_not_see(incident: Incident) -> None:
    analyst = Client()
    analyst.force_login(may(User.objects.create_user("ann"), "read_team"))
    assert titles(Client()) == ["Morocco", "Two states"]
    assert titles(analyst) == ["Two states", "Morocco"]


def test_whatever_writes_the_order_is_that_of_the_countries(incident: Incident) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_incidentcountry SET country_id = 'CA' WHERE country_id = 'NO'")
    assert titles(Client()) == ["Two states", "Morocco"]
    call_command("rebuild_situations", "--marked", stdout=StringIO())
    assert titles(Client()) == ["Two states", "Morocco"]


def test_a_place_that_is_stored_wrongly_shows_nothing_and_is_found(incident: Incident) -> None:
    CountryKey.objects.filter(incident=incident, country="NO").update(country="TR")
    assert titles(Client()) == ["Morocco"]
    assert [ref for ref, _ in incidents_stand_where_their_countries_put_them()] == [incident.ref]
