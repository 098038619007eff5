"""Marks that turn text round are shown and not obeyed, in every list, title and choice, and are stored as they came."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Person
from config.direction import page_with_marks_shown
from tests.admin_forms import filled
from tests.factories import make_incident, make_involvement, make_notice, make_person, make_source
from tests.reviewing import client_of, member, page

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAME = f"Aybek {TURNING}nasruT"
SHOWN = "Aybek " + "".join(f"[U+{ord(mark):04X}]" for mark in TURNING) + "nasruT"
BOXES = re.compile(r'<textarea\b.*?</textarea>|\svalue="[^"]*"', re.DOTALL)


def outside_boxes(response: Any) -> str:
    """Return a page without what its form would send back."""
    assert response.status_code == 200
    return BOXES.sub("", response.content.decode())


@pytest.fixture
def person(db: None) -> Person:
    return make_person(NAME, review="draft")


@pytest.fixture
def writer(db: None) -> Client:
    return client_of(member("writer"))


def test_lists_titles_breadcrumbs_and_choices_of_the_admin_show_them(writer: Client, person: Person) -> None:
    incident = make_incident(title=f"Held {NAME}", review="draft")
    involvement = make_involvement(incident, person)
    notice = make_notice(person, review="draft")
    source = make_source(title=NAME, review="draft")
    removal = page(person.names.get(), "delete")
    lists = [f"/admin/cases/{name}/" for name in ("person", "personname", "incident", "involvement", "notice")]
    forms = [page(row) for row in (person, incident, involvement, notice, source)]
    for address in [*lists, *forms, page(person, "history"), removal, "/admin/"]:
        shown = outside_boxes(writer.get(address))
        assert not set(TURNING) & set(shown), address
        assert SHOWN in shown or address in ("/admin/", removal), address  # these name records by reference
    title = re.search("<title>(.*?)</title>", outside_boxes(writer.get(page(person))), re.DOTALL)
    assert title and SHOWN in title[1]


def test_what_the_admin_says_and_offers_shows_them(writer: Client, person: Person) -> None:
    data = filled(writer, page(person)) | {"occupation": "farmer"}
    assert SHOWN in outside_boxes(writer.post(page(person), data, follow=True))
    query = {"app_label": "cases", "model_name": "notice", "field_name": "person", "term": person.ref}
    [offered] = writer.get("/admin/autocomplete/", query).json()["results"]
    assert SHOWN in offered["text"]


def test_a_form_sends_back_what_is_stored_and_the_api_gives_it(writer: Client, person: Person) -> None:
    data = filled(writer, page(person))
    assert f'value="{NAME}"' in writer.get(page(person)).content.decode()
    assert writer.post(page(person), data | {"occupation": "farmer"}).status_code == 302
    person.refresh_from_db()
    assert (person.label, person.names.get().text) == (NAME, NAME)
    public = make_person(NAME)
    assert Client().get(f"/api/v1/people/{public.ref}/").json()["label"] == NAME


@pytest.mark.django_db
def test_pages_for_everybody_show_them_in_their_titles_too() -> None:
    person = make_person(NAME)
    make_involvement(make_incident(title=f"Held {NAME}"), person)
    for address in ("/", "/people/", "/incidents/", "/search/?q=Aybek", f"/people/{person.ref}/"):
        shown = outside_boxes(Client().get(address))
        assert not set(TURNING) & set(shown) and SHOWN in shown, address
    assert f"<title>{SHOWN}" in Client().get(f"/people/{person.ref}/").content.decode()


@pytest.mark.django_db
def test_marks_and_joiners_that_turn_no_letter_are_left(writer: Client) -> None:
    for text in ("نیک‌آیین", "\u200fשלום", "\u200eABC", "\u061cعلي"):
        person = make_person(text, review="draft")
        assert text in writer.get(page(person)).content.decode()


@given(st.text(st.sampled_from(f"{TURNING}ab<\n")))
def test_a_page_holds_marks_in_its_boxes_only(text: str) -> None:
    escaped = text.replace("<", "&lt;")
    boxes = f'<input value="{escaped}"><textarea name="x">\n{escaped}</textarea>'
    made = page_with_marks_shown(
        f"<p title='{escaped}'>{escaped}</p>{boxes}<option value=\"{escaped}\">{escaped}</option>"
    )
    assert not set(TURNING) & set(BOXES.sub("", made))
    assert boxes in made and f'<option value="{escaped}">' in made
