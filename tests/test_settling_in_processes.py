"""Many cases are worked out in several processes, and what is stored is what one process would have stored."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import connection

from cases.models import Incident, StoredSituation, ToldCase, UnstoredIncident
from cases.situation import settling
from cases.situation.comparing import wrongly_stored
from cases.situation.settling import settle_all
from records.processes import spread
from tests.bulk import make_bulk

INCIDENTS = 60


def process_of(number: int) -> tuple[int, int]:
    """Return a number and the process that was given it."""
    return number, os.getpid()


def test_what_was_given_comes_back_in_its_order_from_other_processes(monkeypatch: Any) -> None:
    monkeypatch.setattr("records.processes.processors", lambda: 2)
    with spread(over_several=True) as each_by:
        found = list(each_by(process_of, range(20)))
    assert [number for number, _ in found] == list(range(20))
    assert os.getpid() not in {process for _, process in found}


def test_an_error_in_another_process_is_raised_here(monkeypatch: Any) -> None:
    monkeypatch.setattr("records.processes.processors", lambda: 2)
    with pytest.raises(ValueError, match="range"), spread(over_several=True) as each_by:
        list(each_by(chr, [65, -1]))


def test_a_single_processor_does_it_itself(monkeypatch: Any) -> None:
    monkeypatch.setattr("records.processes.processors", lambda: 1)
    with spread(over_several=True) as each_by:
        assert {process for _, process in each_by(process_of, range(3))} == {os.getpid()}


@pytest.mark.django_db
def test_several_processes_store_what_the_engine_says(monkeypatch: Any) -> None:
    """Within a transaction that nobody else sees into, as the one in which this runs."""
    make_bulk(INCIDENTS)
    for name, value in {"FEW": 10, "BATCH": 7, "GROUP": 25}.items():
        monkeypatch.setattr(settling, name, value)
    monkeypatch.setattr("records.processes.processors", lambda: 2)
    for model in (StoredSituation, ToldCase):
        model.objects.all().delete()
    UnstoredIncident.mark_all()
    assert list(settle_all()) == [25, 25, 10]
    assert not list(wrongly_stored(Incident.objects.values_list("pk", flat=True)))
    assert StoredSituation.objects.count() > INCIDENTS
    assert not UnstoredIncident.objects.filter(reason="written").exists()
    connection.check_constraints()
