"""Whether a case is open, where that is not known: told apart on every surface, and never left out unsaid."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_citation, make_incident, make_involvement, make_person, make_source, make_stage

pytestmark = pytest.mark.django_db


def refs(client: Client, address: str) -> set[str]:
    return {row["ref"] for row in client.get(f"/api/v1/{address}").json()["results"]}


def text(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def make_case(label: str, *steps: tuple[str, str], **fields: Any) -> tuple[str, str]:
    """Make a case of somebody, whose steps are told in no order; return the references of person and incident."""
    role, status = fields.pop("role", "subject"), fields.pop("status", "unknown")
    person, incident = make_person(label), make_incident(f"Case of {label}", **{"start": "2019"} | fields)
    row = make_involvement(incident, person, role=role, status=status, status_as_of="2022" if status == "ended" else "")
    source = make_source(published="2019-12-31")
    for kind, occurred in steps:
        leads = {"destination": "CN"} if kind == "deportation" else {}
        make_citation(source, "kind", stage=make_stage(row, kind, occurred, country="TR", **leads))
    return person.ref, incident.ref


def test_open_can_be_asked_as_not_known(client: Client) -> None:
    unknown = make_case("Not known", ("detention", "2019"), ("release", "2019"))
    is_open, closed = make_case("Held", ("detention", "2019")), make_case("Free", ("release", "2019"))
    for place, resource in enumerate(("people", "incidents")):
        for name in ("open", "followed"):
            assert refs(client, f"{resource}/?{name}=unknown") == {unknown[place]}
            assert refs(client, f"{resource}/?{name}=true") == {is_open[place]}
            assert refs(client, f"{resource}/?{name}=false") == {closed[place]}


def test_open_on_a_day_asks_what_open_asks_as_of_it(client: Client) -> None:
    """The arrest and the beginning have no date: they had come by 31 December 2019, when a source told of it."""
    _, incident = make_case("Undated", ("detention", ""), start="")
    assert refs(client, "incidents/?as_of=2020-02-01&open=true") == {incident}
    assert refs(client, "incidents/?open_on=2020-02-01&certainty=certain") == {incident}
    assert refs(client, "incidents/?open_on=2019-06-01") == {incident}
    assert refs(client, "incidents/?open_on=2019-06-01&certainty=certain") == set()


def test_open_on_a_day_is_somebodys_case(client: Client) -> None:
    """A father was taken to reach his son: his is no case of his own in it, so open=true does not find it either."""
    make_case("The father", ("detention", "2019"), role="relative")
    assert (
        refs(client, "incidents/?open_on=2020-02-01") == refs(client, "incidents/?as_of=2020-02-01&open=true") == set()
    )


def test_silence_asks_after_who_is_followed_and_says_what_it_leaves_out(client: Client) -> None:
    make_case("Not known", ("detention", "2019"), ("release", "2019"))
    make_case("Removed", ("deportation", "2019"))
    make_case("Free", ("release", "2019"))
    make_case("At home", ("detention", "2019"), scope="domestic")
    told = text(client, "/silence/")
    assert "2 silent cases" in told
    assert "Among them: 1 not known to be open, 1 closed and still followed." in told
    assert "Left out: 1 domestic case that is not closed, silent or not." in told
    assert "Removed" in told and "Not known" in told and "Case of Free" not in told and "Case of At home" not in told
    assert "Left out" not in text(client, "/silence/?scope=domestic")


def test_the_board_says_who_is_followed_and_that_an_ended_case_is_over(client: Client) -> None:
    make_case("Removed", ("deportation", "2019"))
    make_case("Ended", ("detention", "2019"), status="ended")
    make_case("Not known", ("detention", "2019"), ("release", "2020"))
    told = text(client, "/board/")
    assert "Deported from Türkiye to China in 2019 Closed, still followed" in told
    assert "Detained in Türkiye in 2019 Closed" in told
    assert "not known whether open" not in told
    assert "not known whether open" in text(client, "/board/?as_of=2020-06-01")


def test_the_page_of_somebody_with_several_cases_counts_them_apart(client: Client) -> None:
    person = make_person("Aybek Tursun")
    for number, kinds in enumerate((("detention",), ("detention", "release"), ("release",))):
        row = make_involvement(make_incident(f"Case {number}", start="2019"), person, status="unknown", status_as_of="")
        for kind in kinds:
            make_stage(row, kind, "2019", country="TR")
    told = text(client, f"/people/{person.ref}/")
    assert "3 cases, 1 of them open, 1 of which that is not known." in told


def test_what_perhaps_happened_rests_on_its_sources(client: Client) -> None:
    person, _ = make_case("Aybek Tursun", ("detention", "2021"))
    told = text(client, f"/people/{person}/?as_of=2021-06-15")
    assert "detention perhaps had, by its date; 1 independent source." in told


def test_a_removal_to_a_place_that_is_not_told_is_not_said_to_lead_elsewhere(client: Client) -> None:
    row = make_involvement(make_incident("Deported", start="2020"), make_person("Aybek Tursun"))
    make_stage(row, "deportation", "2020-03-01", country="TR")
    told = text(client, f"/people/{row.person.ref}/")
    assert "removed, where to is not told" in told and "removed elsewhere" not in told
