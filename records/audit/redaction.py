"""Redaction: taking a person out of history and audit trail, so that both still verify.

A sealed change keeps its digest, an entry the digest of what it told; what those were made of goes, with the salt that
would let somebody guess it. These tables refuse every other change, so only this module writes to them in SQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from records.audit.chain import spans
from records.audit.mentions import Mentions
from records.models import AuditEntry, Change
from records.vocabulary import AuditKind

#: A row by its table and its key, as the history names it.
Place = tuple[str, str]
#: By table: the columns that make a row part of another one, and the table of that one.
Links = dict[str, dict[str, str]]
BATCH = 2000
PROGRESS_EVERY = 100_000


def snapshots() -> Iterator[tuple[Any, ...]]:
    """Yield key, entry, table, row, reference, owner and both snapshots of every change."""
    changes = Change.objects.order_by("pk")
    columns = ("pk", "entry", "table", "row", "ref", "part_of", "before", "after")
    yield from changes.values_list(*columns).iterator(chunk_size=BATCH)


def past_rows(rows: set[Place], links: Links) -> tuple[set[Place], set[str]]:
    """Return `rows` with everything that ever was part of them, and the references that all of these had.

    Looks through the history until it finds nothing more: a citation of a stage of a part in an incident.
    """
    found, refs, before = set(rows), set(), -1
    while len(found) > before:
        before = len(found)
        for _, _, table, row, ref, part_of, *both in snapshots():
            place = (table, row)
            if place in found or tuple(part_of.split(":")) in found or _leads_to(found, links.get(table, {}), both):
                found.add(place)
                refs |= {ref} - {""}
    return found, refs


def _leads_to(found: set[Place], links: dict[str, str], both: list[str]) -> bool:
    for snapshot in both if links else ():
        values = json.loads(snapshot) if snapshot else {}
        if any((target, str(values.get(column))) in found for column, target in links.items()):
            return True
    return False


def past_values(rows: set[Place], table: str, column: str) -> set[str]:
    """Return what a column of some rows of a table ever held."""
    held = set()
    for _, _, of_table, row, _, _, *both in snapshots():
        if of_table == table and (of_table, row) in rows:
            held |= {json.loads(snapshot).get(column) or "" for snapshot in both if snapshot}
    return held - {""}


def blank_changes(rows: set[Place], kept: set[Place], mentions: Mentions, say: Callable[[str], None]) -> str:
    """Empty the snapshots of the changes of `rows`, and any other that mentions the person but is not `kept`.

    Returns the keys of those that were sealed, for the entry that accounts for them.
    """
    changed: list[tuple[Any, ...]] = []
    emptied: list[int] = []
    for seen, (key, entry, table, row, _, _, *both) in enumerate(snapshots(), start=1):
        is_sealed = entry is not None
        if (table, row) in rows:
            left = ["", ""]
        elif (table, row) in kept:
            left = both
        else:
            named = [bool(snapshot) and mentions.in_json(snapshot) for snapshot in both]
            # What is sealed is kept whole or not at all; of what is not sealed yet, one of the two snapshots may stay.
            goes = [True, True] if is_sealed and any(named) else named
            left = ["" if gone else snapshot for gone, snapshot in zip(goes, both, strict=True)]
        if left != both:
            changed.append((*left, "", key))
            if is_sealed:
                emptied.append(key)
        if seen % PROGRESS_EVERY == 0:
            say(f"  {seen} changes looked through")
    _write(Change, ("before", "after", "salt"), changed)
    return spans(sorted(emptied))


def blank_entries(refs: set[str], mentions: Mentions) -> str:
    """Empty what entries tell, where they are about nothing but the person or mention them. Returns their keys."""
    changed: list[tuple[str, str, int]] = []
    # What earlier expunges account for stays: it was checked to name nobody. So do the tables whose history began.
    kept = (AuditKind.EXPUNGE, AuditKind.BEGUN)
    entries = AuditEntry.objects.exclude(details="").exclude(kind__in=kept).values_list("pk", "subjects", "details")
    for number, subjects, details in entries.iterator(chunk_size=BATCH):
        about = set(subjects.split())
        if (about and about <= refs) or mentions.in_json(details):
            changed.append(("", "", number))
    _write(AuditEntry, ("details", "salt"), changed)
    return spans(sorted(number for *_, number in changed))


def _write(model: Any, names: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}" = %s' for name in names)
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{model._meta.pk.column}" = %s'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
