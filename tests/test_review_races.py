"""Somebody writes at the moment in which another approves: nothing opens that nobody was shown."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.models import Person, PersonName
from records.models import Proposal
from tests.admin_forms import filled, rows
from tests.factories import make_person
from tests.reviewing import answer, client_of, member, page, reviewer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
]


def beside(work: Callable[[], Any]) -> Thread:
    """Begin work on a connection of its own, and go on once it is done or has to wait for us."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=done)
    thread.start()
    thread.join(timeout=3)
    return thread


def test_a_name_that_is_added_while_its_person_is_published_waits_for_a_second_person(client: Client) -> None:
    writer, second = client_of(member()), client_of(reviewer())
    person = make_person("Nur Weaver", review="draft", level="public")
    writer.post(page(person), filled(writer, page(person)) | {"review": "in_review"})
    proposal = Proposal.objects.get(about=person.ref)
    # On a page of its own: with its person's form it would be told apart by the version of the person.
    add = "/admin/cases/personname/add/"
    name = {"person": person.pk, "text": "Nuri", "kind": "also_known_as", "script": "Latn", "level": "public"}
    form = filled(writer, add) | rows("citations") | name
    threads: list[Thread] = []

    def watching(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "cases_person"') and not threads:
            threads.append(beside(lambda: writer.post(add, form)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watching):
        answer(second, proposal, "approve")
    threads[0].join()
    assert Person.objects.get().review == "published"
    assert not PersonName.objects.filter(text="Nuri").exists()
    assert "Nuri" not in client.get(f"/people/{person.ref}/").content.decode()
