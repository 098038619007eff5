"""What was done to accounts of late, for those who hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from records.models import AccountChange

#: For how long everybody on the team is told, and of how many at once; the rest stands in the admin and the trail.
TOLD_FOR, MOST = timedelta(days=7), 10


def account_news(user: Any) -> list[AccountChange]:
    """Return the latest changes of accounts, for the team and for those who look after accounts."""
    if not user.is_authenticated:
        return []
    changes = AccountChange.objects.visible_to(user).filter(asked_at__gt=timezone.now() - TOLD_FOR)
    return list(changes.select_related("account", "asked_by", "decided_by")[:MOST])
