"""What a reader was granted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import IntegerField, Q, Value

from records.access.broken_glass import BreakGlass
from records.access.circles import AND, NAMED, NO_CIRCLES, OR, PARTNERS, TEAMS, Circle
from records.access.second_factor import second_factors
from records.access.teams import Team

#: What the rows of the statement are about, and the number that stands in it for the key of the account.
RIGHT, TEAM, FACTOR, GLASS, CIRCLES = range(1, 6)
ACCOUNT = -1


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
        codes, teams, is_safe, has_broken_glass, circles = _granted(user.pk)
        user._circles_there = (circles, Circle.changes)
        user._clearance = Clearance(
            partner="read_partner" in codes or ("read_team" in codes and is_safe),
            team="read_team" in codes and is_safe,
            teams=frozenset(teams),
            everything=is_safe and has_broken_glass and BreakGlass.objects.open_now().filter(user=user.pk).exists(),
            reader=user.pk if is_safe else None,
        )
    return user._clearance


def circles_of(user: Any) -> tuple[int, ...]:
    """Return the lanes of the circles that `user` is in, asked once per user object."""
    cleared = clearance(user)
    if cleared.everything or not (cleared.team or cleared.reader is not None):
        return ()
    if getattr(user, "_circles_there", ("", -1))[1] != Circle.changes:
        user._circles_there = (Circle.there(), Circle.changes)
    there = user._circles_there[0]
    return () if there == NO_CIRCLES else _circles_open_to(cleared, there)


@lru_cache(maxsize=256)
def _circles_open_to(cleared: Clearance, there: str) -> tuple[int, ...]:
    """Return the circles of a reader; asked anew when there are others than before."""
    circles = Circle._base_manager.order_by("lane").values_list("lane", "requirements")
    return tuple(lane for lane, requirements in circles if admits(requirements, cleared))


def admits(requirements: str, cleared: Clearance) -> bool:
    """Whether a reader meets all of these requirements."""
    return all(any(_meets(one, cleared) for one in each.split(OR)) for each in requirements.split(AND))


def _meets(alternative: str, cleared: Clearance) -> bool:
    word, *keys = alternative.split()
    if word == NAMED:
        return cleared.reader is not None and str(cleared.reader) in keys
    if word == TEAMS:
        return cleared.team and all(int(key) in cleared.teams for key in keys)
    return word == PARTNERS and (cleared.partner or cleared.team)


def lasting_clearance(user: Any) -> Clearance:
    """Return what `user` may read for good: with a second factor, which they set up alone, and without broken glass."""
    if not user.is_active:
        return Clearance()
    codes, teams, *_ = _granted(user.pk)
    return Clearance(partner=bool(codes), team="read_team" in codes, teams=frozenset(teams), reader=user.pk)


def _granted(key: int) -> tuple[set[str], set[int], bool, bool, str]:
    """Return the reading rights and teams of an account, whether it has a second factor, and ever broke the glass.

    And what `Circle.there` says.
    """
    sql, places, params = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key if at in places else param for at, param in enumerate(params)])
        rows = cursor.fetchall()
    kinds = {kind for kind, _, _ in rows}
    codes = {code for kind, code, _ in rows if kind == RIGHT}
    teams = {team for kind, _, team in rows if kind == TEAM}
    circles = next(there for kind, there, _ in rows if kind == CIRCLES)
    return codes, teams, FACTOR in kinds, GLASS in kinds, circles


@cache
def _statement(vendor: str) -> tuple[str, frozenset[int], tuple[Any, ...]]:
    """Return one statement that asks for all of it, which of its parameters are the account, and the others.

    Every request asks it first. To put it together anew takes longer than to answer it.
    """
    granted = Permission.objects.filter(
        Q(user=ACCOUNT) | Q(group__user=ACCOUNT),
        content_type__app_label="records",
        codename__in=("read_partner", "read_team"),
    )
    nothing = Value(0, output_field=IntegerField())
    found = [
        granted.values_list(Value(RIGHT), "codename", nothing),
        Team.objects.filter(members=ACCOUNT).values_list(Value(TEAM), Value(""), "pk"),
        second_factors(ACCOUNT).values_list(Value(FACTOR), Value(""), nothing),
        BreakGlass.objects.filter(user=ACCOUNT).values_list(Value(GLASS), Value(""), nothing),
    ]
    sql, params = found[0].order_by().union(*(each.order_by() for each in found[1:]), all=True).query.sql_with_params()
    sql += f" UNION ALL SELECT {CIRCLES}, there, 0 FROM ({Circle.THERE}) AS circles"  # noqa: S608
    return sql, frozenset(at for at, param in enumerate(params) if param == ACCOUNT), params
