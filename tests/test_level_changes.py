"""The level of a record decides who can read it: a form changes it only for somebody who signed in recently."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Person, PersonName
from tests.admin_forms import filled
from tests.factories import make_name, make_person
from tests.signin import grow_old

pytestmark = [pytest.mark.django_db, pytest.mark.attack("D5")]


def change(client: Client, person: Any, **given: Any) -> Any:
    page = f"/admin/cases/person/{person.ref}/change/"
    return client.post(page, filled(client, page) | given)


def test_a_level_stays_as_it_is_with_an_old_sign_in_and_the_form_says_what_to_do(admin_client: Client) -> None:
    person = make_person("Kerem", level="team")
    grow_old(admin_client, 120)
    answer = change(admin_client, person, level="restricted", label="Another label")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing was saved yet" in page and "/account/reauthenticate/" in page and "Another label" in page
    assert (Person.objects.get().level, Person.objects.get().label) == ("team", "Kerem")


def test_the_level_of_a_part_on_its_owners_page_too(admin_client: Client) -> None:
    person = make_person("Kerem", level="team")
    name = make_name(person, "Kerim", level="team")
    grow_old(admin_client, 120)
    page = f"/admin/cases/person/{person.ref}/change/"
    form = filled(admin_client, page)
    [prefix] = [
        key.removesuffix("-id") for key, value in form.items() if key.endswith("-id") and str(value) == str(name.pk)
    ]
    answer = admin_client.post(page, form | {f"{prefix}-level": "restricted"})
    assert answer.status_code == 200 and "Nothing was saved yet" in answer.content.decode()
    assert PersonName.objects.get(pk=name.pk).level == "team"


def test_and_on_a_page_of_its_own(admin_client: Client) -> None:
    name = make_name(make_person("Kerem", level="team"), "Kerim", level="team")
    grow_old(admin_client, 120)
    page = f"/admin/cases/personname/{name.ref}/change/"
    answer = admin_client.post(page, filled(admin_client, page) | {"level": "restricted"})
    assert "Nothing was saved yet" in answer.content.decode()
    assert PersonName.objects.get(pk=name.pk).level == "team"


def test_other_changes_ask_nobody_again_and_a_recent_sign_in_changes_the_level(admin_client: Client) -> None:
    name = make_name(make_person("Kerem", level="team"), "Kerim", level="team")
    page = f"/admin/cases/personname/{name.ref}/change/"
    grow_old(admin_client, 120)
    assert admin_client.post(page, filled(admin_client, page) | {"text": "Kerym"}).status_code == 302
    grow_old(admin_client, 14)
    assert admin_client.post(page, filled(admin_client, page) | {"level": "restricted"}).status_code == 302
    name.refresh_from_db()
    assert (name.text, name.level) == ("Kerym", "restricted")
