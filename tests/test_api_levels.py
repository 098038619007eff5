"""What partners submit can be for the team alone, and never more open than partner; the sender is shut out as told."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.models import Incident, Notice, Person
from records.api.request_body import WritableResource
from records.models import Proposal
from sources.models import SourceDocument
from tests.factories import make_person
from tests.partners import (
    PERSON,
    filled,
    make_partner,
    partner,
    partner_client,
    post,
    refused,
    seed_terms,
    submitted,
)
from tests.reviewing import answer, client_of, reviewer
from tests.signin import sign_in

__all__ = ["partner", "partner_client"]
pytestmark = pytest.mark.django_db

RECORDS = [entry for entry in WRITABLE_RESOURCES if entry.resource.model.reviewed]  # type: ignore[attr-defined]
every_record = pytest.mark.parametrize("entry", RECORDS, ids=lambda entry: entry.resource.name)


def parts_of(record: Any) -> list[Any]:
    """Return all rows that hang on a record directly."""
    links = [link for link in record._meta.related_objects if link.one_to_many and hasattr(link.related_model, "level")]
    return [row for link in links for row in link.related_model.objects.filter(**{link.field.name: record})]


@every_record
def test_what_is_for_the_team_waits_and_only_the_team_reads_it(partner_client: Client, entry: WritableResource) -> None:
    path = f"{entry.resource.name}/"
    response = post(partner_client, path, filled(entry) | {"level": "team"})
    assert response.status_code == 202, response.content
    model: Any = entry.resource.model
    drafts = response.json()["drafts"]
    [ref] = [each for each in drafts if each.startswith(model.prefix())]
    record = model.objects.get(ref=ref)
    assert (record.level, record.review, record.submitted_by.username) == ("team", "in_review", "partner")
    for part in parts_of(record):
        assert not type(part).objects.visible_to(User.objects.get(username="partner")).filter(pk=part.pk).exists()
    proposal = Proposal.objects.get(about=ref)
    assert response.json() == {"proposal": proposal.ref, "state": "open", "drafts": drafts}
    for client in (partner_client, sign_in(Client(), make_partner("another")), Client()):
        assert client.get(f"/api/v1/{path}{ref}/").status_code == 404
        assert ref not in client.get(f"/api/v1/{path}").content.decode()
    assert sign_in(Client(), make_partner("of the team", "read_team")).get(f"/api/v1/{path}{ref}/").status_code == 200


def test_once_approved_it_is_still_for_the_team_alone(partner_client: Client) -> None:
    [ref] = post(partner_client, "people/", PERSON | {"level": "team"}).json()["drafts"]
    second = client_of(reviewer("second"))
    answer(second, Proposal.objects.get(), "approve")
    assert (Person.objects.get().level, Person.objects.get().review) == ("team", "published")
    assert partner_client.get(f"/api/v1/people/{ref}/").status_code == 404


def test_a_name_alone_can_be_for_the_team(partner_client: Client) -> None:
    names = [{"text": "Dilmurat Yasin", "level": "team"}, {"text": "D. Y.", "level": "partner"}, {"text": "Dilmurat"}]
    read = submitted(partner_client, "people/", PERSON | {"names": names})
    assert [name["text"] for name in read["names"]] == ["D. Y.", "Dilmurat"]
    person = Person.objects.get()
    assert (person.level, person.names.get(text="Dilmurat Yasin").level) == ("partner", "team")


def test_a_part_is_never_more_open_than_its_record(partner_client: Client) -> None:
    body = PERSON | {"level": "team", "names": [{"text": "Dilmurat", "level": "partner"}], "born": "1987~"}
    assert post(partner_client, "people/", body).status_code == 202
    parts = parts_of(Person.objects.get())
    assert {part.level for part in parts} == {"partner", "public"}  # as it was asked for, and as the record
    for part in parts:
        assert not type(part).objects.visible_to(User.objects.get(username="partner")).filter(pk=part.pk).exists()


def test_people_of_an_incident_can_be_for_the_team(partner_client: Client) -> None:
    seed_terms()
    people = [submitted(partner_client, "people/", PERSON | {"label": name})["ref"] for name in ("One", "Two")]
    body = {"title": "Held", "scope": "cross_border", "people": [{"person": people[0]}]}
    body["people"].append({"person": people[1], "level": "team"})  # type: ignore[attr-defined]
    read = submitted(partner_client, "incidents/", body)
    assert [each["person"] for each in read["people"]] == people[:1]
    assert Incident.objects.get().involvements.count() == 2


def test_a_source_that_comes_with_a_citation_can_be_for_the_team(partner_client: Client) -> None:
    seed_terms()
    person = submitted(partner_client, "people/", PERSON)["ref"]
    source = {"title": "A letter", "kind": "news_report", "level": "team"}
    response = post(partner_client, "citations/", {"source": source, "record": person, "field": "label"})
    assert response.status_code == 202, response.content
    [draft] = response.json()["drafts"]
    assert SourceDocument.objects.get(ref=draft).level == "team"
    assert partner_client.get("/api/v1/citations/").json()["results"] == []


@pytest.mark.parametrize("level", ["public", "restricted", "Team", "", None, 1, ["team"]])
@every_record
def test_no_other_level_can_be_asked_for(partner_client: Client, entry: WritableResource, level: Any) -> None:
    assert list(refused(partner_client, f"{entry.resource.name}/", filled(entry) | {"level": level})) == ["level"]


@pytest.mark.parametrize("resource", ["stages", "citations"])
def test_what_is_added_to_a_record_takes_no_level_and_waits_for_a_second_person(
    partner_client: Client, resource: str
) -> None:
    [entry] = [each for each in WRITABLE_RESOURCES if each.resource.name == resource]
    assert list(refused(partner_client, f"{resource}/", filled(entry) | {"level": "team"})) == ["level"]


def test_the_level_is_not_changed_by_a_correction(partner_client: Client) -> None:
    person = submitted(partner_client, "people/", PERSON)["ref"]
    address = f"/api/v1/people/{person}/"
    condition = {"If-Match": partner_client.get(address).headers["ETag"]}
    told = partner_client.patch(address, {"level": "team"}, content_type="application/json", headers=condition)
    assert (told.status_code, list(told.json())) == (400, ["level"])


def test_sent_again_with_its_key_it_is_answered_alike_and_stored_once(partner_client: Client) -> None:
    key = {"Idempotency-Key": "1"}
    answers = [post(partner_client, "people/", PERSON | {"level": "team"}, **key) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert Person.objects.count() == 1


def test_nothing_stored_is_changed_by_it(partner_client: Client) -> None:
    """What is published stays as open as it was: a level comes with new drafts and their parts only."""
    person = make_person(level="partner")
    seed_terms()
    notice = {"person": person.ref, "instrument": "red_notice", "requested_by": "CN", "level": "team"}
    assert post(partner_client, "notices/", notice).status_code == 202
    person.refresh_from_db()
    assert (person.level, person.review) == ("partner", "published")
    assert Notice.objects.get().level == "team"
