"""Partners send a whole case at once: an incident with new people, their stages, sources and what these say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Citation, Incident, Person, Stage
from records.models import AuditEntry, Proposal
from records.review import approve
from sources.models import SourceDocument
from tests.factories import make_country, make_incident, make_involvement, make_person, make_source
from tests.partners import partner, partner_client, post, refused, submitted
from tests.reviewing import client_of, page, reviewer

__all__ = ["partner", "partner_client"]
pytestmark = pytest.mark.django_db


def case(**more: Any) -> dict[str, Any]:
    """A case as an article tells it: somebody new, three stages, each with the paragraph that says so."""
    stages = [
        {"kind": "questioned", "occurred": "2021-07-19", "country": "MA", "citations": [cited("occurred", 2)]},
        {"kind": "detention", "occurred": "2021-07-20", "country": "MA", "citations": [cited("occurred", 3)]},
        {"kind": "hearing", "occurred": "2021-12", "country": "MA", "citations": [cited("occurred", 9)]},
    ]
    person = {
        "label": "Dilmurat Y.",
        "standing": "target",
        "names": [{"text": "Dilmurat Yasin"}, {"text": "دىلمۇرات ياسىن"}],
        "citations": [cited("label", 1)],
    }
    return {
        "title": "Held at an airport",
        "scope": "cross_border",
        "start": "2021-07-19",
        "origins": [{"country": "CN", "attribution": "stated", "citations": [cited("country", 4)]}],
        "locations": ["MA"],
        "sources": [{"title": "Traveller held", "outlet": "The Daily Lantern", "kind": "news_report"}],
        "people": [{"person": person, "stages": stages, "citations": [cited("role", 1)]}],
        "citations": [cited("title", 1)],
    } | more


def cited(field: str, paragraph: int, source: str = "sources/0") -> dict[str, Any]:
    return {"source": source, "field": field, "paragraph": paragraph}


@pytest.fixture(autouse=True)
def countries(db: None) -> None:
    make_source()  # and with it the kinds of sources
    for code in ("CN", "MA"):
        make_country(code)


def test_one_request_makes_all_of_it(partner_client: Client) -> None:
    read = submitted(partner_client, "incidents/", case())
    [person] = read["people"]
    assert person["label"] == "Dilmurat Y."
    assert [stage["kind"] for stage in read["stages"]] == ["questioned", "detention", "hearing"]
    assert {stage["person"] for stage in read["stages"]} == {person["person"]}
    stages = partner_client.get("/api/v1/stages/").json()["results"]
    assert [stage["sources"] for stage in stages] == [read["sources"]] * 3
    assert set(Person.objects.get().names.values_list("script", flat=True)) == {"Latn", "Arab"}
    told = {(type(each.record).__name__, each.field, each.paragraph) for each in Citation.objects.all()}
    assert told == {
        ("Incident", "title", 1),
        ("IncidentCountry", "country", 4),
        ("Person", "label", 1),
        ("Involvement", "role", 1),
        ("Stage", "occurred", 2),
        ("Stage", "occurred", 3),
        ("Stage", "occurred", 9),
    }


def test_it_is_one_act_and_each_record_waits_for_a_second_person(partner_client: Client, client: Client) -> None:
    before = AuditEntry.objects.filter(kind="write").count()
    ref = submitted(partner_client, "incidents/", case())["ref"]
    assert AuditEntry.objects.filter(kind="write").count() == before + 1
    waiting = {proposal.about[:3] for proposal in Proposal.objects.filter(state="open")}
    assert waiting == {"INC", "PER", "SRC"}
    assert client.get(f"/api/v1/incidents/{ref}/").status_code == 404


def test_approved_it_is_read_whole(partner_client: Client) -> None:
    ref = submitted(partner_client, "incidents/", case())["ref"]
    second = reviewer("second")
    for proposal in Proposal.objects.order_by("about"):
        assert client_of(second).get(page(proposal)).status_code == 200
        approve(proposal, second)
    read = partner_client.get(f"/api/v1/incidents/{ref}/").json()
    assert len(read["stages"]) == 3 and len(read["sources"]) == 1
    assert Incident.objects.get().review == Person.objects.get().review == "published"


def test_sent_again_with_its_key_it_is_made_once(partner_client: Client) -> None:
    first, again = (post(partner_client, "incidents/", case(), **{"Idempotency-Key": "case 1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and Incident.objects.count() == Person.objects.count() == 1


def test_a_person_and_a_source_that_are_there_are_named_by_reference(partner_client: Client) -> None:
    person, source = make_person("Nur Weaver"), make_source(title="A report")
    stage = {"kind": "detention", "citations": [cited("occurred", 1, source.ref)]}
    body = {"title": "x", "scope": "cross_border", "people": [{"person": person.ref, "stages": [stage]}]}
    read = submitted(partner_client, "incidents/", body)
    assert (read["people"][0]["person"], read["sources"]) == (person.ref, [source.ref])
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"citations": [cited("title", 1, "sources/1")]}, "citations/0/source", "no such place among “sources”"),
        ({"citations": [cited("colour", 1)]}, "citations/0/field", "is not a fact of this record"),
        ({"sources": [{"title": "x", "kind": "news_report"}] * 2}, "sources/1", "No citation names this source"),
        ({"citations": [cited("title", 1, "SRC-00000000")]}, "citations/0/source", "no such source that you may see"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_and_nothing_is_written(
    partner_client: Client, change: dict[str, Any], where: str, words: str
) -> None:
    problems = refused(partner_client, "incidents/", case(**change))
    assert words in problems[where][0]
    assert not any(model.objects.exists() for model in (Incident, Person, Stage, Citation))
    assert SourceDocument.objects.count() == 1


def test_a_wrong_date_deep_inside_is_told_at_its_place(partner_client: Client) -> None:
    body = case()
    body["people"][0]["stages"][1]["occurred"] = "the 20th"
    assert list(refused(partner_client, "incidents/", body)) == ["people/0/stages/1/occurred"]


def test_somebody_who_may_be_known_is_asked_about_where_they_stand(partner_client: Client) -> None:
    known = make_person("Dilmurat Y.")
    answered = post(partner_client, "incidents/", case())
    assert answered.status_code == 409 and not Incident.objects.exists()
    assert "people/0/person/different_from" in answered.json()
    body = case()
    body["people"][0]["person"]["different_from"] = [known.ref]
    assert submitted(partner_client, "incidents/", body)["people"][0]["person"] != known.ref


def test_two_people_of_one_body_are_two(partner_client: Client) -> None:
    body = case()
    body["people"].append({"person": {"label": "Dilmurat Y.", "standing": "target"}, "role": "witness"})
    assert len(submitted(partner_client, "incidents/", body)["people"]) == 2


def test_a_body_of_very_many_rows_is_refused_before_anything_is_written(partner_client: Client) -> None:
    body = case()
    body["people"][0]["stages"] = [{"kind": "hearing"}] * 199
    body["people"] *= 2
    assert "at most 300 rows" in refused(partner_client, "incidents/", body)["body"][0]
    assert not Incident.objects.exists()


def test_a_stage_of_which_no_source_tells_is_refused_at_its_place(partner_client: Client) -> None:
    body = case()
    del body["people"][0]["stages"][1]["citations"]
    problems = refused(partner_client, "incidents/", body)
    assert list(problems) == ["people/0/stages/1/citations"] and not Incident.objects.exists()


def test_a_stage_of_a_published_case_comes_with_its_source_and_is_approved(partner_client: Client) -> None:
    make_involvement(incident := make_incident(), person := make_person("Nur Weaver"))
    body: dict[str, Any] = {"incident": incident.ref, "person": person.ref, "kind": "release", "occurred": "2021-08"}
    body |= {"sources": [{"title": "Freed", "kind": "news_report"}], "citations": [cited("occurred", 2)]}
    answered = post(partner_client, "stages/", body)
    assert answered.status_code == 202, answered.content
    second = reviewer("second")
    for proposal in Proposal.objects.order_by("-about"):  # the source before the incident
        approve(proposal, second)
    stage = Stage.objects.get()
    assert stage.kind == "release" and stage.citations.get().source.title == "Freed"
