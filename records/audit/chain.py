"""The audit trail as a chain of hashes: appending entries, and verifying them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from records.audit.rights import rights_changed, tables
from records.current_act import BEFORE_SEALING, Act, AuditNote
from records.models import AuditEntry, Change
from records.vocabulary import AuditKind

#: Two transactions that end at once take turns at the chain: the key of PostgreSQL's lock.
LOCK = 0x57_41_59_4D
#: What the first entry follows on.
BEGINNING = "0" * 64
CHANGE_COLUMNS = ("id", "entry", "salt", "table", "row", "ref", "part_of", "operation", "before", "after", "act")
#: The columns that go into an entry's hash, in this order, after the hash before it.
LINKED = ("number", "at", "kind", "actor", "channel", "act", "subjects", "details_digest", "changes")
#: Where these stand among the columns that `verify` reads.
KIND, DETAILS_DIGEST, CHANGES, DETAILS = 2, LINKED.index("details_digest"), LINKED.index("changes"), len(LINKED)
BEFORE, AFTER = CHANGE_COLUMNS.index("before"), CHANGE_COLUMNS.index("after")
#: Under which names an expunge tells the keys of what it emptied.
EMPTIED_CHANGES, EMPTIED_ENTRIES = "emptied_changes", "emptied_entries"
BATCH = 2000
#: Longest list of references that an entry spells out.
SUBJECTS = 500


class BrokenEntry(NamedTuple):
    """The first place where the chain does not hold: the number of the entry, and what is wrong with it."""

    entry: int
    what: str


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(*texts: str) -> str:
    """Return the SHA-256 of texts, with a null character between any two: no text that is stored here has one.

    Where damage made bytes of a text, SQLite gives bytes: they are no text, and so never have its digest.
    """
    return hashlib.sha256(
        "\0".join(text if isinstance(text, str) else repr(text) for text in texts).encode()
    ).hexdigest()


def link(previous: str, entry: Iterable[Any]) -> str:
    """Return the hash of an entry, given its LINKED columns, the first a number, the others texts."""
    number, *texts = entry
    return digest_of(previous, str(number), *texts)


def head() -> tuple[int, str]:
    """Return number and hash of the last entry."""
    last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    return last or (0, BEGINNING)


def latest_time() -> str:
    """Return the time of the last entry: no entry is given an earlier one, but what declares a later time wrong."""
    return AuditEntry.objects.order_by("-number").values_list("at", flat=True).first() or ""


def append(act: Act) -> None:
    """Seal what is written and not sealed yet, and put the notes of an act at the end of the chain."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    unsealed = list(Change.objects.filter(entry__isnull=True).order_by("pk").values_list("pk", "act", "ref", "table"))
    outside = [change for change in unsealed if change[1] != act.key]
    own = [change for change in unsealed if change[1] == act.key]
    if not unsealed and not act.notes:
        return
    if own:
        for work_out in BEFORE_SEALING:
            work_out(act.key)
    chain = Chain(*head(), latest=latest_time())
    if outside:
        unknown, (refs, details) = Act("", "outside the application", key=""), _subjects_of(outside)
        chain.add(unknown, AuditNote(AuditKind.OUTSIDE, refs, details | _rights(outside)), [pk for pk, *_ in outside])
    if own:
        chain.add(act, AuditNote(AuditKind.WRITE, *_subjects_of(own)), [pk for pk, *_ in own])
    if rights := _rights(own):
        chain.add(act, AuditNote(AuditKind.ROLE, [], rights), [])
    for note in act.notes:
        chain.add(act, note, [])


def _rights(changes: list[tuple[int, str, str, str]]) -> dict[str, Any]:
    """Return the rights that changes gave and took."""
    deciding = tables()
    about_rights = [pk for pk, _, _, table in changes if table in deciding]
    return rights_changed(about_rights) if about_rights else {}


def _subjects_of(changes: list[tuple[int, str, str, str]]) -> tuple[list[str], dict[str, Any]]:
    """Return the records that changes are about, by reference, and how many changes there are."""
    refs = list(dict.fromkeys(ref for _, _, ref, _ in changes if ref))
    return refs[:SUBJECTS], {"changes": len(changes)} | ({"records": len(refs)} if len(refs) > SUBJECTS else {})


class Chain:
    """The end of the chain, as it grows."""

    def __init__(self, number: int, last: str, latest: str) -> None:
        self.number, self.last, self.latest = number, last, latest

    def add(self, act: Act, note: AuditNote, changes: list[int]) -> None:
        """Append one entry, and seal the changes with these keys under it."""
        self.number += 1
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        if now >= self.latest or note.kind == AuditKind.CLOCK:
            self.latest = now
        told = {"why": act.why} if act.why else {}
        told |= {"clock": now} if now < self.latest else {}
        details = canonical(note.details | told)
        salt = secrets.token_hex(16)
        values = {
            "number": self.number,
            "at": self.latest,
            "kind": str(note.kind),
            "actor": act.actor,
            "channel": act.channel,
            "act": act.key,
            "subjects": " ".join(note.subjects),
            "details_digest": digest_of(salt, details),
            "changes": seal(changes, self.number),
        }
        following = link(self.last, (values[name] for name in LINKED))
        AuditEntry.objects.create(**values, details=details, salt=salt, previous=self.last, hash=following)
        self.last = following


def seal(changes: list[int], number: int) -> str:
    """Give each change its salt and digest under entry `number`; return the digest of all of them."""
    digests = []
    table = Change._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(changes), BATCH):
            rows = Change.objects.filter(pk__in=changes[start : start + BATCH]).order_by("pk")
            sealed = []
            for key, *row in rows.values_list("id", *CHANGE_COLUMNS[3:]):
                salt = secrets.token_hex(16)
                digests.append(digest_of(salt, *row))
                sealed.append((number, salt, digests[-1], key))
            cursor.executemany(f'UPDATE "{table}" SET entry = %s, salt = %s, digest = %s WHERE id = %s', sealed)  # noqa: S608
    return digest_of(*digests) if digests else ""


def verify(say: Any = None) -> BrokenEntry | None:
    """Follow the chain from its beginning; return the first entry that does not hold, or None."""
    sealed = _sealed_changes()
    pending = next(sealed, None)
    last, emptied, accounted = BEGINNING, _Emptied(), _Emptied()
    entries = _rows(AuditEntry._meta.db_table, (*LINKED, "details", "salt", "previous", "hash"), "number")
    for number, entry in enumerate(entries, start=1):
        if fault := _fault(number, last, entry):
            return BrokenEntry(number, fault)
        found = fault = ""
        if pending is not None and pending[0] == number:
            _, found, fault, gone = pending
            emptied.changes |= dict.fromkeys(gone, number)
            pending = next(sealed, None)
        if fault or found != entry[CHANGES]:
            return BrokenEntry(number, fault or "seals changes that are missing or were altered")
        last, details = entry[-1], entry[DETAILS]
        if not details:
            emptied.entries[number] = number
        elif entry[KIND] == AuditKind.EXPUNGE:
            accounted.add(json.loads(details))
        if say is not None and number % 100_000 == 0:
            say(f"  {number} entries")
    if pending is not None:
        return BrokenEntry(pending[0], "is missing: changes are sealed under it")
    return emptied.beyond(accounted)


def _fault(number: int, last: str, entry: tuple[Any, ...]) -> str:
    """Say what is wrong with an entry by itself and with the one before it, or nothing."""
    if entry[0] != number:
        return f"is missing: entry {entry[0]} stands in its place"
    details, salt, previous, claimed = entry[DETAILS:]
    if previous != last or link(last, entry[:DETAILS]) != claimed:
        return "was altered: its hash does not follow from its contents and the entry before"
    if (details or salt) and digest_of(salt, details) != entry[DETAILS_DIGEST]:
        return "was altered: what it tells does not match its digest"
    return ""


class _Emptied:
    """What holds nothing any more, by key, with the entry that it belongs to."""

    def __init__(self) -> None:
        self.changes: dict[int, int] = {}
        self.entries: dict[int, int] = {}

    def add(self, details: dict[str, Any]) -> None:
        """Add what an expunge says that it emptied."""
        self.changes |= dict.fromkeys(keys_in(details.get(EMPTIED_CHANGES, "")), 0)
        self.entries |= dict.fromkeys(keys_in(details.get(EMPTIED_ENTRIES, "")), 0)

    def beyond(self, accounted: _Emptied) -> BrokenEntry | None:
        """Return the first entry that was emptied, or whose changes were, though no expunge says so."""
        entries = [number for key, number in self.entries.items() if key not in accounted.entries]
        entries += [number for key, number in self.changes.items() if key not in accounted.changes]
        return BrokenEntry(min(entries), "was emptied, and no expunge accounts for it") if entries else None


def spans(keys: Iterable[int]) -> str:
    """Write keys, which come in their order, briefly: "3-7 12"; `keys_in` reads them."""
    runs: list[list[int]] = []
    for key in keys:
        if runs and key == runs[-1][1] + 1:
            runs[-1][1] = key
        else:
            runs.append([key, key])
    return " ".join(f"{first}-{last}" if first != last else str(first) for first, last in runs)


def keys_in(text: str) -> Iterator[int]:
    for span in text.split():
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _sealed_changes() -> Iterator[tuple[int, str, str, list[int]]]:
    """Yield, per entry, its number, the digest of its sealed changes, the first fault among them, and emptied ones."""
    rows = _rows(Change._meta.db_table, (*CHANGE_COLUMNS, "digest"), "entry, id", "entry IS NOT NULL")
    for number, changes in groupby(rows, itemgetter(1)):
        digests, fault, emptied = [], "", []
        for change in changes:
            salt, digest = change[2], change[-1]
            digests.append(digest)
            if not salt and not change[BEFORE] and not change[AFTER]:
                emptied.append(change[0])
            elif not fault and digest_of(salt, *change[3:-1]) != digest:
                fault = f"seals change {change[0]} ({change[5] or change[3]}), which was altered"
        yield number, digest_of(*digests), fault, emptied


def _rows(table: str, names: Iterable[str], order: str, where: str = "") -> Iterator[tuple[Any, ...]]:
    """Read columns of a table as they stand, in order, without holding them all."""
    chosen = ", ".join(f'"{name}"' for name in names)
    condition = f"WHERE {where} " if where else ""
    statement = f'SELECT {chosen} FROM "{table}" {condition}ORDER BY {order}'  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield from batch
