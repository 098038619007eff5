"""When the lives of notices are worked out: at the end of each act, after a migration, and by a command."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from cases.models import UnstoredNotice, UnstoredReason
from cases.situation.lives import settle_lives_of

#: How many notices are worked out and written in one transaction.
GROUP = 2_000
#: Two transactions that settle take turns: the key of PostgreSQL's lock.
LOCK = 0x57_41_59_55


def settle_lives(act: str) -> None:
    """Work out what an act has left to be worked out, within its transaction."""
    for keys in _marked(act=act):
        _settle(keys)


def settle_all_lives() -> Iterator[int]:
    """Work out whatever is left to be worked out; yield how many notices were done, each time in one transaction."""
    for keys in _marked():
        with transaction.atomic():
            _settle(keys)
        yield len(keys)


def _marked(**which: str) -> Iterator[list[int]]:
    """Yield the keys of notices that are marked, until none is; those that were marked meanwhile come last."""
    marks = UnstoredNotice.objects.filter(reason=UnstoredReason.WRITTEN, **which).order_by("notice_id")
    keys, last = marks.values_list("notice_id", flat=True).distinct(), -1
    while found := list(keys.filter(notice_id__gt=last)[:GROUP]) or list(keys[:GROUP]):
        last = found[-1]
        yield found


def _settle(keys: list[int]) -> None:
    if connection.vendor == "postgresql":  # what others wrote meanwhile is seen by whoever comes after them
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    settle_lives_of(keys)
