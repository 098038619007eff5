"""Filters that leave out what has a code (`_not`), and that ask for several at once (`_all`)."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from cases.codebook import RESOURCES
from records.lists.codebook import Resource
from records.lists.not_and_all import NotFilter
from tests.factories import (
    make_agreement,
    make_incident,
    make_involvement,
    make_legal_status,
    make_person,
    make_stage,
)
from tests.filtering import case, found
from tests.test_same_rows import values
from tests.world import make_case

__all__ = ["found"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_what_a_filter_finds_and_what_it_leaves_out_make_the_list(found: Any, resource: Resource) -> None:
    cases, key = [make_case(number) for number in range(2)], resource.columns[0].name
    whole = found(resource.name, key)
    assert whole and cases
    for name, question in resource.filterset.base_filters.items():
        if isinstance(question, NotFilter):
            asked = name.removesuffix("_not")
            for code in values(resource, asked, cases)[:2]:
                having = found(resource.name, key, **{asked: code})
                assert found(resource.name, key, **{name: code}) == whole - having, (name, code)
                if f"{asked}_all" in resource.filterset.base_filters:
                    assert found(resource.name, key, **{f"{asked}_all": code}) == having, (name, code)


def test_what_has_no_value_has_none_of_those_that_are_left_out(found: Any) -> None:
    case("In Turkey", location="TR")
    case("In Norway", location="NO")
    case("At home", location="CN")
    case("Nowhere told", location="")
    assert found("incidents", host_not="TR") == {"In Norway", "At home", "Nowhere told"}
    assert found("incidents", host_not=["TR", "NO"]) == {"At home", "Nowhere told"}
    assert found("people", host_not="TR") == {"In Norway", "At home", "Nowhere told"}
    assert found("incidents", host_not="NO", location_not="CN") == {"In Turkey", "Nowhere told"}


def test_somebody_in_two_countries_is_left_out_by_either_and_found_by_both(found: Any) -> None:
    both, one = make_person("Both"), make_person("One")
    for person, country in ((both, "TR"), (both, "NO"), (one, "TR")):
        make_involvement(make_incident(location=country), person)
    assert found("people", host_not="NO") == {"One"}
    assert found("people", host_all=["TR", "NO"]) == {"Both"}
    assert found("people", host_all="TR") == {"Both", "One"}


def test_tactics_that_were_all_used_and_tactics_that_were_not(found: Any) -> None:
    make_incident("Both", tactics=["detention", "rendition"])
    make_incident("One", tactics=["detention"])
    make_incident("None told")
    assert found("incidents", tactic_all=["detention", "rendition"]) == {"Both"}
    assert found("incidents", tactic_all="detention") == {"Both", "One"}
    assert found("incidents", tactic_not="rendition") == {"One", "None told"}
    assert found("incidents", tactic="detention", tactic_not="rendition") == {"One"}


def test_where_nobody_stands_and_where_people_stand_together(found: Any) -> None:
    """Two people in one incident, one held and one deported; somebody held; and somebody of whom nothing is told."""
    together = case("Together", ("detention", "2018-10"))
    make_stage(make_involvement(together, make_person("Deported")), "deportation", "2018-12")
    case("Held", ("detention", "2018-10"))
    case("Untold")
    make_incident("Without anybody")
    make_person("Without a case")
    assert found("incidents", liberty_not="held") == {"Untold", "Without anybody"}
    assert found("people", liberty_not="held") == {"Deported", "Untold", "Without a case"}
    assert found("incidents", liberty_all=["held", "removed"]) == {"Together"}
    assert found("incidents", reached_all=["detention", "deportation"]) == {"Together"}
    assert found("incidents", reached_not="deportation") == {"Held", "Untold", "Without anybody"}
    assert found("incidents", status_not="ended") == found("incidents")
    assert found("incidents", phase_not="removal", as_of="2018-11-15") == found("incidents")


def test_a_case_that_a_reader_may_not_see_leaves_nobody_out(found: Any) -> None:
    person = make_person("Public")
    make_stage(make_involvement(make_incident(location="TR", level="team"), person), "detention", "2018")
    make_legal_status(person, "TR", "citizen", level="team")
    for query in ({"host_not": "TR"}, {"liberty_not": "held"}, {"stage_not": "detention"}, {"citizenship_not": "TR"}):
        assert found("people", **query) == {"Public"}


def test_agreements_without_a_country_and_between_several(found: Any) -> None:
    make_agreement("CN", "TR", title="With Turkey")
    make_agreement("CN", "MA", title="With Morocco")
    assert found("agreements", country_not="TR") == found("agreements", country_all=["CN", "MA"]) == {"With Morocco"}
    assert found("agreements", country_not=["TR", "MA"]) == set()


def test_a_domestic_case_is_silent_where_the_question_is_about_the_scope(client: Client) -> None:
    make_stage(make_involvement(make_incident("Home", scope="domestic"), make_person("At home")), "detention", "2010")
    assert "At home" not in client.get("/silence/").content.decode()
    assert "At home" in client.get("/silence/", {"scope_not": "proxy"}).content.decode()


def test_at_most_eight_values_are_asked_for_at_once(client: Client) -> None:
    codes = ["detention", "hearing", "release", "sentence", "threatened", "assault", "appeal", "fine", "escape"]
    refused = client.get("/api/v1/incidents/", {"reached_all": codes})
    assert (refused.status_code, refused.json()) == (400, {"reached_all": ["Give at most 8 values."]})
    assert client.get("/api/v1/incidents/", {"reached_all": codes[:8]}).status_code == 200


def test_the_page_shows_what_is_left_out_and_lets_it_go(client: Client) -> None:
    case("In Turkey", location="TR")
    case("In Norway", location="NO")
    page = html.unescape(client.get("/incidents/", {"host_not": "TR", "scope": "cross_border"}).content.decode())
    assert 'href="?scope=cross_border"><span class="label">Host, not</span> Türkiye' in page
    assert 'name="host_not" value="TR" id="host_not-TR" checked' in page
    assert 'id="host_not-NO"' not in page
    assert 'name="host_all"' not in page and 'name="tactic_not"' not in page
    assert "host_not" not in client.get("/incidents/").content.decode()
