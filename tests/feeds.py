"""Feeds for tests: two people who subscribe, the addresses that are theirs, and something to be told of."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Person
from records.models import Feed, FeedKind
from tests.factories import make_incident, make_involvement, make_person
from tests.signin import PASSWORD, may

FILES = {FeedKind.DEADLINES: "deadlines.ics", FeedKind.CHANGES: "changes.atom"}


@pytest.fixture
def reader() -> User:
    return may(User.objects.create_user("reader", password=PASSWORD), "read_partner")


@pytest.fixture
def analyst() -> User:
    return may(User.objects.create_user("analyst", password=PASSWORD), "read_partner", "read_team")


def address(user: User, kind: FeedKind = FeedKind.DEADLINES) -> str:
    _, secret = Feed.issue(user, kind, "telephone")
    return f"/feeds/{secret}/{FILES[kind]}"


def body(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def case_of(person: Person | None = None, **incident: Any) -> Any:
    return make_involvement(make_incident(**incident), person or make_person())
