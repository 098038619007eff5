"""Which cases were last heard of longest ago, by the last signs that are stored: read in that order, and no further."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, DateField, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet

from cases.models import StoredLastSign
from cases.situation.keys import these

#: The first and the last day on which a case can last have been heard of; the first is None where it is not known.
Bounds = tuple[date | None, date]
CASE = OuterRef("involvement")


def certainly_silent(user: Any, stored: QuerySet, today: date, limits: Mapping[str, int], most: int) -> list[int]:
    """Return the keys of cases certainly silent beyond the limit of their phase, the longest first; `most` of them.

    `stored` are situations, `limits` days by phase.
    """
    by_limit = [
        Q(phase__in=[phase for phase, days in limits.items() if days == limit], heard__lt=today - timedelta(limit))
        for limit in set(limits.values())
    ]
    heard = ExpressionWrapper(OuterRef("latest"), DateField())
    # What is yet to come out is no sign by now: whether such a case is silent is for `perhaps_silent` to find.
    silent = stored.alias(heard=heard).filter(reduce(or_, by_limit), involvement=CASE)
    return _by_last_day(_last_of_case(user).filter(Exists(silent)), most)


def perhaps_silent(user: Any, stored: QuerySet, today: date, limits: Mapping[str, int], most: int) -> list[int]:
    """Return the keys of cases not surely heard of within the limit of their phase; `most` of them.

    `stored` are situations, `limits` days by phase. Those heard of longest ago come first, and last those of which no
    source has a date.
    """
    signs = StoredLastSign.objects.visible_to(user).filter(involvement=CASE)
    by_limit = [
        Q(phase__in=[phase for phase, days in limits.items() if days == limit])
        & ~Exists(signs.filter(earliest__gte=today - timedelta(limit), earliest__lte=today))
        for limit in set(limits.values())
    ]
    silent = stored.filter(reduce(or_, by_limit), involvement=CASE)
    keys = _by_last_day(_last_of_case(user).filter(Exists(silent)), most)
    if len(keys) < most:
        unheard = stored.filter(~Exists(signs)).order_by("involvement")
        keys += unheard.values_list("involvement", flat=True)[: most - len(keys)]
    return keys


def bounds_of_last_signs(user: Any, keys: list[int], today: date) -> dict[int, Bounds]:
    """Return between which days each case was last heard of, by key; none for those of which no source has a date."""
    signs = StoredLastSign.objects.visible_to(user).filter(involvement__in=these(keys)).order_by()
    dated = Count("pk", filter=Q(is_dated=True))
    found = signs.values_list("involvement").annotate(Max("earliest"), Max("latest"), dated=dated)
    return {key: (earliest, min(latest, today)) for key, earliest, latest, number in found if number}


def _last_of_case(user: Any) -> QuerySet:
    """Return of each case the last sign that a reader may see, by the last day that it may mean."""
    signs = StoredLastSign.objects.visible_to(user)
    is_later = Q(latest__gt=OuterRef("latest")) | Q(latest=OuterRef("latest"), lane__gt=OuterRef("lane"))
    return signs.filter(~Exists(signs.filter(is_later, involvement=CASE)))


def _by_last_day(signs: QuerySet, most: int) -> list[int]:
    return list(signs.order_by("latest", "involvement").values_list("involvement", flat=True)[:most])
