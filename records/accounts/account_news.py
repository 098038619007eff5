"""What was done to accounts of late, for those who hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from records.models import AccountChange

#: For how long everybody on the team is told, and of how many at once; the others are counted.
TOLD_FOR, MOST = timedelta(days=7), 30


class AccountNews(NamedTuple):
    """The latest changes, the newest first, and how many more there are; the admin lists them all."""

    changes: list[AccountChange]
    more: int


def account_news(user: Any) -> AccountNews | None:
    """Return the latest changes of accounts, for the team and for those who look after accounts."""
    if not user.is_authenticated:
        return None
    since = timezone.now() - TOLD_FOR
    late = Q(asked_at__gt=since) | Q(decided_at__gt=since) | Q(confirmed_at__gt=since)
    found = list(
        AccountChange.objects.visible_to(user).filter(late).select_related("account", "asked_by", "decided_by")
    )
    return AccountNews(found[:MOST], max(len(found) - MOST, 0)) if found else None
