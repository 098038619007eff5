"""Partners send in incidents with all their parts: countries, tactics, actors and demands."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Incident
from tests.factories import make_country, make_source, make_tactic
from tests.partners import partner, partner_client, refused, submitted

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db


def test_partners_send_in_all_of_it(partner_client: Client) -> None:
    client = partner_client
    make_source(), make_tactic("abduction")
    for code in ("CN", "CA", "TR", "NO", "MA"):
        make_country(code)
    person = submitted(client, "people/", {"label": "Dilmurat Y.", "standing": "target"})["ref"]
    body = {
        "title": "Taken off a bus",
        "scope": "cross_border",
        "tactics": [{"tactic": "abduction", "occurred": "2018-10"}],
        "origins": [{"country": "CN", "attribution": "stated"}, {"country": "CA", "attribution": "suspected"}],
        "locations": ["TR", "NO"],
        "transits": ["MA"],
        "destinations": ["CN"],
        "actors": [{"words": "two men", "part": "carried_out", "answer": "silent"}],
        "people": [{"person": person}],
        "demands": [{"person": person, "kind": "return", "channel": "call", "threat": "prison"}],
    }
    read = submitted(client, "incidents/", body)
    assert [each["country"] for each in read["origins"]] == ["CA", "CN"]
    assert (read["hosts"], read["transits"], read["destinations"]) == (["NO", "TR"], ["MA"], ["CN"])
    assert (read["actors"][0]["words"], read["demands"][0]["threat"]) == ("two men", "prison")
    assert read["tactics"][0]["occurred"]["edtf"] == "2018-10"


def test_a_state_of_which_nothing_more_is_said_is_tied_to_it_in_an_unknown_way(partner_client: Client) -> None:
    make_country("CN")
    read = submitted(
        partner_client, "incidents/", {"title": "x", "scope": "cross_border", "origins": [{"country": "CN"}]}
    )
    assert read["origins"] == [{"country": "CN", "attribution": "unknown"}]


def test_a_demand_hangs_on_the_part_of_the_one_to_whom_it_happened(partner_client: Client) -> None:
    person = submitted(partner_client, "people/", {"label": "Dilmurat Y.", "standing": "target"})["ref"]
    parts = [{"person": person, "role": "witness"}, {"person": person, "role": "subject"}]
    body = {"title": "x", "scope": "cross_border", "people": parts}
    submitted(partner_client, "incidents/", body | {"demands": [{"person": person, "kind": "return"}]})
    assert Incident.objects.get().demands.get().involvement.role == "subject"


def test_a_demand_on_somebody_who_is_not_named_is_refused_at_its_place(partner_client: Client) -> None:
    person = submitted(partner_client, "people/", {"label": "Dilmurat Y.", "standing": "target"})["ref"]
    body = {"title": "x", "scope": "cross_border", "demands": [{"person": person, "kind": "return"}]}
    assert refused(partner_client, "incidents/", body) == {
        "demands/0/person": ["Name this person among “people” too, with a role."]
    }
