"""Times `audit verify` on a long chain, in a scratch database:  DATABASE_URL=... python -m tests.long_chain 1000000

Fills the database that DATABASE_URL names, which must be migrated and hold no records. Not a test: what it
measures depends on the machine.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import django
from django.db import connection, transaction
from django.utils.module_loading import import_string

AT = "2026-11-22T10:00:00.000000Z"
IMAGE = json.dumps({"id": 1, "ref": "PER-00000000", "label": "Somebody of some name", "occupation": "teacher " * 8})
BATCH = 10_000


def rows(number: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the columns of entries that seal one change each, and of their changes."""
    digest_of, (first, last) = (
        import_string("records.audit.chain.digest_of"),
        import_string("records.audit.chain.head")(),
    )
    for n in range(first + 1, first + number + 1):
        salt, act, ref = secrets.token_hex(16), secrets.token_hex(16), f"PER-{n:08d}"
        row = ["cases_person", str(n), ref, "", "insert", "", IMAGE, act]
        change = digest_of(salt, *row)
        told = '{"changes":1}'
        linked = [n, AT, "write", "somebody", "admin", act, ref, digest_of(salt, told), digest_of(change)]
        following = digest_of(last, *map(str, linked))
        yield [*linked, told, salt, last, following], [AT[:-1], *row, n, salt, change]
        last = following


def fill(number: int) -> None:
    entry = "number, at, kind, actor, channel, act, subjects, details_digest, changes, details, salt, previous, hash"
    change = 'at, "table", "row", ref, part_of, operation, "before", "after", act, entry, salt, digest'
    made = rows(number)
    with transaction.atomic(), connection.cursor() as cursor:
        while some := list(islice(made, BATCH)):
            for table, names, which in (("auditentry", entry, 0), ("change", change, 1)):
                marks = ", ".join(["%s"] * len(names.split(", ")))
                statement = f"INSERT INTO records_{table} ({names}) VALUES ({marks})"
                cursor.executemany(statement, [row[which] for row in some])


def main(number: int) -> None:
    began = time.perf_counter()
    fill(number)
    print(f"{number} entries and changes written in {time.perf_counter() - began:.1f} s", flush=True)
    began, busy = time.perf_counter(), time.process_time()
    broken = import_string("records.audit.chain.verify")()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"verify on {connection.vendor}: {broken or 'holds'}, {took:.1f} s, of which {busy:.1f} s of computing")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]))
