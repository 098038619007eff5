"""One name in several code forms on one person is offered as one: neither stored twice nor lost without a word."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Person
from records.fields.code_forms import code_form
from records.fields.scripts import scripts_of
from seeds.consistency import nothing_stands_twice
from tests.admin_forms import filled
from tests.factories import make_name, make_person
from tests.partners import PERSON, partner, partner_client, post, refused, submitted
from tests.reviewing import client_of, member, page

__all__ = ["partner", "partner_client"]
pytestmark = pytest.mark.django_db

#: What is stored, what is entered, and what the refusal must name.
TWINS = [
    pytest.param("Hüseyin Celil", unicodedata.normalize("NFD", "Hüseyin Celil"), "U+0075, U+0308", id="taken apart"),
    pytest.param("نیکآیین", "نیک\u200cآیین", "U+200C", id="a joiner"),
    pytest.param("Aybek", "Ay\u00adbek\ufeff", "U+00AD, U+FEFF", id="what is not seen"),
    pytest.param("Mamat", "Mаmаt", "U+0430", id="Cyrillic letters"),
    pytest.param("OMAR", "ΟMAR", "U+039F", id="a Greek letter"),
    pytest.param("علي", "علی", "U+06CC", id="the Persian ye"),
    pytest.param("Mu'min", "Mu’min", "U+2019", id="another apostrophe"),
    pytest.param("Idris Hasan", "Idris\u00a0Hasan", "U+00A0", id="another space"),
    pytest.param("Idris", "\u202eIdris", "U+202E", id="a mark of direction"),
    pytest.param("محمد", "محـمد", "U+0640", id="stretched"),
]
APART = [("Hasan", "Hassan"), ("Hasan", "hasan"), ("Hüseyin", "Huseyin"), ("Işıl", "Isil"), ("ئالىم", "ئاليم")]


@pytest.fixture
def writer(db: None) -> Client:
    return client_of(member("writer"))


@pytest.fixture
def person(db: None) -> Person:
    return make_person("Somebody", review="draft")


def said_of_names(response: Any) -> str:
    """Return what a refused form says beside its names."""
    assert response.status_code == 200
    [names] = [each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == "names"]
    return " ".join(str(message) for form in names.forms for message in form.errors.get("text", []))


def with_names(client: Client, person: Person, *texts: str, different_from: str = "", **more: str) -> Any:
    """Send the form of a person with new names, whose script is told from their letters."""
    data = filled(client, page(person))
    first = int(data["names-INITIAL_FORMS"])
    for number, text in enumerate(texts, start=first):
        row = {"text": text, "kind": "also_known_as", "script": "", "level": "team"} | more
        data |= {f"names-{number}-{name}": value for name, value in row.items()}
    return client.post(page(person), data | {"names-TOTAL_FORMS": first + len(texts), "different_from": different_from})


@pytest.mark.parametrize(("stored", "entered", "codes"), TWINS)
def test_the_form_offers_a_second_code_form_as_the_first(writer, person, stored, entered, codes) -> None:
    make_name(person, stored, script=scripts_of(stored)[0])
    told = said_of_names(with_names(writer, person, entered))
    assert (
        f"({codes})" in told and f"“{stored}”" in told and entered.replace("\ufeff", "") in told.replace("\ufeff", "")
    )
    assert "keep one of them" in told and "misprint" in told
    assert set(person.names.values_list("text", flat=True)) == {"Somebody", stored}


def test_two_code_forms_that_are_sent_together_are_offered_as_one(writer, person) -> None:
    told = said_of_names(with_names(writer, person, "Mu'min", "Mu’min"))
    assert "“Mu’min” (U+2019) and “Mu'min” (U+0027) are one name" in told
    assert person.names.count() == 1


def test_whoever_means_it_keeps_both(writer, person) -> None:
    make_name(person, "Mamat")
    assert with_names(writer, person, "Mаmat", kind="misprint").status_code == 302
    assert with_names(writer, person, "МАМАТ", "Мамат", script="Cyrl").status_code == 302
    assert person.names.count() == 5


@pytest.mark.parametrize(("stored", "entered"), APART)
def test_spellings_that_a_reader_tells_apart_are_two_names(writer, person, stored, entered) -> None:
    make_name(person, stored, script=scripts_of(stored)[0])
    assert with_names(writer, person, entered).status_code == 302
    assert person.names.count() == 3


def test_a_hidden_name_does_not_show_by_a_refusal(writer, person) -> None:
    make_name(person, "Mu'min", level="restricted")
    assert with_names(writer, person, "Mu’min").status_code == 302
    [found] = [words for _, words in nothing_stands_twice()]
    assert "“Mu’min” (U+2019)" in found and "“Mu'min”" in found and "Compare NAM-" in found


def test_another_person_may_have_it(writer, person) -> None:
    other = make_person("Another", review="draft")
    make_name(other, "Mu'min")
    assert with_names(writer, person, "Mu’min", different_from=other.ref).status_code == 302
    assert list(nothing_stands_twice()) == []


def test_the_api_offers_them_as_one_and_writes_nothing(partner_client: Client) -> None:
    names = [{"text": "Mu'min"}, {"text": "Mu’min"}]
    told = refused(partner_client, "people/", PERSON | {"names": names})
    assert "“Mu’min” (U+2019) and “Mu'min” (U+0027) are one name" in told["names/1"][0]
    names[1]["kind"] = "misprint"
    assert len(submitted(partner_client, "people/", PERSON | {"names": names})["names"]) == 2
    apart = PERSON | {"label": "E. M.", "names": [{"text": "Mamat"}, {"text": "Mammat"}]}
    assert post(partner_client, "people/", apart).status_code == 201


@given(st.text(max_size=20))
def test_a_code_form_is_its_own_and_that_of_every_normal_form(text: str) -> None:
    form = code_form(text)
    assert code_form(form) == form
    for name in ("NFC", "NFD"):
        assert code_form(unicodedata.normalize(name, text)) == form
