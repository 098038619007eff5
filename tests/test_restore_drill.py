"""The drill: a backup under load, a writer killed in the middle of it, a restore elsewhere, and row by row the same."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cases.models import Person
from records.backup import sqlite
from sources.capture_store import stored_files
from sources.models import Capture
from tests.backups import apart, content_hashes, database_file, elsewhere, rows_in_order, run
from tests.installation import Installation

__all__ = ["apart", "database_file", "elsewhere"]

#: A process that writes until it is killed: each act makes a person, and a source with a captured file.
WRITE_ON = """
import sys
from itertools import count
from pathlib import Path
import django
from django.conf import settings
settings.CAPTURES_DIR = Path(sys.argv[1])
django.setup()
from records.audit.acts import act
from tests.backups import capture
from tests.factories import make_person
for number in count(1):
    with act("writer", "drill", "Under load.", may_open=True):
        make_person(f"Person {number}", review="draft")
        capture(f"<html>{number}</html>".encode())
    print(number, flush=True)
"""


@pytest.fixture
def writer(apart: Path, database_file: Path | None) -> Iterator[subprocess.Popen[str]]:
    """A process that writes to the database of the test, in the middle of its work."""
    told = connection.settings_dict
    url = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    env = Installation(f"sqlite:///{database_file}" if database_file else url, database_file).env
    words = [sys.executable, "-c", WRITE_ON, str(settings.CAPTURES_DIR)]
    with subprocess.Popen(words, cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(3):
            assert process.stdout.readline()
        # Nobody reads on: the lines of some thousand acts fit into the pipe.
        yield process
        process.kill()


class KillsInTheMiddle(io.StringIO):
    """The terminal of a backup, which kills a process while database and files are being copied."""

    def __init__(self, victim: subprocess.Popen[str]) -> None:
        super().__init__()
        self.killing = threading.Timer(0.2, victim.kill)

    def write(self, text: str) -> int:
        if "Copying the database" in text:
            self.killing.start()
        if "Reading the backup again" in text:
            self.killing.join()
        return super().write(text)


@pytest.mark.attack("I3")
def test_a_backup_taken_while_people_write_is_whole_and_proves_itself(
    apart: Path, writer: Any, elsewhere: Callable[[], Path], record_property: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is restored is a state that once was: every table up to its newest row, and every file that a row names."""
    monkeypatch.setattr(sqlite, "STEP", 100)
    before = Person.objects.count()
    call_command("backup", str(apart / "drill.tar"), stdout=KillsInTheMiddle(writer))
    assert writer.wait() == -9
    connection.close()
    run("audit", "verify")  # what was killed left the database whole
    live, acts = rows_in_order(), Person.objects.count()

    began = time.monotonic()
    elsewhere()
    run("restore", apart / "drill.tar")
    seconds = time.monotonic() - began
    restored, there = rows_in_order(), Person.objects.count()
    as_it_was = {table: rows[: len(restored[table])] for table, rows in live.items()}
    assert content_hashes() == content_hashes(as_it_was)
    assert before <= there <= acts
    assert Capture.objects.count() == there
    assert {capture.path.name for capture in Capture.objects.all()} == set(stored_files())
    record_property("restore", f"{acts - there} acts after the backup, back after {seconds:.1f} seconds")
