"""`manage.py synthesize` twice, and in a database that is not empty."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from cases.models import Person
from records.audit.triggers import missing
from records.models import Team
from tests.factories import make_person
from tests.synthesizing import all_rows, synthesize

pytestmark = pytest.mark.django_db


def test_the_same_number_and_seed_give_the_same_rows() -> None:
    found = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            synthesize(40, seed=seed)
            found.append(all_rows())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_database_with_records_is_refused_and_left_as_it_was() -> None:
    person = make_person("Aybek Tursun")
    with pytest.raises(CommandError, match="people already.*nothing was written") as refused:
        synthesize(10)
    assert refused.value.returncode == 2
    assert list(Person.objects.all()) == [person]
    assert not Team.objects.exists()
    assert missing(connection) == []
