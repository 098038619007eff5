"""Changing a record through the API: only by whoever proves to know how it reads now, and never for others to read
before a second person has looked at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.models import Person
from records.api.request_body import WritableResource
from records.models import Proposal
from records.review import approve, send_back
from tests.databasefile import database_file
from tests.factories import (
    make_category,
    make_country,
    make_detail,
    make_notice,
    make_person,
    make_source,
)
from tests.partners import PERSON, at_once, filled, make_partner, partner, partner_client, post, rows, submitted
from tests.reviewing import client_of, member, reviewer

__all__ = ["database_file", "partner", "partner_client"]

pytestmark = pytest.mark.django_db
TEAMS = {"level": "team", "review": "draft"}


def address(record: Any) -> str:
    names = {entry.resource.model: entry.resource.name for entry in WRITABLE_RESOURCES}
    return f"/api/v1/{names[type(record)]}/{record.ref}/"


def etag(client: Client, path: str) -> str:
    return client.get(path).headers["ETag"]


def patch(client: Client, path: str, body: Any, condition: str | None = None) -> Any:
    """Change a record; without a `condition`, on the condition that it reads as it does now; "" is no condition."""
    condition = etag(client, path) if condition is None else condition
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    headers = {"If-Match": condition} if condition else {}
    return client.patch(path, raw, content_type="application/json", headers=headers)


@pytest.fixture
def team_client(db: None) -> Client:
    return client_of(member("analyst"))


def test_the_team_changes_a_draft(team_client: Client) -> None:
    person = make_person(**TEAMS)
    make_country("TR")
    before = etag(team_client, address(person))
    response = patch(team_client, address(person), {"occupation": "teacher", "residence": "TR"})
    assert response.status_code == 200, response.content
    read = response.json()
    assert (read["occupation"], read["residence"], read["label"]) == ("teacher", "TR", person.label)
    again = team_client.get(address(person))
    assert (again.json(), again.headers["ETag"]) == (read, response.headers["ETag"])
    assert response.headers["ETag"] != before
    as_long = patch(team_client, address(person), {"occupation": "painter"})
    assert as_long.headers["ETag"] != response.headers["ETag"]
    emptied = patch(team_client, address(person), {"occupation": None, "residence": None}).json()
    assert (emptied["occupation"], emptied["residence"]) == (None, None)


def test_lists_of_codes_are_replaced_and_parts_of_objects_one_by_one(team_client: Client) -> None:
    person = make_person(**TEAMS)
    person.categories.add(make_category("activist"))
    make_category("lawyer")
    response = patch(team_client, address(person), {"categories": ["lawyer"]})
    assert response.json()["categories"] == ["lawyer"]
    group = make_person("Passengers", kind="group", headcount_min=2, headcount_max=5, **TEAMS)
    told = patch(team_client, address(group), {"headcount": {"min": 3}}).json()
    assert told["headcount"] == {"min": 3, "max": 5}


@pytest.mark.attack("C3")
@pytest.mark.parametrize("condition", ["", "*", " * "])
def test_without_a_condition_nothing_is_changed(team_client: Client, condition: str) -> None:
    person = make_person(**TEAMS)
    response = patch(team_client, address(person), {"occupation": "teacher"}, condition)
    assert (response.status_code, Person.objects.get().occupation) == (428, "")
    assert "If-Match" in response.json()["detail"]


@pytest.mark.attack("C3")
@pytest.mark.parametrize("condition", ['"0123"', "nonsense", 'W/"x"', "1", '"1", "2"'])
def test_a_stale_condition_is_answered_with_how_the_record_reads_now(team_client: Client, condition: str) -> None:
    person = make_person(**TEAMS)
    response = patch(team_client, address(person), {"occupation": "teacher"}, condition)
    now = team_client.get(address(person))
    assert response.status_code == 412
    assert (response.json(), response.headers["ETag"]) == (now.json(), now.headers["ETag"])
    assert now.json()["occupation"] is None


def test_whoever_reads_again_can_go_on(team_client: Client) -> None:
    person = make_person(**TEAMS)
    first = etag(team_client, address(person))
    assert patch(team_client, address(person), {"occupation": "teacher"}, first).status_code == 200
    late = patch(team_client, address(person), {"ethnicity": "Uyghur"}, first)
    assert late.status_code == 412
    assert patch(team_client, address(person), {"ethnicity": "Uyghur"}, late.headers["ETag"]).status_code == 200
    assert (Person.objects.get().occupation, Person.objects.get().ethnicity) == ("teacher", "Uyghur")


@pytest.mark.attack("C3")
@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_wins_and_the_other_is_told(database_file: Path | None) -> None:
    user = member("analyst")
    person = make_person(**TEAMS)
    clients = [client_of(user), client_of(user)]
    condition = etag(clients[0], address(person))
    values = [{"occupation": "teacher"}, {"occupation": "singer"}]
    calls = [
        lambda client=client, value=value: patch(client, address(person), value, condition)
        for client, value in zip(clients, values, strict=True)
    ]
    answers = at_once(database_file, *calls)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.json() == lost.json()
    assert Person.objects.get().occupation == won.json()["occupation"]


def test_the_etag_tells_nothing_of_what_is_hidden(partner_client: Client) -> None:
    person = make_person(level="partner")
    before = etag(partner_client, address(person))
    make_detail(person, level="team")
    Person.objects.update(version=7)
    assert etag(partner_client, address(person)) == before
    listed = partner_client.get(address(person), {"fields": "ref"})
    assert listed.headers["ETag"] != before
    assert patch(partner_client, address(person), {"occupation": "x"}, listed.headers["ETag"]).status_code == 412


def test_an_unchanged_record_is_not_sent_again() -> None:
    person = make_person()
    client = Client()
    tag = etag(client, address(person))
    assert client.get(address(person), headers={"If-None-Match": tag}).status_code == 304


# What others read


def test_a_change_to_what_is_published_waits_for_a_second_person(team_client: Client) -> None:
    person = make_person()
    response = patch(team_client, address(person), {"occupation": "teacher"})
    assert response.status_code == 202, response.content
    proposal = Proposal.objects.get()
    assert response.json() == {"proposal": proposal.ref, "state": "open", "drafts": []}
    assert Person.objects.get().occupation == ""
    approve(proposal, reviewer("reviewer"))
    assert Person.objects.get().occupation == "teacher"


def test_what_is_published_for_the_team_alone_is_changed_at_once(team_client: Client) -> None:
    person = make_person(level="team")
    assert patch(team_client, address(person), {"occupation": "teacher"}).status_code == 200
    assert Person.objects.get().occupation == "teacher"


# Who may


def test_partners_change_what_they_submitted_until_it_is_approved(partner_client: Client) -> None:
    ref = submitted(partner_client, "people/", PERSON)["ref"]
    path = f"/api/v1/people/{ref}/"
    assert patch(partner_client, path, {"occupation": "teacher"}).status_code == 200
    approve(Proposal.objects.get(about=ref), reviewer("reviewer"))
    response = patch(partner_client, path, {"occupation": "singer"})
    assert (response.status_code, Person.objects.get().occupation) == (403, "teacher")


def test_what_was_sent_back_and_is_corrected_asks_again(partner_client: Client) -> None:
    ref = submitted(partner_client, "people/", PERSON)["ref"]
    send_back(Proposal.objects.get(), reviewer("reviewer"), "Which spelling is it?")
    assert Person.objects.get().review == "draft"
    assert patch(partner_client, f"/api/v1/people/{ref}/", {"occupation": "teacher"}).status_code == 200
    assert Person.objects.get().review == "in_review"
    assert [each.state for each in Proposal.objects.order_by("pk")] == ["sent_back", "open"]


@pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)
def test_partners_change_each_kind_of_thing_that_they_submitted(
    partner_client: Client, entry: WritableResource
) -> None:
    body = filled(entry)
    if entry.resource.name == "citations":
        body["record"] = submitted(partner_client, "people/", PERSON)["ref"]
    if entry.resource.name == "stages":
        people = [{"person": body["person"]}]
        incident = {"title": "x", "scope": "cross_border", "people": people}
        body["incident"] = submitted(partner_client, "incidents/", incident)["ref"]
    read = submitted(partner_client, f"{entry.resource.name}/", body)
    name = next(slot.name for slot in entry.slots if slot.column.type == "text" and not slot.once)
    kept = {"field": "sex", "title": "Another title", "label": "Another label"}.get(name, "Another")
    response = patch(partner_client, f"/api/v1/{entry.resource.name}/{read['ref']}/", {name: kept})
    assert (response.status_code, response.json().get(name)) == (200, kept), response.content


def test_partners_change_nothing_of_others(partner_client: Client, partner: User) -> None:
    other = client_of(make_partner("another"))
    ref = submitted(other, "people/", PERSON)["ref"]
    assert patch(partner_client, f"/api/v1/people/{ref}/", {"occupation": "x"}, '"x"').status_code == 404
    published = make_person()
    assert patch(partner_client, address(published), {"occupation": "x"}).status_code == 403
    named = make_person(level="partner", review="draft")
    named.readers.add(partner)
    assert patch(partner_client, address(named), {"occupation": "x"}).status_code == 403


@pytest.mark.attack("C1")
def test_a_hidden_record_is_changed_like_a_missing_one(partner_client: Client) -> None:
    hidden = make_person(level="team")
    answers = []
    for ref in (hidden.ref, "PER-00000000"):
        for condition in ("", "*", '"x"'):
            response = patch(partner_client, f"/api/v1/people/{ref}/", {"occupation": "x"}, condition or "")
            answers.append((response.status_code, response.content, sorted(response.headers.items())))
    assert answers[:3] == answers[3:]
    assert {status for status, _, _ in answers} == {404}


def test_strangers_change_nothing() -> None:
    person = make_person()
    assert patch(Client(), address(person), {"occupation": "x"}, '"x"').status_code == 401
    reader = client_of(User.objects.create_user("reader"))
    assert patch(reader, address(person), {"occupation": "x"}, '"x"').status_code == 403
    assert patch(reader, "/api/v1/people/PER-00000000/", {"occupation": "x"}, '"x"').status_code == 403


# What is refused


@pytest.mark.attack("C2")
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"level": "public"}, "level"),
        ({"review": "published"}, "review"),
        ({"version": 1}, "version"),
        ({"readers": []}, "readers"),
        ({"names": [{"text": "x"}]}, "names"),
        ({"born": "1987"}, "born"),
        ({"label": ""}, "label"),
        ({"label": None}, "label"),
        ({"sex": None}, "sex"),
        ({"role": "advocate"}, "body"),
        ({}, "body"),
        ([], "body"),
        ('{"label": "x", "label": "y"}', "label"),
    ],
    ids=str,
)
def test_a_change_that_makes_no_sense_is_named(team_client: Client, body: Any, place: str) -> None:
    person = make_person(**TEAMS)
    before = rows()
    response = patch(team_client, address(person), body)
    assert (response.status_code, list(response.json())) == (400, [place])
    assert (rows(), Person.objects.get().version) == (before, person.version)


@pytest.mark.attack("C6")
def test_a_notice_takes_no_number_of_another_that_is_seen(partner_client: Client) -> None:
    person = make_person()
    make_notice(person, number="A-1/1-2020", level="team")
    make_notice(person, number="A-2/2-2020")
    body = {"person": person.ref, "instrument": "red_notice", "requested_by": "CN", "number": "A-3/3-2020"}
    path = f"/api/v1/notices/{submitted(partner_client, 'notices/', body)['ref']}/"
    assert patch(partner_client, path, {"number": "A-2/2-2020"}).status_code == 409
    assert patch(partner_client, path, {"number": "A-3/3-2020"}).status_code == 200
    assert patch(partner_client, path, {"number": "A-1/1-2020"}).status_code == 200


def test_a_source_keeps_the_line_that_its_editor_does_not_see(partner_client: Client, partner: User) -> None:
    body = {"title": "x", "kind": make_source().kind.code}
    read = submitted(partner_client, "sources/", body)
    assert read["derived_from"] is None
    response = patch(partner_client, f"/api/v1/sources/{read['ref']}/", {"derived_from": None})
    assert (response.status_code, list(response.json())) == (400, ["derived_from"])
    assert post(partner_client, "sources/", body | {"derived_from": read["ref"]}).status_code == 201
