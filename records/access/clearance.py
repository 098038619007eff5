"""What a reader was granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from records.access.broken_glass import BreakGlass
from records.access.second_factor import has_second_factor
from records.access.teams import Team


@dataclass(frozen=True)
class Clearance:
    """What a reader was granted. `teams` are the keys of their teams; `everything` is broken glass.

    `reader` is their key, by which records name them; None for whoever has no account, or none that is switched on, or
    no second factor: what is the team's or restricted is not read behind a password alone.
    """

    partner: bool = False
    team: bool = False
    teams: frozenset[int] = frozenset()
    everything: bool = False
    reader: int | None = None


def clearance(user: Any) -> Clearance:
    """Return what `user` may read, asked once per user object.

    Reading rights are granted, directly or through a group. Unlike in Django, being a superuser grants none: whoever
    keeps the machine running need not know whom it protects.
    """
    if not user.is_authenticated or not user.is_active:
        return Clearance()
    if not hasattr(user, "_clearance"):
        granted = Permission.objects.filter(
            Q(user=user.pk) | Q(group__user=user.pk),
            content_type__app_label="records",
            codename__in=("read_partner", "read_team"),
        )
        codes = set(granted.values_list("codename", flat=True))
        is_safe = has_second_factor(user)
        user._clearance = Clearance(
            partner="read_partner" in codes or ("read_team" in codes and is_safe),
            team="read_team" in codes and is_safe,
            teams=frozenset(Team.objects.filter(members=user.pk).values_list("pk", flat=True)),
            everything=is_safe and BreakGlass.objects.open_now().filter(user=user.pk).exists(),
            reader=user.pk if is_safe else None,
        )
    return user._clearance
