"""What the page of a person and the dossier have in common: both tell it in the same order and the same words."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.dossiers import SURFACES, take, text_of
from tests.factories import make_incident, make_involvement, make_legal_status, make_name, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("surface", ["", *SURFACES])]


def test_the_primary_name_stands_first_and_misprints_last(client: Client, surface: str) -> None:
    person = make_person("Kerem Mamut", label="A code name")
    make_name(person, "Kerim Mahmud", kind="misprint")
    make_name(person, "Kerem Hoca", kind="also_known_as")
    told = text_of(take(client, person, surface))
    places = [told.index(name) for name in ("Kerem Mamut", "Kerem Hoca", "Kerim Mahmud")]
    assert places == sorted(places)


def test_a_legal_status_has_its_dates(client: Client, surface: str) -> None:
    person = make_person()
    make_legal_status(person, "TR", "citizen", since="2012", until="2017-07")
    told = text_of(take(client, person, surface))
    places = [told.index(words) for words in ("since 2012", "until July 2017")]
    assert places == sorted(places)


def test_whom_it_happened_to_has_a_case_without_any_step_and_others_only_appear(client: Client, surface: str) -> None:
    person = make_person()
    make_involvement(make_incident("Held in Istanbul"), person)
    make_involvement(make_incident("Held in Ankara"), person, role="witness")
    told = text_of(take(client, person, surface))
    before, _, after = told.partition("Also appears in")
    appears_in = after.partition("Chronology")[0]
    assert "Held in Istanbul" in before and "Held in Istanbul" not in appears_in
    assert "Held in Ankara" in appears_in
