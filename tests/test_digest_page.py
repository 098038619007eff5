"""The page of what changed: how far back it looks, what was read, and that it takes few queries."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person
from cases.watching.watches import RESOURCES, watch_filter
from records.models import Watch
from tests.digests import PAGE, follow, reader, user
from tests.factories import (
    make_citation,
    make_detail,
    make_incident,
    make_involvement,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
)
from tests.pasts import set_clock_back
from tests.signin import sign_in

__all__ = ["reader", "user"]

pytestmark = pytest.mark.django_db


def page(client: Client, **asked: str) -> str:
    return html.unescape(client.get(PAGE, asked).content.decode())


class TestPage:
    def test_it_looks_back_a_week_until_something_was_read(self, user: User) -> None:
        client = sign_in(Client(), user)
        person = make_person("Kerem Mamut")
        follow(user, person)
        assert "Kerem Mamut" in page(client)
        set_clock_back(datetime.now(UTC) - timedelta(days=8))
        assert "Nothing changed" in page(client)
        assert "Kerem Mamut" in page(client, since="2020-01-01")

    def test_marking_as_read_counts_from_when_the_page_was_made(self, user: User) -> None:
        client = sign_in(Client(), user)
        person = make_person("Kerem Mamut")
        follow(user, person)
        made = re.search(r'name="until" value="([^"]+)"', page(client))
        assert made
        Person.objects.filter(pk=person.pk).update(occupation="written meanwhile")
        client.post(PAGE, {"until": made[1]})
        assert Watch.objects.get().seen_at == datetime.fromisoformat(made[1])
        assert "Kerem Mamut" in page(client)
        client.post(PAGE, {"until": "9999-01-01T00:00:00+00:00"})
        seen_at = Watch.objects.get().seen_at
        assert seen_at and seen_at <= datetime.now(UTC)
        assert "Nothing changed" in page(client)

    @pytest.mark.parametrize(
        ("asked", "name"), [({"since": "soon"}, "since"), ({"until": "2020-01-01"}, "until"), ({"since": ""}, "since")]
    )
    def test_a_question_that_makes_no_sense_is_named(self, reader: User, asked: dict[str, str], name: str) -> None:
        answer = sign_in(Client(), reader, factor=False).get(PAGE, asked)
        assert answer.status_code == 400 and name in answer.content.decode().split('role="alert">')[1]

    def test_a_filter_that_is_no_longer_valid_says_so(self, reader: User) -> None:
        Watch.objects.create(user=reader, resource="incidents", query="colour=red", name="old")
        told = page(sign_in(Client(), reader, factor=False))
        assert "The filter “old” cannot be answered: colour:" in told


def queries(user: User) -> int:
    client = sign_in(Client(), user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    return len(asked)


def test_it_takes_as_many_queries_for_twelve_people_as_for_two(user: User) -> None:
    source = make_source()

    def one_more(number: int) -> None:
        person = make_person(f"Aybek Tursun {number}")
        make_detail(person)
        for title in ("one", "two")[: number % 2 + 1]:
            incident = make_incident(title, location="MA")
            stage = make_stage(make_involvement(incident, person))
            make_citation(source, "occurred", stage=stage)
            follow(user, incident)
        make_notice_event(make_notice(person))
        follow(user, person)

    for number in range(2):
        one_more(number)
    watch_filter(user, RESOURCES["incidents"], "host=MA")
    few = queries(user)
    for number in range(2, 12):
        one_more(number)
    assert queries(user) == few


def test_each_saved_filter_takes_the_same_few_queries(reader: User) -> None:
    make_stage(make_involvement(make_incident(location="MA"), make_person()))
    counts = []
    for number in range(4):
        watch_filter(reader, RESOURCES["incidents"], f"host=MA&since=200{number}-01-01")
        counts.append(queries(reader))
    assert len({more - fewer for fewer, more in zip(counts, counts[1:], strict=False)}) == 1
    assert counts[1] - counts[0] <= 3  # the keys of what happened in the host, and two of the list
