"""The context processor that tells pages of broken glass, and of what was given to accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from records.accounts.account_news import account_news
from records.accounts.broken_glass import glass_broken_by, glass_broken_lately
from records.history.list_news import list_news


def glass(request: HttpRequest) -> dict[str, Any]:
    """`own_glass` is what the reader has broken. For the team, `broken_glass` lists everybody's of late, and
    `account_news` and `list_news` what was done to accounts and lists.
    """
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "own_glass": SimpleLazyObject(lambda: glass_broken_by(user)),
        "broken_glass": SimpleLazyObject(lambda: glass_broken_lately(user)),
        "account_news": SimpleLazyObject(lambda: account_news(user)),
        "list_news": SimpleLazyObject(lambda: list_news(user)),
    }
