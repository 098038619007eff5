"""Sessions: new at the sign-in, seen and ended by their owner, and over when they should be."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client

from tests.signin import PASSWORD, grow_old
from tests.test_signin import LOGIN, enter, is_inside, reader

__all__ = ["reader"]

pytestmark = pytest.mark.django_db


@pytest.mark.attack("D3")
def test_the_session_is_another_one_after_the_sign_in(client: Client, reader: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = 1
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    enter(client, "reader")
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_inside(thief)


@pytest.mark.attack("D3")
def test_a_session_is_dead_after_the_sign_out(client: Client, reader: User) -> None:
    enter(client, "reader")
    kept = client.cookies["sessionid"].value
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not is_inside(thief)


@pytest.mark.attack("D3")
def test_a_new_password_ends_every_other_session(reader: User) -> None:
    here, there = Client(), Client()
    enter(here, "reader")
    enter(there, "reader")
    new = "another long pass phrase"
    answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert is_inside(here) and not is_inside(there)


@pytest.mark.attack("D3")
def test_a_password_that_an_administrator_sets_ends_every_session(
    client: Client, admin_client: Client, reader: User
) -> None:
    enter(client, "reader")
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    assert admin_client.post(f"/admin/auth/user/{reader.pk}/password/", new).status_code == 302
    assert not is_inside(client)


@pytest.mark.attack("D2")
def test_the_session_of_somebody_who_was_deactivated_is_dead(client: Client, reader: User) -> None:
    enter(client, "reader")
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert not is_inside(client)


def test_a_sign_in_ends_with_the_browser_and_after_half_a_day(client: Client, reader: User) -> None:
    cookie = enter(client, "reader").cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)
    grow_old(client, 60 * 12 - 1)
    assert is_inside(client)
    grow_old(client, 60 * 12 + 1)
    assert not is_inside(client)
    assert "_auth_user_id" not in client.session


def test_a_session_that_does_not_know_when_it_began_is_over(client: Client, reader: User) -> None:
    enter(client, "reader")
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_inside(client)


class TestSessions:
    """Sessions that one can see, and end."""

    def test_one_of_them_ends_and_the_others_go_on(self, reader: User) -> None:
        here, there, elsewhere = Client(), Client(headers={"User-Agent": "Elsewhere"}), Client()
        for client in (here, there, elsewhere):
            enter(client, "reader")
        page = here.get("/account/sessions/").content.decode()
        assert page.count("<tr>") == 4 and "Elsewhere" in page and "This one" in page
        row = next(row for row in page.split("<tr>") if "Elsewhere" in row)
        key = re.search(r'name="session" value="(\d+)"', row)
        assert key
        assert here.post("/account/sessions/end/", {"session": key[1]}).status_code == 302
        assert [is_inside(client) for client in (here, there, elsewhere)] == [True, False, True]

    def test_all_others_end_at_once(self, reader: User) -> None:
        here, there = Client(), Client()
        enter(here, "reader")
        enter(there, "reader")
        here.post("/account/sessions/end/")
        assert is_inside(here) and not is_inside(there)

    @pytest.mark.parametrize("key", ["0", "99999999", "-1", "x", "9" * 40, "1\0"])
    def test_a_session_that_is_not_there_is_not_found(self, client: Client, reader: User, key: str) -> None:
        enter(client, "reader")
        assert client.post("/account/sessions/end/", {"session": key}).status_code == 404

    def test_nobody_ends_the_session_of_somebody_else(self, client: Client, reader: User) -> None:
        other = Client()
        User.objects.create_user("other", password=PASSWORD)
        enter(other, "other")
        enter(client, "reader")
        theirs = UserSession.objects.get(session_key=other.session.session_key)
        assert client.post("/account/sessions/end/", {"session": theirs.pk}).status_code == 404
        assert is_inside(other)
