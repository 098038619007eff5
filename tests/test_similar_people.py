"""Somebody who may be entered already is shown while it can be mended, by the admin and the API; nobody hidden is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person, PersonName
from cases.similar_people import similar_people
from tests.admin_forms import filled, rows
from tests.factories import (
    make_citation,
    make_country,
    make_detail,
    make_legal_status,
    make_name,
    make_person,
    make_source,
)
from tests.partners import partner, partner_client, post, refused, seed_terms, submitted
from tests.signin import make_account, sign_in

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db
WHO_READS = re.compile("records_circle|auth_permission")
ADD = "/admin/cases/person/add/"


def analyst_client() -> Client:
    """Sign in somebody with the role that the README gives to those who enter records, and nothing beside."""
    call_command("make_roles", verbosity=0)
    user = make_account("analyst", is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    assert not user.is_superuser
    return sign_in(Client(), User.objects.get(pk=user.pk))


@pytest.fixture
def analyst(db: None) -> Client:
    return analyst_client()


def entered(client: Client, label: str, *names: dict[str, Any], **more: Any) -> Any:
    """Send the form of a new person."""
    given = [{"kind": "also_known_as", "script": "Latn", "level": "team"} | name for name in names]
    data = filled(client, ADD) | {"label": label, "standing": "target", "level": "team", "review": "draft"}
    return client.post(ADD, data | rows("names", *given) | more)


def told(response: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a form says is alike: references, each with why."""
    assert response.status_code == 200, response.headers.get("Location")
    return [
        (each.record.ref, [(one.likeness.value, one.value) for one in each.alike])
        for each, _ in response.context["similar"]
    ]


def asked_box(response: Any) -> str:
    [box] = re.findall('<input type="checkbox" name="different_from" value="([^"]*)"', response.content.decode())
    return box


def test_a_form_shows_who_is_called_the_same_and_keeps_what_was_typed(analyst: Client) -> None:
    other = make_person("Idris Hasan")
    response = entered(analyst, "Idris Hasan", occupation="computer engineer")
    assert told(response) == [(other.ref, [("same_name", "Idris Hasan")])]
    page = response.content.decode()
    assert "Is it one of these?" in page and f'href="/admin/cases/person/{other.ref}/change/"' in page
    assert 'value="computer engineer"' in page
    assert Person.objects.count() == 1


def test_whoever_says_that_it_is_another_saves(analyst: Client) -> None:
    make_person("Idris Hasan")
    asked = entered(analyst, "Idris Hasan")
    assert entered(analyst, "Idris Hasan", different_from=asked_box(asked)).status_code == 302
    assert Person.objects.filter(label="Idris Hasan").count() == 2


def test_the_answer_stands_while_something_else_is_mended(analyst: Client) -> None:
    make_person("Idris Hasan")
    answer = asked_box(entered(analyst, "Idris Hasan"))
    refused_form = entered(analyst, "Idris Hasan", different_from=answer, standing="")
    assert told(refused_form) == []
    assert f'<input type="hidden" name="different_from" value="{answer}">' in refused_form.content.decode()


def test_an_answer_is_about_those_who_were_shown(analyst: Client) -> None:
    first = make_person("Idris Hasan")
    answer = asked_box(entered(analyst, "Idris Hasan"))
    second = make_person("Idris Hasan")
    again = entered(analyst, "Idris Hasan", different_from=answer)
    assert {ref for ref, _ in told(again)} == {first.ref, second.ref}
    assert set(asked_box(again).split()) == {first.ref, second.ref}


@pytest.mark.parametrize(
    ("new", "stored", "likeness"),
    [
        ("Yidiresi Aishan", "Idris Hasan", "same_sound"),  # how a Chinese form prints it
        ("Hasan Idris", "Idris Hasan", "same_letters"),
        ("Wang Yi", "王毅", "same_letters"),
        ("Hüseyin Celil", "Huseyin Celil", "same_letters"),
        ("IDRIS HASAN", "Idris Hasan", "same_name"),
        ("Idris Hаsan", "Idris Hasan", "same_name"),  # with a Cyrillic а
    ],
)
def test_spellings_of_one_name_meet(analyst: Client, new: str, stored: str, likeness: str) -> None:
    other = make_person("A code name")
    make_name(other, stored)
    response = entered(analyst, "Another code name", {"text": new, "kind": "misprint"})
    assert told(response) == [(other.ref, [(likeness, stored)])]


@pytest.mark.parametrize("other", ["Hasan", "Dolkun Isa", "Osman Yasin"])
def test_other_names_are_not_asked_about(analyst: Client, other: str) -> None:
    make_person(other)
    assert entered(analyst, "Hussein" if other == "Hasan" else "Idris Hasan").status_code == 302


def test_birth_and_country_are_told_and_put_the_likeliest_first(analyst: Client) -> None:
    """Born in March 1988 can be the man born in 1988; the other, born in 1953, is told as that."""
    make_country("CN")
    elsewhere, older, same = (make_person("Idris Hasan") for _ in range(3))
    make_detail(same, date="1988-03")
    make_legal_status(same, "CN", level="public")
    make_detail(older, date="1953")
    born = {"kind": "born", "date": "1988", "value": "", "level": "team"}
    response = entered(analyst, "Idris Hasan", residence="CN", **rows("details", born))
    name = ("same_name", "Idris Hasan")
    answer = dict(told(response))
    assert answer[same.ref] == [name, ("birth", "March 1988"), ("country", "China")]
    assert answer[older.ref] == [name, ("other_birth", "1953")]
    assert next(iter(answer)) == same.ref and set(answer) == {same.ref, older.ref, elsewhere.ref}


def test_who_only_sounds_alike_and_was_born_at_another_time_is_somebody_else(analyst: Client) -> None:
    make_detail(make_person("Yidiresi Aishan"), date="1953")
    born = {"kind": "born", "date": "1988", "value": "", "level": "team"}
    assert entered(analyst, "Idris Hasan", **rows("details", born)).status_code == 302


def test_a_name_spelt_nearly_alike_is_told_of_whom_the_same_source_names(analyst: Client) -> None:
    make_person("Hu Bincheng")
    assert entered(analyst, "Hu Binchen").status_code == 302, "a letter alone is no likeness"
    other, source = make_person("Dolkun Memet"), make_source()
    make_citation(source, "label", person=other)
    cited = {"source": source.pk, "field": "label", "stance": "supports", "level": "team"}
    response = entered(analyst, "Dolkun Memetj", **rows("citations", cited))
    assert told(response) == [(other.ref, [("close_name", "Dolkun Memet"), ("source", "")])]


def test_only_new_names_are_asked_about_later(analyst: Client) -> None:
    make_person("Idris Hasan")
    person = make_person("Somebody", review="draft", level="team")
    make_name(person, "Idris Hasan", level="team")
    page = f"/admin/cases/person/{person.ref}/change/"
    assert analyst.post(page, filled(analyst, page) | {"occupation": "farmer"}).status_code == 302
    make_person("Ali Veli")
    added = analyst.post(page, filled(analyst, page) | {"names-0-text": "Ali Veli"})
    assert [alike for _, alike in told(added)] == [[("same_name", "Ali Veli")]]


def test_a_name_on_its_own_page_is_asked_about_too(analyst: Client) -> None:
    other, person = make_person("Idris Hasan"), make_person("Somebody", review="draft", level="team")
    data = {"person": person.pk, "text": "Idris Hasan", "kind": "also_known_as", "script": "Latn", "level": "team"}
    page = "/admin/cases/personname/add/"
    response = analyst.post(page, filled(analyst, page) | data)
    assert [ref for ref, _ in told(response)] == [other.ref]


# By the API


def test_the_api_answers_409_with_who_is_alike_and_stores_nothing(partner_client: Client) -> None:
    seed_terms()
    other = make_person("Dilmurat Yasin")
    make_detail(other, date="1987")
    body: dict[str, Any] = {
        "label": "D. Y.",
        "standing": "target",
        "names": [{"text": "Dilmurat Yassin", "kind": "primary"}],
        "born": "1987~",
    }
    said = refused(partner_client, "people/", body, 409)
    assert said["similar"] == [
        {
            "ref": other.ref,
            "name": "Dilmurat Yasin",
            "alike": [
                {"likeness": "same_sound", "value": "Dilmurat Yasin"},
                {"likeness": "birth", "value": "1987"},
            ],
        }
    ]
    assert "give their references here" in said["different_from"][0]
    stored = submitted(partner_client, "people/", body | {"different_from": [other.ref]})
    assert stored["label"] == "D. Y." and "different_from" not in stored


def test_a_refused_submission_can_be_sent_again_with_its_key(partner_client: Client) -> None:
    other = make_person("Dilmurat Yasin")
    body: dict[str, Any] = {"label": "Dilmurat Yasin", "standing": "target"}
    key = {"Idempotency-Key": "one"}
    refused(partner_client, "people/", body, 409, **key)
    body |= {"different_from": [other.ref]}
    first = post(partner_client, "people/", body, **key)
    again = post(partner_client, "people/", body, **key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert Person.objects.count() == 2


def test_a_new_label_is_asked_about_when_it_is_patched(partner_client: Client) -> None:
    other = make_person("Dilmurat Yasin")
    ref = submitted(partner_client, "people/", {"label": "D. Y.", "standing": "target"})["ref"]
    address = f"/api/v1/people/{ref}/"

    def patched(**body: Any) -> Any:
        etag = partner_client.get(address).headers["ETag"]
        return partner_client.patch(address, body, content_type="application/json", headers={"If-Match": etag})

    assert patched(label="Dilmurat Yasin").json()["similar"][0]["ref"] == other.ref
    assert patched(occupation="farmer").status_code == 200
    assert patched(label="Dilmurat Yasin", different_from=[other.ref]).status_code == 200


# What is hidden


def asked_of_the_database(look_up: Callable[[], list[Any]]) -> list[str]:
    """Return the statements of a look-up that finds nothing, but for those that ask who the reader is."""
    with CaptureQueriesContext(connection) as asked:
        assert look_up() == []
    statements = [re.sub(r"\d+", "N", each["sql"]) for each in asked]
    return [re.sub(r"IN \([N, ]+\)", "IN (N)", sql) for sql in statements if not WHO_READS.search(sql)]


def hide(way: str) -> Person:
    """Make an Idris Hasan whom neither an analyst nor a partner may see."""
    if way == "restricted":
        return make_person("Idris Hasan", level="restricted")
    person = make_person("A code name")
    make_name(person, "Idris Hasan", level="restricted")
    return person


@pytest.mark.parametrize("way", ["restricted", "a restricted name"])
def test_a_hidden_person_leaves_no_trace_on_the_form(analyst: Client, way: str) -> None:
    hide(way)
    assert entered(analyst, "Idris Hasan").status_code == 302


@pytest.mark.parametrize("way", ["restricted", "a restricted name"])
def test_as_much_is_asked_of_the_database_with_a_hidden_person_as_without(analyst: Client, way: str) -> None:
    user, person = User.objects.get(username="analyst"), make_person("Idris Hasan")
    without = asked_of_the_database(lambda: similar_people(person, ["Idris Hasan"], user))
    hide(way)
    assert asked_of_the_database(lambda: similar_people(person, ["Idris Hasan"], user)) == without


@pytest.mark.parametrize("way", ["restricted", "a restricted name"])
def test_a_hidden_person_leaves_no_trace_on_the_api(partner_client: Client, way: str) -> None:
    hidden = hide(way)
    body = {"label": "Idris Hasan", "standing": "target"}
    submitted(partner_client, "people/", body)
    if way == "restricted":
        missing = refused(partner_client, "people/", body | {"different_from": ["PER-00000000"]})
        assert missing == refused(partner_client, "people/", body | {"different_from": [hidden.ref]})


def test_hidden_births_countries_and_sources_are_no_reason(analyst: Client) -> None:
    make_country("CN")
    other, source = make_person("Idris Hasan"), make_source()
    make_detail(other, date="1988", level="restricted")
    make_legal_status(other, "CN", level="restricted")
    make_citation(source, "label", person=other, level="restricted")
    born = {"kind": "born", "date": "1988", "value": "", "level": "team"}
    cited = {"source": source.pk, "field": "label", "stance": "supports", "level": "team"}
    response = entered(analyst, "Idris Hasan", residence="CN", **rows("details", born), **rows("citations", cited))
    assert told(response) == [(other.ref, [("same_name", "Idris Hasan")])]


# How much is asked of the database


def test_the_lookup_takes_few_statements_however_many_are_alike(analyst: Client) -> None:
    person, counts = make_person("Idris Hasan"), []
    for more in (2, 20):
        user = User.objects.get(username="analyst")
        for _ in range(more):
            make_detail(make_person("Idris Hasan"))
        with CaptureQueriesContext(connection) as asked:
            similar_people(person, ["Idris Hasan"], user)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11
    assert PersonName.objects.count() == 23
