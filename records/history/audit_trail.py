"""The audit trail as one reader may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from records.audit.beginning import ROWS_BEFORE
from records.audit.chain import EMPTIED_CHANGES, EMPTIED_ENTRIES
from records.history.record_history import visible_refs
from records.models import AuditEntry, clearance
from records.vocabulary import AuditKind

PAGE = 50
BATCH = 500
#: What an entry keeps that tells how much there is, or what somebody was looking for.
COUNTING = {"changes", "records", "rows", "query", EMPTIED_CHANGES, EMPTIED_ENTRIES, ROWS_BEFORE}
#: A proposal is as visible as the record that it is about, which its entry names too.
PROPOSAL = "PRO-"
COLUMNS = ("at", "kind", "actor", "channel", "subjects", "details")


@dataclass(frozen=True)
class TrailEntry:
    """One entry: `subjects` are the references of the records that its reader may see."""

    moment: str
    kind: AuditKind
    actor: str
    channel: str
    subjects: list[str]
    why: str
    details: list[tuple[str, str]]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.moment)


@dataclass(frozen=True)
class TrailQuery:
    """What of the trail is asked for; `before` is the moment of the last entry of the page before."""

    kind: str = ""
    actor: str = ""
    day: date | None = None
    before: str = ""


def page_of(asked: TrailQuery, user: Any) -> tuple[list[TrailEntry], str]:
    """Return the latest entries, and the moment from which to go on, empty at the end."""
    found = list(islice(entries(asked, user), PAGE + 1))
    return found[:PAGE], found[PAGE - 1].moment if len(found) > PAGE else ""


def entries(asked: TrailQuery, user: Any) -> Iterator[TrailEntry]:
    """Yield the entries that `user` may see, the latest first."""
    rows = AuditEntry.objects.visible_to(user).order_by("-number")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.day:
        rows = rows.filter(at__startswith=asked.day.isoformat())
    before = asked.before
    while batch := list((rows.filter(at__lt=before) if before else rows).values_list(*COLUMNS)[:BATCH]):
        before = batch[-1][0]
        yield from _visible_entries(batch, user)


def _visible_entries(batch: list[tuple[str, ...]], user: Any) -> Iterator[TrailEntry]:
    named = {ref for row in batch for ref in row[4].split()}
    visible = {ref for _, ref in visible_refs(named, user)}
    sees_all = clearance(user).everything
    for at, kind, actor, channel, subjects, text in batch:
        refs = [ref for ref in subjects.split() if not ref.startswith(PROPOSAL)]
        shown = refs if kind == AuditKind.EXPUNGE else [ref for ref in refs if ref in visible]
        if refs and not shown:
            continue
        details = json.loads(text) if text and len(shown) == len(refs) else {}
        why = str(details.pop("why", ""))
        own = sees_all or actor == user.get_username()
        kept = [(name, _as_text(value)) for name, value in details.items() if own or name not in COUNTING]
        yield TrailEntry(at, AuditKind(kind), actor, channel, shown, why, kept)


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
