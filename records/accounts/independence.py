"""Which accounts may be in one person's hands, and whether two administrators stand behind what widens one.

An account is not independent of whoever made it or reset it, for good, until somebody independent has confirmed who
holds it. Whoever holds two accounts, or made them, is one person, whatever the two are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from records.models import AccountChange, TwoAdministrators

#: The right that makes somebody an administrator.
LOOKS_AFTER_ACCOUNTS = "auth.change_user"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def in_the_same_hands(key: int) -> set[int]:
    """Return the keys of the accounts that may be in the same hands as this one, itself among them."""
    linked: dict[int, set[int]] = defaultdict(set)
    for account, asked_by in AccountChange.objects.unconfirmed().values_list("account", "asked_by"):
        linked[account].add(asked_by)
        linked[asked_by].add(account)
    found, new = {key}, {key}
    while new:
        new = {other for one in new for other in linked[one]} - found
        found |= new
    return found


def are_independent(one: Any, other: Any) -> bool:
    """Whether two accounts are two people's, as far as anybody has confirmed."""
    return other.pk not in in_the_same_hands(one.pk)


def one_person_with(user: Any, names: Collection[str]) -> str:
    """Return the first of these accounts, by name, that may be the same person as `user`; "" where none is."""
    hands = in_the_same_hands(user.pk) - {user.pk}
    found = User.objects.filter(username__in=names, pk__in=hands).order_by("username")
    return str(found.values_list("username", flat=True).first() or "")


def administrators() -> QuerySet[User]:
    """Return the accounts that look after accounts and can sign in."""
    return User.objects.with_perm(LOOKS_AFTER_ACCOUNTS, backend=BACKEND)


def two_administrators() -> bool:
    """Whether what widens an account waits for a second administrator: there are two who are independent, or were."""
    if TwoAdministrators.objects.in_force().exists():
        return True
    keys = set(administrators().values_list("pk", flat=True))
    return bool(keys) and not keys <= in_the_same_hands(min(keys))


def keep_two_administrators() -> bool:
    """Return the same, and keep it from now on. Called before each change, or one got rid of the other first."""
    there_are = two_administrators()
    if there_are and not TwoAdministrators.objects.in_force().exists():
        TwoAdministrators.objects.create()
    return there_are


def possible_holders(account: Any) -> str:
    """Say who may hold an account beside the person whom it is for; "" where nobody else does."""
    changes = AccountChange.objects.unconfirmed().filter(account=account).select_related("asked_by")
    told = [f"{one.asked_by} ({one.get_kind_display()}, {one.asked_at:%Y-%m-%d})" for one in changes]
    if not told:
        return ""
    return f"May be in the hands of {', '.join(told)}, until an independent administrator confirms its holder."
