"""Business acts: one act is one transaction, and one entry of the audit trail.

`with act(...)` is one business act: one transaction, one entry of the audit trail. `note(...)` adds an entry for what
is no write: an export, a sign-in, a read of something restricted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from records.audit.chain import append
from records.audit.opening import opened_records
from records.current_act import (
    Act,
    AuditNote,
    NeedsSecondPerson,
    current_act,
    current_act_is,
    log_reads_in,
)
from records.models import CurrentAct


@contextmanager
def act(who: Any, channel: str, why: str = "", *, may_open: bool = False) -> Iterator[Act]:
    """Carry out one business act: a user's, or that of the command named `who`. An act inside another joins it.

    Everything is written, sealed and committed together, or nothing is. Raises NeedsSecondPerson at the end where it
    would open something to more readers and `may_open` is not given.
    """
    if (going_on := current_act()) is not None:
        yield going_on
        return
    user = None if isinstance(who, str) else who
    doing = Act(who if user is None else user.get_username(), channel, why, user, may_open)
    try:
        # The act is over before the commit: what is done on commit is no part of it any more.
        with transaction.atomic(), current_act_is(doing):
            with unfinished(doing):
                yield doing
            if not doing.may_open and (opens := opened_records(doing)):
                raise NeedsSecondPerson(opens)
            append(doing)
    except BaseException:
        for undo in reversed(doing.undo):
            undo()
        raise


@contextmanager
def unfinished(doing: Act) -> Iterator[None]:
    """Tell the database which act its triggers write for, as long as this lasts."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('waymark.act', %s, true)", [doing.key])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('waymark.act', '', true)")
    else:
        CurrentAct.objects.update_or_create(pk=1, defaults={"key": doing.key})
        yield
        CurrentAct.objects.all().delete()


def note(kind: str, subjects: Iterable[str] = (), *, who: Any = "", channel: str = "", **details: Any) -> None:
    """Add an entry to the audit trail: in the present act, or as an act of `who` where none is going on."""
    entry = AuditNote(kind, list(subjects), details)
    with act(who, channel) as doing:
        doing.notes.append(entry)


@contextmanager
def logging_reads() -> Iterator[dict[str, bool]]:
    """Collect the references of the records that are read as long as this lasts, and whether each is restricted."""
    read: dict[str, bool] = {}
    with log_reads_in(read):
        yield read
