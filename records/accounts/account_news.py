"""What was done to accounts of late, and what waits, for those who hear of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from records.accounts.changes import why_not
from records.accounts.independence import LOOKS_AFTER_ACCOUNTS
from records.models import AccountChange
from records.vocabulary import AccountChangeKind, AccountChangeState

#: For how long everybody on the team is told.
TOLD_FOR = timedelta(days=7)
#: What came to nothing is counted only: who asks and takes back a hundred times hides nothing behind that.
CAME_TO_NOTHING = (AccountChangeState.REFUSED, AccountChangeState.TAKEN_BACK)


class Told(NamedTuple):
    """One thing that was done or is asked for, and how often; `can_answer` is whether the reader may approve it."""

    change: AccountChange
    times: int
    at: datetime
    can_answer: bool


class AccountNews(NamedTuple):
    """What was done, the latest first; what waits; and how many came to nothing. None is left out for being many."""

    done: list[Told]
    waiting: list[Told]
    came_to_nothing: int


def account_news(user: Any) -> AccountNews | None:
    """Return the latest changes of accounts, for the team and for those who look after accounts."""
    if not user.is_authenticated:
        return None
    since = timezone.now() - TOLD_FOR
    told = Q(asked_at__gt=since) | Q(decided_at__gt=since) | Q(confirmed_at__gt=since)
    if looks_after := user.has_perm(LOOKS_AFTER_ACCOUNTS):
        told |= Q(state=AccountChangeState.WAITING)
    found = AccountChange.objects.visible_to(user).filter(told)
    done, waiting, nothing = [], [], 0
    for change in found.select_related("account", "asked_by", "decided_by", "confirmed_by"):
        if change.state in CAME_TO_NOTHING:
            nothing += 1
        elif change.state == AccountChangeState.WAITING:
            waiting.append(Told(change, 1, change.asked_at, looks_after and not why_not(change, user)))
        else:
            done.append(change)
    return AccountNews(_as_often(done), waiting, nothing) if done or waiting or nothing else None


def _as_often(changes: list[AccountChange]) -> list[Told]:
    """Return each thing once, with its latest time, the latest first: what is repeated pushes nothing away."""
    changes.sort(key=_moment, reverse=True)
    times = Counter(map(_told_as, changes))
    latest: dict[tuple[Any, ...], AccountChange] = {}
    for change in changes:
        latest.setdefault(_told_as(change), change)
    return [Told(change, times[key], _moment(change), False) for key, change in latest.items()]


def _moment(change: AccountChange) -> datetime:
    """When the last thing was done about a change."""
    return max(filter(None, (change.asked_at, change.decided_at, change.confirmed_at)))


def _told_as(change: AccountChange) -> tuple[Any, ...]:
    people = (change.account_id, change.asked_by_id, change.decided_by_id, change.confirmed_by_id)
    is_name = change.kind == AccountChangeKind.AT_ONCE and change.rights != "[]"
    words = "" if is_name else change.words  # of many names of one account the latest is told
    return (*people, change.kind, words, change.state, change.confirmed_at is None)
