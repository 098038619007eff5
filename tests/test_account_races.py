"""Two people change one account at the same moment: neither writes back what the other took away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.admin_forms import filled
from tests.administrators import NEW, administrator, ann, boss, make_by, page
from tests.signin import PASSWORD, sign_in

__all__ = ["ann", "boss"]
pytestmark = pytest.mark.django_db(transaction=True)
OWN = {"oldpassword": PASSWORD, "password1": "a pass phrase of my own", "password2": "a pass phrase of my own"}
READ, SAVED = 'WHERE "auth_user"."id" = ', 'UPDATE "auth_user"'
#: SQLite lets one act at a time begin, so nobody reads what another one is about to change.
needs_writers_at_once = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")


@contextmanager
def between(account: User, then: Callable[[], Any], *, after: str = "", before: str = "") -> Iterator[None]:
    """Do something once, after or before the first statement about an account that has these words in it."""
    open_ones = [then]

    def watching(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_it = bool(open_ones) and (after or before) in sql and account.pk in params
        if is_it and before:
            open_ones.pop()()
        result = execute(sql, params, many, context)
        if is_it and after:
            open_ones.pop()()
        return result

    with connection.execute_wrapper(watching):
        yield
    assert not open_ones


def beside(work: Callable[[], Any], threads: list[Thread]) -> None:
    """Begin work on a connection of its own, and go on once it is done or has to wait for us."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    threads.append(Thread(target=done))
    threads[0].start()
    threads[0].join(timeout=2)


def switched_off(client: Client, account: User) -> Callable[[], Any]:
    form = filled(client, page(account))
    del form["is_active"]
    return lambda: client.post(page(account), form)


@needs_writers_at_once
def test_an_account_that_is_switched_off_stays_off_when_its_form_is_saved_beside(boss: Client, ann: User) -> None:
    second = sign_in(Client(), administrator("second"))
    form = filled(boss, page(ann)) | {"first_name": "Ann"}
    off = switched_off(second, ann)
    threads: list[Thread] = []
    with between(ann, lambda: beside(off, threads), before=SAVED):
        boss.post(page(ann), form)
    threads[0].join()
    ann.refresh_from_db()
    assert (ann.is_active, ann.first_name) == (False, "")


@needs_writers_at_once
def test_a_password_of_ones_own_stays_when_the_maker_saves_the_form_beside(boss: Client) -> None:
    made = make_by(boss, "made")
    holder = sign_in(Client(), made)
    threads: list[Thread] = []
    form = filled(boss, page(made)) | {"first_name": "Made"}
    own = OWN | {"oldpassword": NEW["password1"]}
    with between(made, lambda: beside(lambda: holder.post("/account/password/", own), threads), before=SAVED):
        boss.post(page(made), form)
    threads[0].join()
    made.refresh_from_db()
    assert made.check_password(OWN["password1"])


@pytest.mark.parametrize("changed", ["is_active", "password"])
def test_who_is_switched_off_or_reset_while_they_set_a_password_sets_none(ann: User, changed: str) -> None:
    """The account is read at the beginning of the request, and the password takes its time."""
    holder = sign_in(Client(), ann)
    values = {"is_active": False} if changed == "is_active" else {"password": "another"}
    with between(ann, lambda: User.objects.filter(pk=ann.pk).update(**values), after=READ):
        answer = holder.post("/account/password/", OWN)
    assert answer["Location"] == "/account/login/"
    ann.refresh_from_db()
    assert {name: getattr(ann, name) for name in values} == values
    assert not ann.check_password(OWN["password1"])
