"""Submissions that are sent twice, one after the other or at once: carried out once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Person
from records.models import Proposal, Submission
from tests.databasefile import database_file
from tests.factories import make_incident, make_involvement, make_person
from tests.partners import PERSON, at_once, make_partner, partner, partner_client, post, refused, seed_terms
from tests.signin import sign_in

__all__ = ["database_file", "partner", "partner_client"]

pytestmark = pytest.mark.django_db


@pytest.mark.attack("C7")
def test_the_same_key_and_body_are_carried_out_once(partner_client: Client) -> None:
    first, second = (post(partner_client, "people/", PERSON, **{"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    for name in ("Location", "ETag"):
        assert first.headers[name] == second.headers[name]
    assert Person.objects.count() == 1


def test_a_key_is_for_one_body_and_one_address(partner_client: Client) -> None:
    seed_terms()
    submitted_once = post(partner_client, "people/", PERSON, **{"Idempotency-Key": "one"})
    assert submitted_once.status_code == 201
    other = PERSON | {"label": "Somebody else"}
    assert list(refused(partner_client, "people/", other, 409, **{"Idempotency-Key": "one"})) == ["Idempotency-Key"]
    source = {"title": "x", "kind": "news_report"}
    assert refused(partner_client, "sources/", source, 409, **{"Idempotency-Key": "one"})


def test_a_key_is_ones_own(partner_client: Client) -> None:
    other = sign_in(Client(), make_partner("another"))
    refs = {
        post(each, "people/", PERSON, **{"Idempotency-Key": "one"}).json()["ref"] for each in (partner_client, other)
    }
    assert len(refs) == 2


def test_what_was_refused_can_be_sent_again_with_its_key(partner_client: Client) -> None:
    refused(partner_client, "people/", PERSON | {"label": 7}, 400, **{"Idempotency-Key": "one"})
    assert post(partner_client, "people/", PERSON, **{"Idempotency-Key": "one"}).status_code == 201


def test_a_key_is_forgotten_after_a_day(partner_client: Client) -> None:
    post(partner_client, "people/", PERSON, **{"Idempotency-Key": "one"})
    Submission.objects.update(at=timezone.now() - timedelta(hours=25))
    another = PERSON | {"label": "Somebody Else"}  # for which a key that is remembered would be refused
    assert post(partner_client, "people/", another, **{"Idempotency-Key": "one"}).status_code == 201
    assert (Person.objects.count(), Submission.objects.count()) == (2, 1)


@pytest.mark.parametrize("key", ["", "é", "a\tb", "x" * 201])
def test_a_key_that_is_no_key_is_refused(partner_client: Client, key: str) -> None:
    assert list(refused(partner_client, "people/", PERSON, 400, **{"Idempotency-Key": key})) == ["Idempotency-Key"]


def test_what_is_proposed_is_proposed_once(partner_client: Client) -> None:
    incident, person = make_incident(), make_person()
    make_involvement(incident, person)
    body = {"incident": incident.ref, "person": person.ref, "kind": "release"}
    answers = [post(partner_client, "stages/", body, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert Proposal.objects.count() == 1


@pytest.mark.attack("C7")
@pytest.mark.django_db(transaction=True)
def test_five_at_once_with_one_key_make_one_row(database_file: Path | None) -> None:
    clients = [sign_in(Client(), make_partner())] * 5

    def send(client: Client) -> Any:
        copy = Client()
        copy.cookies = client.cookies
        return post(copy, "people/", PERSON, **{"Idempotency-Key": "one"})

    answers = at_once(database_file, *(lambda each=client: send(each) for client in clients))
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.json()["ref"] for answer in answers}) == 1
    assert (Person.objects.count(), Submission.objects.count(), Proposal.objects.count()) == (1, 1, 1)
