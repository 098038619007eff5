"""Nothing of the team's is read behind a password alone: by a session, by a token, or by being named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from records.models import ApiToken
from tests.factories import make_person
from tests.signin import give_factor, sign_in

pytestmark = pytest.mark.django_db
SETUP = "/account/second-factor/"


def test_whoever_reads_what_is_the_teams_needs_one(client: Client) -> None:
    reader = User.objects.create_user("reader")
    reader.user_permissions.set(Permission.objects.filter(codename="read_team"))
    sign_in(client, reader, factor=False)
    assert client.get("/people/")["Location"] == SETUP
    assert client.get("/api/v1/people/").status_code == 403
    give_factor(reader)
    assert client.get("/people/").status_code == 200


def test_behind_a_password_alone_a_token_reads_nothing_of_the_teams(client: Client) -> None:
    person = make_person("Kept by the team", level="team")
    reader = User.objects.create_user("reader")
    reader.user_permissions.set(Permission.objects.filter(codename="read_team"))
    _, words = ApiToken.objects.create(reader, expiry=timedelta(days=1), name="script", scopes=["read"])
    headers = {"Authorization": f"Token {words}"}
    assert client.get(f"/api/v1/people/{person.ref}/", headers=headers).status_code == 404
    give_factor(reader)
    assert client.get(f"/api/v1/people/{person.ref}/", headers=headers).status_code == 200


def test_nor_does_whom_a_record_names_read_it(client: Client) -> None:
    person = make_person("Restricted", level="restricted")
    reader = User.objects.create_user("reader")
    person.readers.add(reader)
    sign_in(client, reader, factor=False)
    assert client.get(f"/people/{person.ref}/").status_code == 404
    give_factor(reader)
    assert client.get(f"/people/{person.ref}/").status_code == 200
