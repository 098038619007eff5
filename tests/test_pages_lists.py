"""List pages: filters, chips, order, pages, exports, and what they say when there is nothing to show."""

from __future__ import annotations

import csv
import html
import re
from typing import Any

import pytest
from django.test import Client

from cases.models import Outcome
from cases.views import PAGES
from tests.factories import (
    make_country,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
    make_tactic,
)
from tests.reviewing import client_of, member

pytestmark = pytest.mark.django_db
LISTS = [list_page.resource.name for list_page, _, _ in PAGES]


def text_of(client: Client, address: str, status: int = 200, **question: Any) -> str:
    response = client.get(address, question or None)
    assert response.status_code == status, response.status_code
    return html.unescape(response.content.decode())


def links(page: str, css_class: str) -> list[str]:
    """Return where the links of a class lead."""
    return re.findall(rf'class="{css_class}" href="([^"]+)"', page)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_answers_and_says_how_much_there_is(client: Client, name: str) -> None:
    page = text_of(client, f"/{name}/")
    assert re.search(r"<strong>\d+</strong> \w+", page)


@pytest.mark.parametrize("address", ["/", "/codebook/", "/watching/", "/api/v1/docs/"])
def test_a_page_that_takes_no_parameters_refuses_any(admin_client: Client, address: str) -> None:
    text_of(admin_client, address)
    for question in ({"as_of": "2018-12-15"}, {"nonsense": ""}, {"<b>": "1"}):
        page = text_of(admin_client, address, 400, **question)
        assert "There are none." in page
        assert f"There is no parameter “{next(iter(question))}” here." in page
        assert "The question could not be answered" in page


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/schema/"])
def test_what_programs_are_told_of_the_api_takes_no_parameters_either(client: Client, address: str) -> None:
    for name in ("format", "nonsense", "as_of"):
        response = client.get(address, {name: "json"})
        assert response.status_code == 400
        assert response.json() == {name: [f"There is no parameter “{name}” here. There are none."]}


def test_a_reference_searched_for_with_an_unknown_parameter_leads_nowhere(client: Client) -> None:
    person = make_person()
    assert client.get("/search/", {"q": person.ref}).status_code == 302
    assert "nonsense" in text_of(client, "/search/", 400, q=person.ref, nonsense="1")


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_named_and_nothing_is_shown(client: Client, name: str) -> None:
    make_person(), make_country()
    for question in ({"nonsense": "1"}, {"nonsense": ""}, {"ordering": "secret"}, {"cursor": "abc"}):
        page = text_of(client, f"/{name}/", 400, **question)
        assert f"<code>{next(iter(question))}</code>" in page and "<tbody>" not in page
        assert "export.csv" not in page


def test_a_bad_value_is_named_and_nothing_is_shown(client: Client) -> None:
    make_incident("Held in Istanbul")
    page = text_of(client, "/incidents/", 400, since="31.10.2018")
    assert "<code>since</code>: Write a day as YYYY-MM-DD." in page
    assert "Held in Istanbul" not in page


def test_what_is_no_text_is_refused_and_not_repeated(client: Client) -> None:
    for address in ("/people/?q=%00", "/people/?q=%ff", "/people/?standing=%00", "/search/?q=%00x"):
        page = text_of(client, address, 400)
        assert "could not be answered" in page and "\0" not in page, address


def test_more_parameters_than_anybody_needs_are_refused_as_a_whole(client: Client) -> None:
    response = client.get("/people/?" + "&".join("stage=death" for _ in range(1100)))
    assert response.status_code == 400 and b"This request makes no sense" in response.content
    assert client.get("/api/v1/people/?" + "&".join("stage=death" for _ in range(1100))).status_code == 400


def test_boxes_left_empty_vanish_from_the_address(client: Client) -> None:
    response = client.get("/incidents/", {"q": "", "scope": ["proxy", "domestic"], "since": "", "host": ""})
    assert (response.status_code, response["Location"]) == (302, "/incidents/?scope=proxy&scope=domestic")


def test_a_chip_leads_to_the_list_without_its_filter(client: Client) -> None:
    make_person("Aybek Tursun", standing="target")
    page = text_of(client, "/people/", standing=["target", "linked"], q="aybek", ordering="-label")
    assert links(page, "chip") == [
        "?standing=linked&q=aybek&ordering=-label",
        "?standing=target&q=aybek&ordering=-label",
        "?standing=target&standing=linked&ordering=-label",
    ]
    assert "Target by proxy" in page  # offered, though not chosen


def test_a_chosen_country_without_rows_stays_chosen(client: Client) -> None:
    make_country("NO")
    page = text_of(client, "/people/", host="NO")
    assert re.search(r'name="host" value="NO" id="host-NO" checked', page)


def test_the_meaning_of_each_term_stands_beside_it(client: Client) -> None:
    make_tactic("rendition", meaning="Carried off with no procedure.")
    page = text_of(client, "/incidents/")
    assert '<small id="tactic-rendition-means">Carried off with no procedure.</small>' in page


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_round(client: Client) -> None:
    make_person("Beta"), make_person("Alpha")
    assert 'href="?q=a&ordering=label">' in text_of(client, "/people/", q="a")  # targets first, until somebody sorts
    page = text_of(client, "/people/", q="a", ordering="label")
    assert 'aria-sort="ascending"><a href="?q=a&ordering=-label">' in page
    turned = text_of(client, "/people/", q="a", ordering="-label")
    assert 'aria-sort="descending"><a href="?q=a&ordering=label">' in turned
    assert turned.index(">Beta<") < turned.index(">Alpha<")


def test_pages_lead_on_and_back_through_all_rows(client: Client) -> None:
    for number in range(53):
        make_person(f"Person {number:02}")
    first = text_of(client, "/people/")
    assert "<strong>53</strong> people" in first and "Person 49" in first and "Person 50" not in first
    second = text_of(client, "/people/" + re.findall(r'rel="next" href="([^"]+)"', first)[0])
    assert "Person 50" in second and "Person 52" in second and 'rel="next"' not in second
    back = text_of(client, "/people/" + re.findall(r'rel="prev" href="([^"]+)"', second)[0])
    assert "Person 00" in back and "Person 49" in back and "Person 50" not in back


@pytest.mark.parametrize("question", ["", "?q=aybek", "?standing=linked&ordering=-label"])
def test_the_export_holds_the_rows_that_are_shown_in_their_order(client: Client, question: str) -> None:
    for number, standing in enumerate(("target", "linked", "linked", "other")):
        make_person(f"Aybek Tursun {number}", standing=standing)
    make_person("Somebody Else")
    page = text_of(client, f"/people/{question}")
    shown = re.findall(r'<th scope="row"[^>]*><a href="/people/([^/]+)/"', page)
    (export,) = re.findall(r'href="(/people/export\.csv[^"]*)" download', page)
    response: Any = client.get(export)
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert [row["ref"] for row in csv.DictReader(lines)] == shown and shown


def test_an_export_refuses_what_it_does_not_know(client: Client) -> None:
    response = client.get("/people/export.csv?nonsense=1")
    assert response.status_code == 400 and "nonsense" in response.json()


def test_an_empty_list_says_which_filter_to_leave_out(client: Client) -> None:
    make_person("Aybek Tursun", standing="target")
    page = text_of(client, "/people/", q="aybek", standing="linked")
    assert "No person matches all 2 filters together" in page
    assert '<a href="?q=aybek">Without Standing: Linked</a>, there is 1' in page
    assert "Without Search" not in page


def test_an_empty_list_says_when_no_single_filter_is_to_blame(client: Client) -> None:
    make_person("Aybek Tursun")
    assert "Leaving out any one of them does not help" in text_of(client, "/people/", q="zzz", standing="linked")


def test_people_are_listed_with_all_names_and_where_each_case_stands(client: Client) -> None:
    person = make_person("Aybek Tursun")
    make_name(person, text="ئايبەك تۇرسۇن", kind="native_script", script="Arab", language="ug")
    make_stage(make_involvement(make_incident("Held in Istanbul"), person), "detention", "2018-10")
    page = text_of(client, "/people/", q="ئايبەك")
    assert "Detained since October 2018; as of 5 February 2019" in page
    assert '<bdi lang="ug">ئايبەك تۇرسۇن</bdi>' in page


def test_search_finds_people_incidents_and_sources_in_groups(client: Client) -> None:
    person = make_person("Aybek Tursun")
    make_involvement(make_incident("Held in Istanbul"), person)
    make_source(title="Tursun speaks")
    page = text_of(client, "/search/", q="tursun")
    assert re.findall(r'id="found-(\w+)"', page) == ["people", "incidents", "sources"]
    assert 'href="/people/?q=tursun"' in page


def test_search_takes_no_parameter_but_its_own(client: Client) -> None:
    make_person("Aybek Tursun")
    page = text_of(client, "/search/", 400, q="aybek", standing="target")
    assert "<code>standing</code>" in page and "Aybek Tursun" not in page
    assert "<code>q</code>" in text_of(client, "/search/", 400, q="one two three four five six seven eight nine")


def test_a_reference_in_the_search_box_leads_to_its_record(client: Client) -> None:
    person, hidden = make_person("Aybek Tursun"), make_person("Hidden", level="team")
    assert client.get("/search/", {"q": person.ref.lower()})["Location"] == f"/people/{person.ref}/"
    assert "Nothing found" in text_of(client, "/search/", q=hidden.ref)


def test_pages_for_strangers_set_no_cookie(client: Client) -> None:
    for address in ("/", "/people/", "/search/?q=a", "/codebook/", "/people/PER-00000000/"):
        assert not client.get(address).cookies, address


def test_markup_in_a_record_stays_text(client: Client) -> None:
    person = make_person("<script>alert(1)</script>")
    make_involvement(make_incident('"><img src=x>'), person)
    for address in ("/", "/people/", "/incidents/", f"/people/{person.ref}/", "/search/?q=script"):
        body = client.get(address).content.decode()
        assert "<script>" not in body and "<img src=x>" not in body, address


def test_choices_that_were_drawn_for_one_reader_are_not_shown_to_another(client: Client) -> None:
    make_person("Hidden", level="team", residence=make_country("NO"))
    make_person("Open", residence=make_country("MA"))
    reader = client_of(member())
    for _ in range(2):
        assert '<option value="NO">' in text_of(reader, "/people/")
        assert '<option value="NO">' not in text_of(client, "/people/")
        assert '<option value="MA">' in text_of(client, "/people/")
    assert 'value="MA" id="residence-MA" checked' in text_of(client, "/people/?residence=MA")
    assert "checked" not in text_of(client, "/people/")


def test_the_codebook_has_a_term_that_was_added_after_it_was_first_shown(client: Client) -> None:
    assert "Sent to the moon" not in text_of(client, "/codebook/")
    Outcome.objects.create(code="sent_to_the_moon", label="Sent to the moon", meaning="Far away.")
    assert "Sent to the moon" in text_of(client, "/codebook/")
