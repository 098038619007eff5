"""Wrong tries are slowed down, and nobody is refused for what others tried, from elsewhere or from the same address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import User
from django.test import Client

from records.api.writing import WritesPerUser
from records.models import ApiToken, TokenScope
from tests.feeds import address
from tests.signin import PASSWORD, code_now, give_factor, may, sign_in

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
FACTOR = "/account/second-factor/authenticate/"
WRONG = "a wrong pass phrase"
#: What one web server in front names as the client.
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.66"


class Fields(HTMLParser):
    """The fields of the first form of a page that asks for a password: name and value."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            if 'type="password"' in form and not self.found:
                self.feed(form)

    def handle_starttag(self, tag: str, given: Any) -> None:
        about = dict(given)
        if tag == "input" and about.get("name"):
            self.found[about["name"]] = about.get("value") or ""


@pytest.fixture(autouse=True)
def one_web_server_in_front(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def holder() -> User:
    """Somebody who writes, with one-time codes."""
    user = User.objects.create_user("holder", password=PASSWORD, is_staff=True)
    give_factor(user)
    return user


@pytest.fixture
def reader() -> User:
    """Somebody without a second factor."""
    return may(User.objects.create_user("reader", password=PASSWORD), "read_partner")


def at(place: str) -> Client:
    """A browser at an address, which is what the web server in front says."""
    return Client(headers={"X-Forwarded-For": place})


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **more})


def is_inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def come_in(client: Client, name: str, code: str = "") -> bool:
    """Sign in as a person does, with whatever the pages ask for. Tells whether that led inside."""
    answer = enter(client, name)
    if answer.status_code == 429:
        fields = Fields(answer.content.decode()).found
        known = {"login": name, "password": PASSWORD, "code": code or code_now()}
        client.post(LOGIN, fields | {field: known[field] for field in fields if field in known})
    elif answer["Location"] == FACTOR:
        client.post(FACTOR, {"code": code or code_now()})
    return is_inside(client)


def guess_their_password(place: str) -> None:
    for _ in range(8):
        enter(at(place), "holder", WRONG)
        enter(at(place), "reader", WRONG)


def guess_many_passwords(place: str) -> None:
    for number in range(70):
        enter(at(place), f"name-{number}", WRONG)


def guess_together(place: str) -> None:
    for number in range(10):
        enter(at(place), "holder", WRONG, code=f"{number:06}")


def knock(place: str) -> None:
    """Ask for nothing that could be right, as fast as it goes."""
    for _ in range(70):
        at(place).post(LOGIN, {})
        at(place).post("/account/second-factor/passkeys/login/", {"credential": "{}"})


STRANGERS = [guess_their_password, guess_many_passwords, guess_together, knock]


@pytest.mark.attack("D1")
@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("place", [HERE, ELSEWHERE])
def test_whatever_strangers_try_password_and_second_factor_open(
    holder: User, stranger: Callable[[str], None], place: str
) -> None:
    stranger(place)
    assert come_in(at(HERE), "holder")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_without_a_second_factor_strangers_elsewhere_keep_nobody_out(
    reader: User, stranger: Callable[[str], None]
) -> None:
    stranger(ELSEWHERE)
    assert come_in(at(HERE), "reader")


def test_sign_ins_that_succeed_are_not_counted(reader: User) -> None:
    assert {enter(at(HERE), "reader")["Location"] for _ in range(65)} == {"/"}


@pytest.mark.attack("D1")
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_sign_in_stays_provable_whatever_strangers_try_at_its_address(
    holder: User, stranger: Callable[[str], None]
) -> None:
    client = sign_in(at(HERE), holder, minutes_ago=120)
    stranger(HERE)
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/people/"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/")


def test_who_holds_somebodys_session_elsewhere_uses_up_no_tries_of_theirs(holder: User) -> None:
    thief = sign_in(at(ELSEWHERE), holder, minutes_ago=120)
    tries = [thief.post("/account/reauthenticate/", {"password": WRONG}).status_code for _ in range(12)]
    assert tries == [200] * 5 + [429] * 7
    client = sign_in(at(HERE), holder, minutes_ago=120)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.get("/people/export.csv").status_code == 200


@pytest.mark.attack("D1")
def test_once_tries_are_counted_out_a_right_password_shows_nothing_without_its_code(holder: User, reader: User) -> None:
    guess_their_password(HERE)
    answers = [
        enter(at(HERE), "holder"),
        enter(at(HERE), "holder", WRONG),
        enter(at(HERE), "holder", code="000000"),
        enter(at(HERE), "holder", WRONG, code=code_now()),
        enter(at(HERE), "nobody", code="000000"),
        enter(at(HERE), "reader", code="000000"),
    ]
    assert [answer.status_code for answer in answers] == [429] * 6
    assert len({re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()) for page in answers}) == 1
    assert all(answer.cookies.keys() == answers[0].cookies.keys() for answer in answers)


@pytest.mark.attack("D1")
def test_tries_over_many_names_are_slowed_down(holder: User, reader: User) -> None:
    answers = [enter(at(HERE), f"name-{number}", WRONG).status_code for number in range(70)]
    assert answers == [200] * 60 + [429] * 10
    assert enter(at(HERE), "reader").status_code == 429


@pytest.mark.attack("D1")
def test_a_network_of_ipv6_counts_as_one_address(reader: User) -> None:
    answers = [enter(at(f"2001:db8::{number:x}"), "reader", WRONG).status_code for number in range(7)]
    assert answers == [200] * 5 + [429] * 2


class TestCodes:
    """Tries of somebody who knows the password already."""

    def guess(self, place: str, times: int) -> list[int]:
        client = at(place)
        enter(client, "holder")
        return [client.post(FACTOR, {"code": "000000"}).status_code for _ in range(times)]

    @pytest.mark.attack("D1")
    def test_wrong_codes_elsewhere_do_not_close_the_account(self, holder: User) -> None:
        assert self.guess(ELSEWHERE, 15) == [200] * 5 + [429] * 10
        assert come_in(at(HERE), "holder")

    @pytest.mark.attack("D1")
    def test_codes_cannot_be_guessed_from_many_addresses(self, holder: User) -> None:
        tries = [status for place in range(8) for status in self.guess(f"192.0.2.{place}", 5)]
        assert tries == [200] * 20 + [429] * 20
        assert not come_in(at(HERE), "holder")

    @pytest.mark.attack("D1")
    def test_nor_together_with_the_password(self, holder: User) -> None:
        for place in range(8):
            for _ in range(5):
                enter(at(f"192.0.2.{place}"), "holder", code="000000")
        assert enter(at(HERE), "holder", code=code_now()).status_code == 429

    def test_recovery_codes_open_then_once_each(self, holder: User) -> None:
        code, together = RecoveryCodes.activate(holder).get_unused_codes()[:2]
        for place in (HERE, *(f"192.0.2.{number}" for number in range(4))):
            self.guess(place, 6)
        assert come_in(at(HERE), "holder", code)
        assert not come_in(at(HERE), "holder", code)
        guess_their_password(HERE)
        assert come_in(at(HERE), "holder", together)
        assert not come_in(at(HERE), "holder", together)

    def test_recovery_codes_are_too_long_to_be_guessed(self, holder: User) -> None:
        codes = RecoveryCodes.activate(holder).get_unused_codes()
        assert {len(code) for code in codes} == {16}

    def test_passkeys_are_asked_for_all_the_same(self, holder: User) -> None:
        self.guess(HERE, 10)
        client = at(HERE)
        enter(client, "holder")
        assert 'id="mfa_webauthn_authenticate"' in client.get(FACTOR).content.decode()
        answers = [client.post(FACTOR, {"credential": "{}"}).status_code for _ in range(10)]
        assert answers == [200] * 10

    def test_a_new_password_takes_codes_again_at_once(self, holder: User) -> None:
        for place in range(5):
            self.guess(f"192.0.2.{place}", 5)
        assert not come_in(at(HERE), "holder")
        holder.set_password(PASSWORD)  # salted anew, so as good as another one
        holder.save()
        assert come_in(at(HERE), "holder")

    def test_whoever_gave_the_old_password_is_past_it_no_longer(self, holder: User) -> None:
        thief = at(ELSEWHERE)
        enter(thief, "holder")
        holder.set_password("another long pass phrase")
        holder.save()
        assert "password was changed" in thief.post(FACTOR, {"code": code_now()}).content.decode()
        assert not is_inside(thief)


class TestPrograms:
    """Feeds and tokens."""

    def test_a_private_address_answers_whatever_strangers_ask(self, reader: User) -> None:
        there = address(reader)
        for number in range(70):
            assert at(HERE).get(f"/feeds/{number}/deadlines.ics").status_code == 404
        assert at(HERE).get(there).status_code == 200

    def test_a_token_writes_whatever_strangers_send(self, holder: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(WritesPerUser, "rate", "3/day")
        _, words = ApiToken.objects.create(may(holder, "submit_records"), name="t", scopes=[TokenScope.SUBMIT])
        there = "/api/v1/people/"
        sent: dict[str, Any] = {"data": "{}", "content_type": "application/json"}
        for _ in range(5):
            for stranger in ({}, {"Authorization": "Token wrong"}, {"Authorization": f"Token {words[:8]}"}):
                assert at(HERE).post(there, headers=stranger, **sent).status_code == 401
        with_token = [at(HERE).post(there, headers={"Authorization": f"Token {words}"}, **sent) for _ in range(4)]
        assert [answer.status_code for answer in with_token] == [400] * 3 + [429]
