"""The first administrator: made once, with a password that is told once."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def first_admin() -> str:
    """Run the command and return what it says."""
    said = StringIO()
    call_command("first_admin", stdout=said)
    return said.getvalue()


def test_the_password_that_is_shown_opens_the_door():
    [(name, password)] = shown_in(first_admin())
    user = authenticate(username=name, password=password)
    assert user == get_user_model().objects.get(username="admin", is_superuser=True, is_staff=True)
    validate_password(password)


def test_a_second_run_changes_nothing_and_shows_no_password():
    first_admin()
    before = list(get_user_model().objects.values())
    said = first_admin()
    assert list(get_user_model().objects.values()) == before
    assert "An administrator exists: admin" in said
    assert not shown_in(said)


def test_another_administrator_is_enough():
    get_user_model().objects.create_superuser("ayshe", password="a long pass phrase")
    assert "An administrator exists: ayshe" in first_admin()
    assert get_user_model().objects.count() == 1


def test_somebody_who_is_called_admin_is_not_promoted():
    get_user_model().objects.create_user("admin")
    [(name, _password)] = shown_in(first_admin())
    assert re.fullmatch(r"admin-\w{5}", name)
    assert not get_user_model().objects.get(username="admin").is_superuser


def test_every_password_is_another():
    shown = set()
    for _ in range(3):
        shown.update(shown_in(first_admin()))
        get_user_model().objects.all().delete()
    assert len({password for _name, password in shown}) == 3


def shown_in(said: str) -> list[tuple[str, str]]:
    """Return the user names and passwords that stand in what the command says."""
    return re.findall(r"user name +(\S+)\n +password +(\S+)", said)
