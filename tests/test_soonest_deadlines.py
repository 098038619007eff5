"""The first deadlines of each group are the first of all, though of others no more than their days is fetched."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.duties.deadlines import deadlines, groups
from cases.duties.soonest import soonest
from cases.situation.settling import settle_all
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_clock_rule,
    make_duty,
    make_incident,
    make_involvement,
    make_notice,
    make_person,
    make_stage,
)
from tests.signin import may

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
NAMES = ("overdue", "next_30_days", "later", "waiting")
DUES = ("2026-11-21", "2026-11-22", "2027-02-03", "2026-10", "2027", "2026-11-01/..", "../2027-11-21", "../2020-02-02")
ENDINGS = ("", "2026-11-21", "2026-12", "2026-11-22/2027-03-01")
#: The events of a request, and the level of the last.
COURSES: tuple[tuple[tuple[tuple[str, str], ...], str], ...] = (
    ((), "public"),
    ((("filed", "2026-01-10"),), "public"),
    ((("admissible", "2026-02-10"),), "public"),
    ((("admissible", "2026-04"), ("decided", "2026-11-20")), "team"),
    ((("admissible", "2026-02-10"), ("extended", "2026-10-01")), "team"),
    ((("decided", "2026-10-01"), ("admissible", "2026-10-02")), "public"),
)


@pytest.fixture
def reader() -> User:
    return may(User.objects.create_user("reader"), "read_team")


@pytest.fixture
def everything(reader: User) -> None:
    """Duties of every rhythm and kind of date, and requests at every turn, seen by some or by all."""
    make_clock_rule()
    make_clock_rule("to_file", "revision", "new_fact", 6, basis="CCF Statute, Art. 42")
    make_clock_rule("revision", "revision", basis="CCF Statute, Art. 40")
    part = make_involvement(make_incident(), make_person("Aybek Tursun"))
    closed = make_involvement(make_incident("Elsewhere"), make_person("Idris Hasan"))
    make_stage(closed, "release", "2019-06-01", level="team")
    for number, (due, rhythm) in enumerate(product(DUES, ("", "daily", "weekly", "fortnightly", "monthly"))):
        level = "team" if number % 4 == 3 else "public"
        make_duty((part, closed)[number % 3 == 2], "reporting", due, rhythm=rhythm, level=level)
    for ended in ENDINGS:
        make_duty(part, "hearing", "2026-11-01", ended=ended)
    make_duty(part, "permit_expiry", "")
    for events, level in COURSES:
        for kind, fact in (("deletion", ""), ("revision", ""), ("revision", "2026-08-31")):
            request = make_ccf_request(make_notice(part.person), kind=kind, new_fact=fact)
            for state, day in events:
                make_ccf_event(request, state, day, level=level if state == events[-1][0] else "public")


def first(user: Any, most: int) -> tuple[dict[str, list[str]], dict[str, int]]:
    found = soonest(user, TODAY, most)
    return {name: [repr(each) for each in getattr(found.first, name)] for name in NAMES}, found.number


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("most", [0, 1, 7, 1000])
def test_they_are_the_first_of_all(reader: User, most: int) -> None:
    for user in (AnonymousUser(), reader):
        whole = groups(deadlines(user, TODAY), TODAY)
        assert min(len(getattr(whole, name)) for name in NAMES) > 1, "every group has some"
        told, number = first(user, most)
        assert told == {name: [repr(each) for each in getattr(whole, name)[:most]] for name in NAMES}
        assert number == {name: len(getattr(whole, name)) for name in NAMES}


@pytest.mark.usefixtures("everything")
def test_only_those_that_are_admitted_count(reader: User) -> None:
    found = soonest(reader, TODAY, 100, lambda each: each.kind == "ccf_revision")
    expected = [each for each in deadlines(reader, TODAY) if each.kind == "ccf_revision"]
    assert groups(expected, TODAY) == found.first
    assert sum(found.number.values()) == len(expected) > 5


@pytest.mark.usefixtures("everything")
def test_it_takes_as_many_queries_however_many_there_are() -> None:
    assert sum(settle_all())
    with CaptureQueriesContext(connection) as few:
        soonest(AnonymousUser(), TODAY, 1)
    with CaptureQueriesContext(connection) as many:
        soonest(AnonymousUser(), TODAY, 1000)
    assert len(few) == len(many) <= 9
