"""The JSON that the database builds of the seeds is, byte for byte, what is read from them in Python."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from cases.codebook import RESOURCES
from records.lists.built import read_in_python, records_as_json, statement
from tests.reviewing import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.mark.parametrize("reader", ["stranger", "analyst"])
@pytest.mark.parametrize("resource", [each for each in RESOURCES if each.is_built], ids=lambda each: each.name)
def test_the_seeds_are_told_alike(resource: Any, reader: str) -> None:
    user = AnonymousUser() if reader == "stranger" else member()
    keys = list(resource.rows_for_keys(user).order_by().values_list(resource.key, flat=True))
    assert keys or resource.name == "ccf-requests"  # of which the articles tell nothing
    found, read = records_as_json(resource, user, keys), read_in_python(resource, user, keys)
    if resource.name == "countries":  # whose numbers PostgreSQL writes without a point where they are whole
        found = [each.replace(".0,", ",") for each in found]
        read = {key: built and built.replace(".0,", ",") for key, built in read.items()}
    assert found == [read[key] for key in keys]


def test_the_database_builds_nearly_all_people_and_incidents_of_the_seeds() -> None:
    for name, few in (("people", 20), ("incidents", 0)):
        resource = next(each for each in RESOURCES if each.name == name)
        keys = list(resource.rows_for_keys(AnonymousUser()).order_by().values_list("ref", flat=True))
        unbuilt = [key for key, built in statement(resource, AnonymousUser()).rows(keys).items() if built is None]
        assert len(unbuilt) <= few, name
