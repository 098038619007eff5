"""Digests for tests: readers of each kind, and what they follow."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.watching.watches import RESOURCES, watch_record
from tests.signin import may

PAGE = "/watching/digest/"
ROLES = {"reader": (), "partner": ("read_partner",), "analyst": ("read_partner", "read_team")}


@pytest.fixture(params=ROLES)
def user(request: pytest.FixtureRequest) -> User:
    """A reader of each kind."""
    return may(User.objects.create_user(request.param, email=f"{request.param}@example.org"), *ROLES[request.param])


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader", email="reader@example.org")


@pytest.fixture
def analyst() -> User:
    return may(User.objects.create_user("analyst", email="analyst@example.org"), *ROLES["analyst"])


def follow(user: Any, *records: Any) -> None:
    for record in records:
        resource = {"PER": "people", "INC": "incidents", "NOT": "notices"}[record.ref[:3]]
        assert watch_record(user, RESOURCES[resource], record.ref)
