"""Which accounts may be in one person's hands, and whether two administrators stand behind what widens one.

An account is not independent of whoever made it or reset it, for good, until somebody independent has confirmed who
holds it. Whoever holds two accounts, or made them, is one person, whatever the two are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from records.models import AccountChange, TwoAdministrators

#: The right that makes somebody an administrator.
LOOKS_AFTER_ACCOUNTS = "auth.change_user"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Link(NamedTuple):
    """One account may be in somebody's hands, from a moment on and until its holder was confirmed, if they were."""

    account: int
    asked_by: int
    since: datetime
    until: datetime | None


class Hands:
    """In whose hands each account may be, now or at any moment before.

    What an account did while it was in somebody's hands stays theirs: to confirm its holder later changes nothing of
    that. So whoever held an account when it made another one may hold that one too.
    """

    def __init__(self) -> None:
        rows = AccountChange.objects.linking().values_list("account", "asked_by", "asked_at", "confirmed_at")
        self.links: dict[int, list[Link]] = defaultdict(list)
        for row in rows:
            self.links[row[0]].append(Link(*row))

    def of(self, key: int, moment: datetime | None = None) -> frozenset[int]:
        """Return the keys of the accounts whose holders may have this one in hand, itself among them."""
        asked: set[tuple[int, datetime]] = set()
        waiting = [(key, moment or timezone.now())]
        while waiting:
            account, at = waiting.pop()
            if (account, at) in asked:
                continue
            asked.add((account, at))
            for link in self.links[account]:
                if link.since <= at and (link.until is None or link.until > at):
                    waiting += [(link.asked_by, link.since), (link.asked_by, at)]
        return frozenset(account for account, _ in asked)

    def meet(self, one: int, other: int, moment: datetime | None = None) -> bool:
        """Whether whoever may hold one account now may hold another, or may have held it at a moment.

        Only the hands of now count of the one: a holder who was confirmed since is nobody else, whoever had it before.
        """
        return not self.of(one).isdisjoint(self.of(other, moment))


def are_independent(one: Any, other: Any, *moments: datetime) -> bool:
    """Whether two accounts are two people's, as far as anybody has confirmed.

    `one` is whoever acts now; the other one counts at each of these moments too, when it did something.
    """
    hands = Hands()
    return not any(hands.meet(one.pk, other.pk, moment) for moment in (None, *moments))


def one_person_with(user: Any, written: Iterable[tuple[str, datetime]]) -> str:
    """Return the first of these accounts that is, or was at that moment, whoever holds `user` now; "" where none is.

    Each is a user name, which never changes, and when it wrote something.
    """
    return one_person_with_any(user, {"": written})[""]


def one_person_with_any(user: Any, written: Mapping[Any, Iterable[tuple[str, datetime]]]) -> dict[Any, str]:
    """Return the same of several texts, by what each was given under. Two queries, however many they are."""
    hands = Hands()
    moments: dict[Any, dict[str, set[datetime | None]]] = {}
    for key, each in written.items():
        moments[key] = defaultdict(lambda: {None})
        for name, moment in each:
            moments[key][name].add(moment)
    names = {name for some in moments.values() for name in some}
    accounts = dict(User.objects.filter(username__in=names).exclude(pk=user.pk).values_list("username", "pk"))

    def first(some: dict[str, set[datetime | None]]) -> str:
        known = (name for name in sorted(some) if name in accounts)
        found = (name for name in known if any(hands.meet(user.pk, accounts[name], at) for at in some[name]))
        return next(found, "")

    return {key: first(some) for key, some in moments.items()}


def administrators() -> QuerySet[User]:
    """Return the accounts that look after accounts and can sign in."""
    return User.objects.with_perm(LOOKS_AFTER_ACCOUNTS, backend=BACKEND)


def two_administrators() -> bool:
    """Whether what widens an account waits for a second administrator: there are two who are independent, or were."""
    if TwoAdministrators.objects.in_force().exists():
        return True
    hands = Hands()
    held = [hands.of(key) for key in administrators().values_list("pk", flat=True)]
    return any(one.isdisjoint(other) for one, other in combinations(held, 2))


def keep_two_administrators() -> bool:
    """Return the same, and keep it from now on. Called before each change, or one got rid of the other first."""
    there_are = two_administrators()
    if there_are and not TwoAdministrators.objects.in_force().exists():
        TwoAdministrators.objects.create()
    return there_are


def possible_holders(account: Any) -> str:
    """Say who may hold an account beside the person whom it is for; "" where nobody else does."""
    holders = Hands().of(account.pk) - {account.pk}
    if not holders:
        return ""
    names = ", ".join(User.objects.filter(pk__in=holders).order_by("username").values_list("username", flat=True))
    return f"May be in the hands of {names}, until an independent administrator confirms its holder."
