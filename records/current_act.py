"""The act that is going on: who writes, by which channel and why.

This module only holds the present act, so that the models below everything else can ask for it. `records.audit` opens
and closes acts, and seals what they wrote.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

_present: ContextVar[Act | None] = ContextVar("present act", default=None)
#: What works out, before an act is sealed, what follows from the rows that it wrote; each is given the key of the act.
BEFORE_SEALING: list[Callable[[str], None]] = []
_read: ContextVar[dict[str, bool] | None] = ContextVar("records read", default=None)


class NeedsSecondPerson(PermissionError):
    """A write would open something to more readers, and no second person has approved it; nothing was written."""

    def __init__(self, refs: list[str]) -> None:
        named = ", ".join(refs[:5]) + (f" and {len(refs) - 5} more" if len(refs) > 5 else "")
        super().__init__(f"A second person has to approve this before it is open to more readers: {named}.")
        self.refs = refs


class TryAgain(RuntimeError):
    """Something was not done because others are at it; nothing was written. The words say when to try again."""


@dataclass
class AuditNote:
    """One more entry for the audit trail: what happened, to which records (by reference), and what else to keep."""

    kind: str
    subjects: list[str]
    details: dict[str, Any]


@dataclass
class Act:
    """One business act. `actor` is a user name or the name of a command.

    `may_open`: a second person has approved, or there is nobody to ask (the project's own seeds).
    """

    actor: str
    channel: str
    why: str = ""
    user: Any = None
    may_open: bool = False
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    notes: list[AuditNote] = field(default_factory=list)
    #: What to do where the act fails, for what a database does not roll back: files.
    undo: list[Callable[[], None]] = field(default_factory=list)


def current_act() -> Act | None:
    """Return the act that is going on, if any."""
    return _present.get()


@contextmanager
def current_act_is(act: Act) -> Iterator[None]:
    token = _present.set(act)
    try:
        yield
    finally:
        _present.reset(token)


@contextmanager
def log_reads_in(read: dict[str, bool]) -> Iterator[None]:
    """Collect the references of the records that are read into `read`, and whether each is restricted."""
    token = _read.set(read)
    try:
        yield
    finally:
        _read.reset(token)


def log_read(ref: str, *, restricted: bool = True) -> None:
    """Remember that a record was read, where a request is being answered."""
    read = _read.get()
    if read is not None:
        read[ref] = restricted or read.get(ref, False)
