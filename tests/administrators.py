"""Administrators and what they do in the admin, for tests of accounts."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from records.models import AccountChange
from tests.admin_forms import filled, messages_of
from tests.signin import PASSWORD, may, sign_in

ADMINISTRATES = ("view_user", "add_user", "change_user", "view_group", "change_group", "view_team", "change_team")
NEW = {"password1": "another long pass phrase", "password2": "another long pass phrase"}


def administrator(name: str) -> User:
    """Make an administrator on the server itself: nobody else has their password."""
    return may(User.objects.create_user(name, is_staff=True), *ADMINISTRATES)


def make_by(client: Client, name: str) -> User:
    """Let an administrator make an account in the admin."""
    client.post("/admin/auth/user/add/", {"username": name, "usable_password": "true", **NEW})
    return User.objects.get(username=name)


@pytest.fixture
def boss(admin_client: Client) -> Client:
    """The first administrator, a superuser."""
    return admin_client


@pytest.fixture
def second() -> Client:
    return sign_in(Client(), administrator("second"))


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", password=PASSWORD)


@pytest.fixture
def role() -> Group:
    role = Group.objects.create(name="reviewer")
    role.permissions.add(Permission.objects.get(codename="read_team"))
    return role


def page(row: Any, of: str = "change") -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{of}/"


def change(client: Client, row: Any, **given: Any) -> str:
    """Send the form of an account, role or team with other values; return what is said."""
    return messages_of(client.post(page(row), filled(client, page(row)) | given))


def answer(client: Client, asked: AccountChange, button: str) -> str:
    return messages_of(client.post(f"/admin/records/accountchange/{asked.ref}/change/", {button: "1"}))


def act_on(client: Client, name: str, *users: User) -> str:
    """Do something to accounts from their list; return what is said. A page that asks once more is answered."""
    form = {"action": name, "_selected_action": [str(user.pk) for user in users]}
    response = client.post("/admin/auth/user/", form)
    if response.status_code == 200:
        response = client.post("/admin/auth/user/", form | {"confirmed": "1"})
    return messages_of(response)


def roles_of(user: User) -> list[str]:
    return [*user.groups.values_list("name", flat=True)]


def permissions(*names: str) -> list[Permission]:
    return [*Permission.objects.filter(codename__in=names)]
