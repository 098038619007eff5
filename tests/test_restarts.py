"""Starting while people write: the triggers are replaced, and no row goes without its change."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from cases.models import Person
from records.audit.triggers import install, missing, wanted
from records.models import AuditEntry, Change
from tests.factories import make_person
from tests.installation import Installation, installation
from tests.restarts import AGAIN

__all__ = ["installation"]
PEOPLE = 150
TRIGGER = "waymark_insert_cases_person"
ON = "" if connection.vendor == "sqlite" else " ON cases_person"


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def verify() -> str:
    out = io.StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue()


def started(home: Installation, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.restarts", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=home.env, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.django_db(transaction=True)
def test_no_row_is_without_its_change_when_two_start_again_and_again_while_people_write(
    installation: Installation, tmp_path: Path, record_property: Any
) -> None:
    stop = str(tmp_path / "stop")
    both = [started(installation, "start", stop) for _ in range(2)]
    writer = started(installation, "write", str(PEOPLE), stop)
    told = [process.communicate() for process in (writer, *both)]
    assert [process.returncode for process in (writer, *both)] == [0, 0, 0], told
    record_property("starts", f"{' and '.join(out.strip() for out, _ in told[1:])} starts while people wrote")
    people, logged = installation.ask(
        "SELECT count(*) FROM cases_person",
        "SELECT count(*) FROM records_change WHERE \"table\" = 'cases_person' AND operation = 'insert'",
    )
    assert people == logged >= PEOPLE
    assert all(int(out) >= AGAIN for out, _ in told[1:])
    assert "entries hold" in installation.manage("audit", "verify")


@pytest.mark.django_db
class TestATrigger:
    """Only what differs is replaced, and what is amiss is told."""

    def altered(self) -> None:
        """Let the trigger be there and log nothing."""
        if connection.vendor == "sqlite":
            sql(f"DROP TRIGGER {TRIGGER}")
            sql(f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON cases_person BEGIN SELECT 1; END")
        else:
            body = "$$ BEGIN RETURN NULL; END $$"
            sql(f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS {body}")

    def test_that_was_altered_is_named_and_put_right(self, client: Client) -> None:
        self.altered()
        assert missing(connection) == [TRIGGER]
        with pytest.raises(CommandError, match=f"trigger {TRIGGER} is missing or altered"):
            verify()
        assert client.get("/healthz").status_code == 503
        install(connection)
        assert missing(connection) == []
        assert client.get("/healthz").status_code == 200

    def test_that_was_dropped_keeps_the_site_from_being_healthy(self, client: Client, caplog: Any) -> None:
        sql(f"DROP TRIGGER {TRIGGER}{ON}")
        assert client.get("/healthz").status_code == 503
        assert f"trigger {TRIGGER} is missing" in caplog.text
        install(connection)
        assert client.get("/healthz").status_code == 200

    @pytest.mark.skipif(not ON, reason="SQLite cannot switch a trigger off")
    @pytest.mark.parametrize(
        "how",
        [
            f"ALTER TABLE cases_person DISABLE TRIGGER {TRIGGER}",
            f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT ON cases_person FOR EACH ROW WHEN (NEW.id < 0) "
            f"EXECUTE FUNCTION {TRIGGER}()",
            f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT ON cases_person EXECUTE FUNCTION {TRIGGER}()",
        ],
    )
    def test_that_fires_for_nothing_is_as_good_as_missing(self, how: str) -> None:
        sql(how)
        assert missing(connection) == [TRIGGER]
        install(connection)
        assert missing(connection) == []
        make_person("Logged")
        assert Change.objects.filter(table="cases_person", operation="insert").exists()

    def test_that_nothing_needs_any_more_is_removed(self) -> None:
        name = "waymark_insert_records_watch"
        if connection.vendor == "sqlite":
            sql(f"CREATE TRIGGER {name} AFTER INSERT ON records_watch BEGIN SELECT 1; END")
            catalogue = f"SELECT count(*) FROM sqlite_master WHERE name = '{name}'"
        else:
            sql(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
            sql(f"CREATE TRIGGER {name} AFTER INSERT ON records_watch FOR EACH ROW EXECUTE FUNCTION {name}()")
            catalogue = f"SELECT count(*) FROM pg_proc WHERE proname = '{name}'"
        install(connection)
        with connection.cursor() as cursor:
            cursor.execute(catalogue)
            assert cursor.fetchone() == (0,)

    def test_that_is_right_is_left_alone(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):  # tables, triggers, the beginnings; nothing is locked or written
            install(connection)


@pytest.mark.django_db
class TestARowWithoutAnInsert:
    def test_is_named_however_the_trigger_went_and_came_back(self) -> None:
        sql(f"DROP TRIGGER {TRIGGER}{ON}")
        unseen = make_person("Unseen")
        install(connection)
        make_person("Seen")
        with pytest.raises(CommandError, match=rf"{unseen.ref}: was added past the history\.$"):
            verify()

    def test_is_named_where_an_earlier_row_had_its_key(self) -> None:
        person = make_person("Gone and back")
        person.names.all().delete()
        key = person.pk
        Person.objects.filter(pk=key).delete()
        sql(f"DROP TRIGGER {TRIGGER}{ON}")
        back = make_person("Back", id=key)
        install(connection)
        with pytest.raises(CommandError, match=rf"{back.ref}: was added past the history"):
            verify()

    def test_is_no_fault_where_it_is_older_than_the_trail(self) -> None:
        self.forget_the_trail()
        older = make_person("Older")
        install(connection)
        begun = AuditEntry.objects.get(kind="begun")
        assert f'"cases_person":"{older.pk}"' in begun.details
        assert "entries hold" in verify()
        sql(f"DROP TRIGGER {TRIGGER}{ON}")
        later = make_person("Later")
        install(connection)
        assert AuditEntry.objects.filter(kind="begun").count() == 1
        with pytest.raises(CommandError, match=rf"says: {later.ref}: was added past the history"):
            verify()

    def forget_the_trail(self) -> None:
        """Make it a database whose rows nobody followed yet."""
        for name in wanted(connection.vendor):
            sql(f"DROP FUNCTION {name}() CASCADE" if ON else f"DROP TRIGGER {name}")
        for table in ("records_auditentry", "records_change"):
            sql(f"DELETE FROM {table}")
