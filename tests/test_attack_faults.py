"""Attacks by circumstance: a full disk, a database that does not answer, and many writers at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cases.models import Person
from config.errors import status_of
from tests.admin_forms import filled, rows
from tests.factories import make_country, make_person
from tests.full_disk import full_disk, read_only
from tests.installation import Installation, installation
from tests.seedfiles import content, load, two_people, write_seeds
from tests.signin import sign_in
from tests.writer import NAME

__all__ = ["installation"]


@pytest.mark.attack("I1")
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_a_loading_is_undone_and_reading_goes_on(client: Client, tmp_path: Path) -> None:
    seeds, known = write_seeds(tmp_path), make_person("Dilnur Enwer")
    two_people()
    before = content()
    with full_disk():
        with pytest.raises(OperationalError):
            load(seeds)
        assert content() == before
        assert known.label in client.get("/people/").content.decode()
    assert "36 created" in load(seeds)


@pytest.mark.attack("I1")
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_a_form_is_answered_507_and_nothing_of_it_is_kept(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("editor"))
    address = "/admin/cases/incident/add/"
    form = filled(client, address) | {"title": "Held", "summary": "x" * 200_000, "scope": "proxy", "origin": "CN"}
    part = {"person": make_person("Aybek").pk, "role": "subject", "status": "unknown", "level": "team"}
    form |= rows("involvements", part)
    form |= rows("stages", {"person": form["involvements-0-person"], "kind": "detention", "level": "team"})
    make_country("CN")
    before = content()
    client.raise_request_exception = False
    with full_disk():
        response = client.post(address, form)
        assert response.status_code == 507, response.content
        assert b"disk is full" in response.content
        assert content() == before
        assert client.get("/admin/cases/incident/").status_code == 200


@pytest.mark.attack("I1")
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_nobody_is_half_signed_in(client: Client) -> None:
    User.objects.create_user("reader", password="a long pass phrase", is_staff=True)
    client.raise_request_exception = False
    known = {"username": "reader", "login": "reader", "password": "a long pass phrase"}
    with full_disk():
        assert client.post(reverse(settings.LOGIN_URL), known).status_code == 507
        assert client.get("/people/").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.attack("I1")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_can_only_be_read_is_read_and_says_what_to_do(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("editor"))
    make_country("CN")
    address = "/admin/cases/incident/add/"
    form = filled(client, address) | {"title": "Held", "scope": "proxy", "origin": "CN"}
    before = content()
    client.raise_request_exception = False
    with read_only():
        response = client.post(address, form)
        assert response.status_code == 503, response.content
        assert b"can be read, but not written" in response.content
        assert b"mounted for reading only" in response.content
        assert client.get("/people/").status_code == 200
    assert content() == before


class Refusal(Exception):
    """An error as a database's own library raises it."""

    def __init__(self, **codes: Any) -> None:
        super().__init__()
        self.__dict__.update(codes)


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ({"sqlite_errorcode": 13}, 507),
        ({"sqlstate": "53100"}, 507),
        ({"errno": 28}, 507),
        ({"sqlite_errorcode": 5}, 503),
        ({"sqlite_errorcode": 8}, 503),
        ({"sqlite_errorcode": 1544}, 503),
        ({"sqlstate": "25006"}, 503),
        ({"errno": 30}, 503),
        ({"sqlite_errorcode": 261}, 503),
        ({"sqlstate": "57P01"}, 503),
        ({"sqlstate": "57014"}, 503),
        ({"sqlstate": "55P03"}, 503),
        ({"sqlstate": "40001"}, 503),
        ({"sqlstate": "42P01"}, 500),
        ({"sqlite_errorcode": 1}, 500),
        ({"sqlstate": "23505"}, 500),
        ({}, 500),
    ],
)
def test_the_status_tells_whose_fault_it_was(codes: dict[str, Any], status: int) -> None:
    error = OperationalError()
    error.__cause__ = Refusal(**codes)
    behind = ValueError()
    behind.__context__ = error if codes else Refusal()
    assert status_of(behind) == status


@pytest.mark.attack("I2")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_out_of_reach_is_answered_503(installation: Installation) -> None:
    ask = "import django; django.setup(); from django.test import Client; c = Client(raise_request_exception=False); "
    ask += "r = c.get('/api/v1/people/', headers={'Host': 'localhost'}); "
    ask += "print(r.status_code, r.headers['Retry-After'], r.json())"
    installation.env["DATABASE_URL"] = "postgres://waymark:x@127.0.0.1:1/waymark"
    told = installation.run("-W", "ignore", "-c", ask)
    assert told.stdout.startswith("503 5 {'detail': 'The database does not answer in time."), told.stderr


def write_at_once(home: Installation, writers: int, acts: int) -> list[str]:
    """Let processes write at the same time; return what the failed ones said."""
    command = [sys.executable, "-m", "tests.writer"]
    processes = [
        subprocess.Popen(
            [*command, str(number), str(acts)], cwd=settings.BASE_DIR, env=home.env, stderr=subprocess.PIPE, text=True
        )
        for number in range(writers)
    ]
    told = [process.communicate()[1] for process in processes]
    return [text for process, text in zip(processes, told, strict=True) if process.returncode]


@pytest.mark.attack("I2")
@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_lose_no_act_and_meet_no_lock(installation: Installation) -> None:
    make = f"import django; django.setup(); from cases.models import Person; Person.objects.create(label='{NAME}', "
    assert installation.run("-c", make + "kind='group', headcount_min=0, standing='linked')").returncode == 0
    assert write_at_once(installation, writers=8, acts=50) == []
    table = Person._meta.db_table
    assert installation.ask(
        f"SELECT headcount_min FROM {table} WHERE label = '{NAME}'", f"SELECT count(*) FROM {table}"
    ) == [400, 401]
