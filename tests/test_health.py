"""What /healthz tells whatever watches over the site, and what it keeps to itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from records.models import Change
from tests.databasefile import database_file
from tests.full_disk import full_disk, read_only

__all__ = ["database_file"]


@pytest.mark.django_db
def test_a_site_that_can_serve_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_a_reason_not_to_serve(client: Client, caplog: Any) -> None:
    [latest] = MigrationLoader(connection).graph.leaf_nodes("cases")
    MigrationRecorder(connection).record_unapplied(*latest)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
    assert "not applied" in caplog.text


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_to_the_log_alone(
    client: Client, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise OperationalError("could not connect to db.example.org as waymark")

    monkeypatch.setattr("config.health.trouble", broken)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
    assert "db.example.org" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_by_507_and_what_to_do_by_the_log(client: Client, caplog: Any) -> None:
    with full_disk():
        assert client.get("/people/").status_code == 200
        assert client.get("/healthz").status_code == 507
        assert "has to make room" in caplog.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_can_only_be_read_is_told_by_503_and_what_to_do_by_the_log(client: Client, caplog: Any) -> None:
    with read_only():
        assert client.get("/healthz").status_code == 503
        assert "mounted for reading only" in caplog.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_write_that_is_tried_leaves_nothing(client: Client) -> None:
    before = Session.objects.count(), Change.objects.count()
    assert client.get("/healthz").status_code == 200
    assert (Session.objects.count(), Change.objects.count()) == before
    assert not connection.needs_rollback


@pytest.mark.django_db
def test_a_write_that_went_well_is_not_tried_again_by_each_stranger(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        for _ in range(5):
            client.get("/healthz")
    assert sum("INSERT" in query["sql"] for query in captured) == 1


def test_somebody_who_writes_for_long_is_no_reason_to_be_unhealthy(client: Client, database_file: Path | None) -> None:
    if database_file is None:
        return
    with closing(sqlite3.connect(database_file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        cache.clear()
        assert client.get("/healthz").status_code == 200
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
