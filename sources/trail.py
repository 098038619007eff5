"""The audit trail as one reader may see it: no entry about what is hidden from them, no gap, no number, no count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sources.custody.chain import EMPTIED_CHANGES, EMPTIED_ENTRIES
from sources.history import visible_refs
from sources.models import AuditEntry, clearance
from sources.vocabulary import AuditKind

PAGE = 50
BATCH = 500
#: What an entry keeps that tells how much there is, or what somebody was looking for.
COUNTING = {"changes", "records", "rows", "query", EMPTIED_CHANGES, EMPTIED_ENTRIES}
#: A proposal is as visible as the record that it is about, which its entry names too.
PROPOSAL = "PRO-"
COLUMNS = ("at", "kind", "actor", "channel", "subjects", "told")


@dataclass(frozen=True)
class Told:
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
class Asked:
    """What of the trail is asked for; `before` is the moment of the last entry of the page before."""

    kind: str = ""
    actor: str = ""
    day: date | None = None
    before: str = ""


def page_of(asked: Asked, user: Any) -> tuple[list[Told], str]:
    """Return the latest entries, and the moment from which to go on, empty at the end."""
    found = list(islice(entries(asked, user), PAGE + 1))
    return found[:PAGE], found[PAGE - 1].moment if len(found) > PAGE else ""


def entries(asked: Asked, user: Any) -> Iterator[Told]:
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
        yield from _told(batch, user)


def _told(batch: list[tuple[str, ...]], user: Any) -> Iterator[Told]:
    named = {ref for row in batch for ref in row[4].split()}
    visible = {ref for _, ref in visible_refs(named, user)}
    sees_all = clearance(user).everything
    for at, kind, actor, channel, subjects, told in batch:
        refs = [ref for ref in subjects.split() if not ref.startswith(PROPOSAL)]
        shown = refs if kind == AuditKind.EXPUNGE else [ref for ref in refs if ref in visible]
        if refs and not shown:
            continue
        details = json.loads(told) if told and len(shown) == len(refs) else {}
        why = str(details.pop("why", ""))
        own = sees_all or actor == user.get_username()
        kept = [(name, _words(value)) for name, value in details.items() if own or name not in COUNTING]
        yield Told(at, AuditKind(kind), actor, channel, shown, why, kept)


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
