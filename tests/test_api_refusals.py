"""What the write API refuses: nothing is written then, and the field is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.models import Notice
from records.api.request_body import WritableResource
from sources.models import SourceDocument
from tests.factories import make_incident, make_involvement, make_notice, make_person, make_source
from tests.partners import PERSON, filled, partner, partner_client, post, refused, rows, seed_terms, submitted

__all__ = ["partner", "partner_client"]

pytestmark = pytest.mark.django_db
every_entry = pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)
MISSING = {"PER": "PER-00000000", "INC": "INC-00000000", "SRC": "SRC-00000000"}


@pytest.mark.attack("C1")
def test_a_hidden_record_is_answered_like_a_missing_one(partner_client: Client) -> None:
    seed_terms()
    hidden = {
        "PER": make_person(level="team").ref,
        "INC": make_incident(review="withdrawn").ref,
        "SRC": make_source(level="restricted").ref,
    }
    shown, incident = make_person(), make_incident()
    make_involvement(incident, shown, level="team")
    bodies = [
        ("incidents/", {"title": "x", "scope": "domestic", "people": [{"person": "PER"}]}),
        ("stages/", {"incident": "INC", "person": shown.ref, "kind": "detention"}),
        ("stages/", {"incident": incident.ref, "person": "PER", "kind": "detention"}),
        ("notices/", {"person": "PER", "instrument": "red_notice"}),
        ("sources/", {"title": "x", "kind": "news_report", "derived_from": "SRC"}),
        ("citations/", {"source": "SRC", "record": shown.ref, "field": "label"}),
        ("citations/", {"source": make_source().ref, "record": "PER", "field": "label"}),
    ]
    for path, body in bodies:
        answers = []
        for refs in (hidden, MISSING, {"PER": "no reference", "INC": "", "SRC": "SRC-"}):
            text = json.dumps(body)
            for prefix, ref in refs.items():
                text = text.replace(f'"{prefix}"', json.dumps(ref))
            before = rows()
            response = post(partner_client, path, text)
            assert (response.status_code, rows()) == (400, before), (path, response.content)
            answers.append((response.content, sorted(response.headers.items())))
        assert answers[0] == answers[1], path


@pytest.mark.attack("C1")
def test_a_hidden_part_in_an_incident_is_like_none(partner_client: Client) -> None:
    incident, person, other = make_incident(), make_person(), make_person()
    make_involvement(incident, person, level="team")
    body = {"incident": incident.ref, "kind": "detention"}
    assert refused(partner_client, "stages/", body | {"person": person.ref}) == refused(
        partner_client, "stages/", body | {"person": other.ref}
    )


PRIVATE = {
    "level": "public",
    "is_public": True,
    "team": 1,
    "review": "published",
    "readers": ["partner"],
    "owner": "partner",
    "created_by": "partner",
    "created_at": "2020-01-01",
    "version": 7,
    "ref": "PER-8QX3M2VD",
    "id": 1,
    "pk": 1,
    "folded": "x",
    "text": "x",
    "file": "x",
    "nonsense": None,
    "label ": "x",
}


@pytest.mark.attack("C2")
@every_entry
def test_only_what_is_listed_can_be_written(partner_client: Client, entry: WritableResource) -> None:
    body = filled(entry)
    problems = refused(partner_client, f"{entry.resource.name}/", body | PRIVATE)
    assert sorted(problems) == sorted(PRIVATE)
    level = problems.pop("level")
    assert level[0].startswith(("There is no field of this name", "Give one of: partner, team."))
    assert all("There is no field of this name" in messages[0] for messages in problems.values())
    assert list(refused(partner_client, f"{entry.resource.name}/", body | {"level": "public"})) == ["level"]


@pytest.mark.attack("C2")
def test_only_what_is_listed_can_be_written_into_parts(partner_client: Client) -> None:
    names = [{"text": "Dilmurat"}, {"text": "Yasin", "level": "public"}]
    problems = refused(partner_client, "people/", PERSON | {"names": names, "headcount": {"min": 1, "mean": 2}})
    assert sorted(problems) == ["headcount/mean", "names/1/level"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"label": None}, "label"),
    ({"label": "  "}, "label"),
    ({"label": 7}, "label"),
    ({"label": ["x"]}, "label"),
    ({"label": "x" * 151}, "label"),
    ({"label": "Dil\u0007murat"}, "label"),
    ({"label": "Dil\nmurat"}, "label"),
    ({"label": "Dil\u0085murat"}, "label"),
    ({"standing": "hero"}, "standing"),
    ({"standing": {}}, "standing"),
    ({"role": "advocate"}, "body"),
    ({"residence": "Turkey"}, "residence"),
    ({"residence": "ZZ"}, "residence"),
    ({"residence": 3}, "residence"),
    ({"categories": ["nothing"]}, "categories/0"),
    ({"categories": "nothing"}, "categories"),
    ({"headcount": 3}, "headcount"),
    ({"headcount": {"min": "3"}}, "headcount/min"),
    ({"headcount": {"min": True}}, "headcount/min"),
    ({"headcount": {"min": 1.0}}, "headcount/min"),
    ({"headcount": {"min": -1}, "kind": "group"}, "headcount/min"),
    ({"headcount": {"min": 5, "max": 2}, "kind": "group"}, "body"),
    ({"born": "3/4/1987"}, "born"),
    ({"born": 1987}, "born"),
    ({"born": {"edtf": "1987", "precision": "year"}}, "born"),
    ({"names": {}}, "names"),
    ({"names": ["Dilmurat"]}, "names/0"),
    ({"names": [{}]}, "names/0/text"),
    ({"names": [{"text": "x", "kind": "primary"}, {"text": "y", "kind": "primary"}]}, "names/1"),
    ({"names": [{"text": "x"}, {"text": "x"}]}, "names/1"),
    ({"citizenships": ["TR", "TR"]}, "citizenships"),
    ({"citizenships": [None]}, "citizenships/0"),
]


@pytest.mark.attack("C5")
@pytest.mark.parametrize(("given", "place"), WRONG, ids=lambda value: str(value)[:40])
def test_a_value_that_makes_no_sense_is_named(partner_client: Client, given: dict[str, Any], place: str) -> None:
    seed_terms()
    assert list(refused(partner_client, "people/", PERSON | given)) == [place]


def test_what_is_needed_is_asked_for(partner_client: Client) -> None:
    assert sorted(refused(partner_client, "incidents/", {"place": "x"})) == ["scope", "title"]
    assert list(refused(partner_client, "people/", {})) == ["body"]
    assert list(refused(partner_client, "people/", [])) == ["body"]
    assert list(refused(partner_client, "people/?level=public", PERSON)) == ["level"]


def test_a_source_needs_an_address_of_the_web(partner_client: Client) -> None:
    seed_terms()
    body = {"title": "x", "kind": "news_report", "url": "javascript:alert(1)"}
    assert list(refused(partner_client, "sources/", body)) == ["url"]


def test_a_retired_term_is_not_used_any_more(partner_client: Client) -> None:
    seed_terms()
    kind = SourceDocument.objects.get().kind
    kind.retired = True
    kind.save()
    assert list(refused(partner_client, "sources/", {"title": "x", "kind": kind.code})) == ["kind"]


def test_a_citation_names_a_field_that_the_record_has(partner_client: Client) -> None:
    body = {"source": make_source().ref, "record": make_person().ref, "field": "team"}
    assert list(refused(partner_client, "citations/", body)) == ["field"]


@pytest.mark.attack("C6")
def test_the_number_of_a_hidden_notice_is_free_and_that_of_a_visible_one_is_taken(partner_client: Client) -> None:
    person = make_person()
    make_notice(person, number="A-1/1-2020", level="team")
    shown = make_notice(person, number="A-2/2-2020")
    body = {"person": person.ref, "instrument": "red_notice", "requested_by": "CN"}
    assert submitted(partner_client, "notices/", body | {"number": "A-1/1-2020"})["number"] == "A-1/1-2020"
    assert shown.ref in refused(partner_client, "notices/", body | {"number": "A-2/2-2020"}, 409)["number"][0]
    submitted(partner_client, "notices/", body | {"number": "A-3/3-2020"})
    assert refused(partner_client, "notices/", body | {"number": "A-3/3-2020"}, 409)
    assert Notice.objects.count() == 4
