"""Processes for the drill of starting while people write:

python -m tests.restarts write NUMBER STOP   add people until two have started again, then make STOP
python -m tests.restarts start STOP          put older triggers in place and start again, until the file STOP is there
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import import_string

#: A pause in seconds after each start, and one after each row: whoever waits for SQLite's lock is not served in turn.
REST, BREATH = 0.05, 0.005
#: How many start, and how often each at the least while people write.
STARTERS, AGAIN = 2, 3
#: Seconds after which a start has hung: however busy the machine is, people are written until both have started.
HUNG = 600
NAME = "waymark_insert_cases_person"


def write(people: int, stop: Path) -> None:
    Person, begun = apps.get_model("cases", "Person"), time.monotonic()
    try:
        for number in itertools.count():
            if number >= people and len(list(stop.parent.glob(f"{stop.name}-*"))) == STARTERS:
                return
            if time.monotonic() - begun > HUNG:
                raise TimeoutError(f"{number} people in {HUNG} seconds, and not yet two who started {AGAIN} times")
            Person.objects.create(label=f"Number {number}", standing="target")
            time.sleep(BREATH)
    finally:
        stop.touch()


def put_an_older_one(cursor: Any) -> None:
    """Let the trigger read otherwise than it should, and do the same."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [NAME])
        (found,) = cursor.fetchone()
        cursor.execute(f"DROP TRIGGER {NAME}")
        cursor.execute(found.replace("BEGIN", "BEGIN /* older */", 1))
    else:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [NAME])
        (found,) = cursor.fetchone()
        older = f"/* older */ {found.replace('/* older */ ', '')}"
        cursor.execute(f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $${older}$$")


def start_again(stop: Path) -> int:
    """Return how many starts there were."""
    install, starts = import_string("records.audit.triggers.install"), 0
    while not stop.exists():
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # a function cannot be replaced by two at once
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [import_string("records.audit.triggers.TURN")])
            put_an_older_one(cursor)
        install(connection)
        starts += 1
        if starts == AGAIN:  # the writer waits for this
            stop.with_name(f"{stop.name}-{os.getpid()}").touch()
        time.sleep(REST)
    return starts


if __name__ == "__main__":
    django.setup()
    what, *words = sys.argv[1:]
    if what == "write":
        write(int(words[0]), Path(words[1]))
    else:
        print(start_again(Path(words[0])))
