"""The order of steps, and what they bound, on every surface that lists them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from cases.models import Person
from tests.dossiers import dossier_of
from tests.factories import make_incident, make_involvement, make_person, make_stage

pytestmark = pytest.mark.django_db


def refs(client: Client, address: str) -> set[str]:
    return {row["ref"] for row in client.get(f"/api/v1/{address}").json()["results"]}


@pytest.fixture
def freed(client: Client) -> dict[str, str]:
    """Somebody arrested on 10 June 2021, and let out at some time of that year, told in this order."""
    incident, person = make_incident("Held in Izmir", start="2021-06-10"), make_person("Aybek Tursun")
    row = make_involvement(incident, person)
    make_stage(row, "detention", "2021-06-10", country="TR", position=1)
    make_stage(row, "release", "2021", country="TR", position=2)
    return {"person": person.ref, "incident": incident.ref}


def test_a_vague_step_stands_after_the_one_that_it_is_told_after(client: Client, freed: dict[str, str]) -> None:
    told = client.get(f"/api/v1/incidents/{freed['incident']}/").json()["stages"]
    assert [stage["kind"] for stage in told] == ["detention", "release"]
    for address in (f"/people/{freed['person']}/", f"/incidents/{freed['incident']}/"):
        steps = client.get(address).content.decode().partition('<table class="timeline"')[2]
        assert re.findall(r"\b(Detention|Release)\b", steps)[:2] == ["Detention", "Release"], address


def test_the_dossier_tells_them_in_that_order(freed: dict[str, str]) -> None:
    found = dossier_of(Person.objects.get(ref=freed["person"]))
    assert [step.what for step in found.all_steps] == ["Detention", "Release"]


def test_certainly_held_is_nobody_who_perhaps_was_let_out(client: Client, freed: dict[str, str]) -> None:
    for resource, key in (("people", "person"), ("incidents", "incident")):
        day = "held_on=2021-09-01"
        assert freed[key] in refs(client, f"{resource}/?{day}")
        assert freed[key] in refs(client, f"{resource}/?{day}&certainty=possible")
        assert freed[key] not in refs(client, f"{resource}/?{day}&certainty=certain")
        assert freed[key] not in refs(client, f"{resource}/?held_on=2022-01-15")


def test_a_surrender_that_was_granted_is_found_while_it_is_stayed(client: Client) -> None:
    person = make_person("Aybek Tursun")
    row = make_involvement(make_incident("Asked for"), person)
    make_stage(row, "extradition_granted", "2021-05-10", country="MA", position=1)
    make_stage(row, "interim_measure", "2021-05-12", country="MA", position=2)
    for kind in ("extradition_granted", "interim_measure"):
        assert person.ref in refs(client, f"people/?procedure={kind}")
    (told,) = client.get(f"/api/v1/people/{person.ref}/?as_of=2021-06-01").json()["incidents"][0]["procedures"]
    assert (told["kind"], told["decision"], told["decided"]["edtf"]) == (
        "interim_measure",
        "extradition_granted",
        "2021-05-10",
    )


def test_a_case_said_to_have_ended_has_nobody_held_and_nothing_pending(client: Client) -> None:
    person, incident = make_person("Aybek Tursun"), make_incident("Held in Oslo", start="2009-01-01")
    row = make_involvement(incident, person, status="ended", status_as_of="2018")
    make_stage(row, "detention", "2009-09-15", country="NO", position=1)
    make_stage(row, "surrender_risk", "2009-09-16", country="NO", position=2)
    today = date.today().isoformat()
    assert person.ref in refs(client, "people/?held_on=2009-10-01")
    for resource, ref in (("people", person.ref), ("incidents", incident.ref)):
        assert ref not in refs(client, f"{resource}/?held_on={today}")
        assert ref not in refs(client, f"{resource}/?procedure=surrender_risk")
