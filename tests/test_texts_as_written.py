"""What is entered of a text is what it is: a language tag, its own script, letters of one alphabet, and to be seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Person, PersonName
from records.fields.language import canonical_tag
from records.fields.scripts import foreign_letter, is_seen, scripts_of
from sources.models import SourceDocument
from tests.admin_forms import filled
from tests.factories import make_person, make_source
from tests.partners import partner, partner_client, refused, seed_terms, submitted
from tests.test_similar_people import ADD, analyst, entered

__all__ = ["analyst", "partner", "partner_client"]
SOURCES = "/admin/sources/sourcedocument/add/"
UYGHUR, PERSIAN = "ئايبەك", "نیک\u200cآیین"


def said(response: Any) -> str:
    """Return all that a form says against what was sent."""
    assert response.status_code == 200
    forms = [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    return str([response.context["adminform"].form.errors, *(form.errors for form in forms)])


# Language


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("zh-hant", "zh-Hant"),
        ("fa_IR", "fa-IR"),
        ("uig", "ug"),  # the registry has the shortest code
        ("UIG-arab", "ug-Arab"),
        ("tib", "bo"),
        ("iw", "he"),  # replaced in 1989
        ("prs", "prs"),  # a language of its own, and no Persian of a country
        ("ckb", "ckb"),
        ("tr-Latn", "tr-Latn"),
    ],
)
def test_a_language_tag_is_stored_in_its_one_form(given: str, stored: str) -> None:
    assert canonical_tag(given) == stored


@pytest.mark.parametrize("given", ["English", "xx", "deutsch", "en-", "e n", "ug-Xxxx", "-", "e" * 300])
def test_what_is_no_language_tag_is_refused_with_what_to_write(given: str) -> None:
    with pytest.raises(ValueError, match="is no language tag of BCP 47: write en for English"):
        canonical_tag(given)


@given(st.text(max_size=30))
def test_any_text_is_a_tag_or_is_not(text: str) -> None:
    try:
        tag = canonical_tag(text)
    except ValueError:
        return
    assert canonical_tag(tag) == tag


@pytest.mark.django_db
def test_forms_take_language_tags_only(analyst: Client) -> None:
    assert "“English” is no language tag" in said(entered(analyst, "A", {"text": "Aybek", "language": "English"}))
    kind = make_source().kind_id
    data = filled(analyst, SOURCES) | {"title": "A report", "kind": kind, "level": "team", "review": "draft"}
    assert "“English” is no language tag" in said(analyst.post(SOURCES, data | {"language": "English"}))
    assert analyst.post(SOURCES, data | {"language": "zh-hant"}).status_code == 302
    assert SourceDocument.objects.get(title="A report").language == "zh-Hant"


@pytest.mark.django_db
def test_the_api_takes_language_tags_only(partner_client: Client) -> None:
    seed_terms()
    body = {"title": "A report", "kind": "news_report", "language": "English"}
    assert "is no language tag" in refused(partner_client, "sources/", body)["language"][0]
    assert submitted(partner_client, "sources/", body | {"language": "UIG"})["language"] == "ug"


# Script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Idris", "Latn"),
        (UYGHUR, "Arab"),
        ("Домир", "Cyrl"),
        ("多力坤", "Hani"),
        ("ひろし山", "Jpan"),
        ("བློ་བཟང་", "Tibt"),
        ("ዳዊት", "Ethi"),
        ("김", "Hang"),
        ("ꆈꌠ", "Yiii"),
        ("12", None),
    ],
)
def test_the_script_is_told_from_the_letters(text: str, script: str | None) -> None:
    assert next(iter(scripts_of(text)), None) == script


@pytest.mark.django_db
def test_an_empty_script_is_that_of_the_text(analyst: Client, partner_client: Client) -> None:
    assert entered(analyst, "Somebody", {"text": UYGHUR, "script": ""}).status_code == 302
    assert PersonName.objects.get(text=UYGHUR).script == "Arab"
    body = {"label": "D. Y.", "standing": "target", "names": [{"text": "多力坤"}]}
    assert submitted(partner_client, "people/", body)["names"][0]["script"] == "Hani"
    assert filled(analyst, ADD).get("names-0-script", "") == "", "nothing is proposed before there is a text"


@pytest.mark.django_db
def test_a_script_that_is_not_the_text_s_is_refused(analyst: Client, partner_client: Client) -> None:
    words = "The text is written in Arab, and not in Latn"
    assert words in said(entered(analyst, "Somebody", {"text": UYGHUR, "script": "Latn"}))
    body = {"label": "D. Y.", "standing": "target", "names": [{"text": UYGHUR, "script": "Latn"}]}
    assert words in refused(partner_client, "people/", body)["names/0/script"][0]
    assert entered(analyst, "Somebody", {"text": "多力坤", "script": "Hans"}).status_code == 302, "either is Chinese"


# Letters that look alike


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Idris Hаsan", 8),
        ("Мamut", 1),
        ("ΑBC", 1),
        ("Idris Hasan", None),
        ("Омир Omir", None),
        ("O’Neil Ünal-Çelik", None),
    ],
)
def test_a_letter_of_another_alphabet_in_a_word_is_found(text: str, place: int | None) -> None:
    found = foreign_letter(text)
    assert (found and found[0]) == place


@pytest.mark.django_db
def test_a_letter_that_only_looks_like_another_is_named_with_its_place(analyst: Client, partner_client: Client) -> None:
    words = "Letter 8 is CYRILLIC SMALL LETTER A (U+0430) in a word of Latin letters"
    assert words in said(entered(analyst, "Idris Hаsan"))
    assert words in said(entered(analyst, "Somebody", {"text": "Idris Hаsan"}))
    body = {"label": "Idris Hаsan", "standing": "target"}
    assert words in refused(partner_client, "people/", body)["label"][0]


@pytest.mark.django_db
def test_a_letter_of_another_alphabet_in_the_title_of_an_incident_is_refused(partner_client: Client) -> None:
    body = {"title": "Held in Cаsablanca", "scope": "cross_border"}
    [words] = refused(partner_client, "incidents/", body)["title"]
    assert words == (
        "Letter 10 is CYRILLIC SMALL LETTER A (U+0430) in a word of Latin letters, and only looks like one of them: "
        "nobody would find the title. Write the word in one alphabet."
    )


@pytest.mark.django_db
def test_a_misprint_is_kept_as_it_was_printed(analyst: Client) -> None:
    assert entered(analyst, "Somebody", {"text": "Idris Hаsan", "kind": "misprint"}).status_code == 302
    assert PersonName.objects.get().text == "Idris Hаsan"


# Nothing to see


@pytest.mark.parametrize("text", ["\u200c", "\u200e\u202e", "\u3164 ", "\u2800", "\ufeff", "\u0301", "\u00ad"])
def test_nothing_of_these_can_be_seen(text: str) -> None:
    assert not is_seen(text)


@pytest.mark.django_db
def test_a_label_of_which_nothing_can_be_seen_is_refused(analyst: Client, partner_client: Client) -> None:
    words = "Nothing of this can be seen"
    assert words in said(entered(analyst, "\u200c\u3164"))
    assert words in said(entered(analyst, "Somebody", {"text": "\u2800", "script": ""}))
    assert words in refused(partner_client, "people/", {"label": "\u200e", "standing": "target"})["label"][0]
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_joiners_that_a_script_needs_are_stored(analyst: Client) -> None:
    assert entered(analyst, PERSIAN, {"text": PERSIAN, "script": ""}).status_code == 302
    person = Person.objects.get()
    assert (person.label, person.names.get().text) == (PERSIAN, PERSIAN)


@pytest.mark.django_db
def test_what_was_stored_before_is_told_when_its_record_is_saved(analyst: Client) -> None:
    person = make_person("Somebody", review="draft", level="team")
    PersonName.objects.filter(person=person).update(language="English")
    page = f"/admin/cases/person/{person.ref}/change/"
    assert "“English” is no language tag" in said(analyst.post(page, filled(analyst, page) | {"occupation": "farmer"}))
    assert analyst.post(page, filled(analyst, page) | {"names-0-language": "en"}).status_code == 302
