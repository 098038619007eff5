"""The way in and out: one door, bad tries slowed down, and what an old sign-in is no longer good for."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config import settings as configured
from records.accounts.shared_cache import SharedFileCache
from records.models import ApiToken, Team
from tests.factories import make_person
from tests.signin import PASSWORD, may, sign_in

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture
def reader() -> User:
    """Somebody who may read and change nothing, so that no second factor is asked for."""
    return may(User.objects.create_user("reader", password=PASSWORD), "read_partner")


def enter(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def is_inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def without_token(page: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_name_and_password_open_the_door_and_lead_back(client: Client, reader: User) -> None:
    answer = enter(client, "reader")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_inside(client)
    client.post("/account/logout/")
    answer = client.post(LOGIN, {"login": "reader", "password": PASSWORD, "next": "/people/"})
    assert answer["Location"] == "/people/"


def test_the_account_page_says_on_which_teams_one_is(client: Client, reader: User) -> None:
    enter(client, "reader")
    assert "Team" not in client.get("/account/").content.decode()
    reader.teams.add(Team.objects.create(name="Red"), Team.objects.create(name="Blue"))
    assert "Teams: Blue, Red." in client.get("/account/").content.decode()


@pytest.mark.attack("G2")
@pytest.mark.parametrize(
    "elsewhere", ["//evil", "https://evil/", r"\\evil", "/\\evil", "javascript:alert(1)", "https:evil"]
)
def test_nobody_is_led_to_another_site(client: Client, reader: User, elsewhere: str) -> None:
    answer = client.post(LOGIN, {"login": "reader", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"
    answer = client.post(f"/account/reauthenticate/?next={elsewhere}", {"password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"
    answer = client.post("/account/logout/", {"next": elsewhere})
    assert answer["Location"] == "/"


@pytest.mark.attack("G2")
@pytest.mark.parametrize(
    "path", [LOGIN, "/account/logout/", "/account/password/", "/account/tokens/", "/account/sessions/end/"]
)
def test_a_form_sent_by_another_site_is_refused(reader: User, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, reader)
    assert strict.post(path, {"login": "reader", "password": PASSWORD}).status_code == 403
    assert is_inside(strict)


def test_the_admin_has_no_door_of_its_own(client: Client, reader: User) -> None:
    answer = client.get("/admin/login/?next=/admin/cases/person/")
    assert answer["Location"] == f"{LOGIN}?next=/admin/cases/person/"
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    answer = client.post("/admin/login/", {"username": "boss", "password": PASSWORD, "next": "/admin/"})
    assert answer["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session
    # Not from inside either: a form there would let somebody become another without a second factor.
    sign_in(client, User.objects.create_user("clerk", is_staff=True))
    client.post("/admin/login/", {"username": "boss", "password": PASSWORD})
    assert client.session["_auth_user_id"] != str(boss.pk)
    assert client.get("/admin/password_change/")["Location"] == "/account/password/"


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_there_is_no_sign_up_and_nothing_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.attack("D1")
def test_twenty_bad_tries_are_slowed_down_the_same_for_known_and_unknown_names(reader: User) -> None:
    answers: dict[str, list[Any]] = {}
    for name in ("reader", "nobody"):
        client = Client()
        answers[name] = [enter(client, name, "a wrong pass phrase") for _ in range(20)]
    for name, given in answers.items():
        assert [answer.status_code for answer in given] == [200] * 5 + [429] * 15, name
        assert {answer.headers.get("Retry-After") for answer in given[5:]} == {"300"}
    for known, unknown in zip(*answers.values(), strict=True):
        assert without_token(known).replace("reader", "") == without_token(unknown).replace("nobody", "")
        assert known.headers.keys() == unknown.headers.keys()


@pytest.mark.attack("D1")
def test_the_right_password_does_not_help_while_tries_are_counted_out(client: Client, reader: User) -> None:
    for _ in range(6):
        enter(client, "reader", "a wrong pass phrase")
    assert enter(client, "reader").status_code == 429
    assert not is_inside(client)


@pytest.mark.attack("D1")
def test_a_name_that_is_not_known_costs_as_much_work_as_one_that_is(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Counted in hashes rather than in seconds: each bad try makes exactly one."""
    settings.PASSWORD_HASHERS = ["tests.test_signin.Counting"]
    reader.set_password(PASSWORD)
    reader.save()
    for name in ("reader", "nobody"):
        Counting.made = 0
        enter(client, name, "a wrong pass phrase")
        assert Counting.made == 1, name


class Counting(MD5PasswordHasher):
    """Counts the hashes that it makes."""

    made = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.made += 1
        return super().encode(password, salt)


@pytest.mark.attack("D1")
def test_a_client_does_not_choose_the_address_that_is_counted(client: Client, reader: User) -> None:
    for number in range(6):
        answer = enter(
            client, "reader", "wrong", headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": "::1"}
        )
    assert answer.status_code == 429


@pytest.mark.attack("D1")
def test_behind_a_web_server_of_ours_the_address_that_it_saw_is_counted(
    client: Client, reader: User, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(6):
        answer = enter(client, "reader", "wrong", headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"})
    assert answer.status_code == 429
    assert enter(client, "reader", headers={"X-Forwarded-For": "198.51.100.7, 198.51.100.8"}).status_code == 302


def test_a_stranger_elsewhere_locks_nobody_out(client: Client, reader: User) -> None:
    for _ in range(6):
        enter(client, "reader", "wrong", REMOTE_ADDR="198.51.100.7")
    assert enter(client, "reader").status_code == 302


def test_a_closed_account_is_told_the_same_as_a_wrong_password(client: Client, reader: User) -> None:
    reader.is_active = False
    reader.save()
    assert "not correct" in enter(client, "reader").content.decode()
    assert without_token(enter(client, "reader")) == without_token(enter(client, "reader", "wrong"))


class TestRecent:
    """What a sign-in of two hours ago is too old for."""

    @pytest.mark.attack("D5")
    @pytest.mark.parametrize(
        "listed", ["people", "incidents", "notices", "sources", "countries", "agreements", "events"]
    )
    def test_an_export_asks_who_is_there_and_leads_back(self, client: Client, reader: User, listed: str) -> None:
        make_person("For partners", level="partner")
        sign_in(client, reader, minutes_ago=120)
        there = f"/{listed}/export.csv"
        answer = client.get(there)
        assert answer["Location"] == f"/account/reauthenticate/?next=%2F{listed}%2Fexport.csv"
        assert client.post(answer["Location"], {"password": PASSWORD, "next": there})["Location"] == there
        assert client.get(there).status_code == 200

    def test_whoever_reads_what_strangers_read_is_not_asked(self, client: Client, reader: User) -> None:
        make_person("For everybody")
        make_person("For the team", level="team")
        sign_in(client, reader, minutes_ago=120)
        assert client.get("/people/export.csv").status_code == 200

    @pytest.mark.attack("D5")
    def test_a_wrong_password_is_no_proof(self, client: Client, reader: User) -> None:
        make_person("For partners", level="partner")
        sign_in(client, reader, minutes_ago=120)
        client.post("/account/reauthenticate/", {"password": "wrong", "next": "/people/export.csv"})
        assert client.get("/people/export.csv").status_code == 302

    def test_a_stranger_takes_what_is_public_and_a_recent_sign_in_is_not_asked(
        self, client: Client, reader: User
    ) -> None:
        assert client.get("/people/export.csv").status_code == 200
        sign_in(client, reader, minutes_ago=14)
        assert client.get("/people/export.csv").status_code == 200

    @pytest.mark.attack("D5")
    def test_a_new_token_asks_who_is_there(self, client: Client, reader: User) -> None:
        sign_in(client, reader, minutes_ago=120)
        answer = client.post("/account/tokens/", {"name": "new", "scopes": "read", "days": "1"})
        assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2Ftokens%2F"
        assert not ApiToken.objects.exists()


def test_passwords_are_kept_as_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS
    user = User(username="new")
    user.set_password(PASSWORD)
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.check_password(PASSWORD)


def test_of_many_workers_only_one_adds_to_the_shared_cache(tmp_path: Path) -> None:
    won: list[int] = []
    barrier = threading.Barrier(8)

    def add() -> None:
        cache = SharedFileCache(str(tmp_path / "cache"), {})
        for key in range(50):
            barrier.wait()
            won.extend([key] * cache.add(str(key), 1, 10))

    workers = [threading.Thread(target=add) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(won) == list(range(50))
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_the_pages_of_an_account_are_kept_by_no_cache_and_work_for_nobody_else(client: Client, reader: User) -> None:
    sign_in(client, reader)
    for name in ("account", "mfa_index", "usersessions_list", "tokens", "account_change_password"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == "no-store", name
        assert Client().get(reverse(name))["Location"].startswith(LOGIN), name
