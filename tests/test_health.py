"""What /healthz tells whatever watches over the site, and what it keeps to itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


@pytest.mark.django_db
def test_a_site_that_can_serve_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_a_reason_not_to_serve(client: Client, caplog: Any) -> None:
    MigrationRecorder(connection).record_unapplied("cases", "0001_initial")
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
