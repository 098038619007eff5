"""Disks on which the database finds no room, or may not write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.utils import timezone

FULL_ON_POSTGRESQL = """
    CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON cases_stage FOR EACH ROW EXECUTE FUNCTION disk_is_full();
    CREATE TRIGGER full_disk BEFORE INSERT ON django_session FOR EACH ROW EXECUTE FUNCTION disk_is_full();
"""


@contextmanager
def full_disk() -> Iterator[None]:
    """Leave the database no room: SQLite by its own limit, PostgreSQL by the error that it raises then."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FULL_ON_POSTGRESQL)
            try:
                yield
            finally:
                cursor.execute("DROP FUNCTION disk_is_full CASCADE")
            return
        cursor.execute("VACUUM")  # no room is left inside the file either
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        with suppress(OperationalError):  # and none inside its pages, where the next session would go
            for number in count():
                Session.objects.create(session_key=str(number), expire_date=timezone.now())
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def read_only() -> Iterator[None]:
    """Let the database refuse every write, as it does on a disk that is mounted for reading only."""
    sqlite = connection.vendor == "sqlite"
    switch = "PRAGMA query_only = {}" if sqlite else "SET default_transaction_read_only = {}"
    with connection.cursor() as cursor:
        cursor.execute(switch.format("on"))
        try:
            yield
        finally:
            cursor.execute(switch.format("off"))
