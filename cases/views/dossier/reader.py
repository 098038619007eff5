"""For whom a dossier is made: its maker, or a reader who may see less.

A copy for a lower level is read from the database by a stand-in for such a reader, through the one rule that every read
goes through. Nothing is taken out afterwards: what the stand-in cannot read never gets near the copy.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from records.access.clearance import Clearance
from records.models import Team, clearance
from records.vocabulary import Level

#: A key that no account has: nothing names the stand-in as its reader, and it has submitted nothing.
NOBODYS_KEY = 0


def levels_open_to(user: Any) -> list[Level]:
    """Return the levels at which somebody may make a copy: those that they read by right."""
    cleared = clearance(user)
    levels = [Level.PUBLIC]
    if cleared.partner or cleared.team or cleared.everything:
        levels.append(Level.PARTNER)
    if cleared.team or cleared.everything:
        levels.append(Level.TEAM)
    return levels


def reader_at(level: Level, maker: Any) -> Any:
    """Return a stand-in for a reader of a level that is open to the maker: a stranger, a partner, one of their team.

    It is named on no record, so that it reads nothing restricted.
    """
    if level == Level.PUBLIC:
        return AnonymousUser()
    stand_in: Any = get_user_model()(pk=NOBODYS_KEY, is_active=True)
    of_team = level == Level.TEAM
    stand_in._clearance = Clearance(
        partner=True, team=of_team, teams=clearance(maker).teams if of_team else frozenset()
    )
    return stand_in


def reader_words(maker: Any, level: Level | None) -> str:
    """Return for whom a dossier is: those of a level, or without one the maker alone, by what they were granted."""
    if level == Level.PUBLIC or not maker.is_authenticated:
        return "the public"
    if level == Level.PARTNER:
        return "partner organisations"
    teams = Team.objects.visible_to(maker).filter(members=maker.pk).values_list("name", flat=True)
    names = " and ".join(f"“{name}”" for name in teams)
    team = f"the team {names}".strip()
    if level == Level.TEAM:
        return team
    cleared = clearance(maker)
    if cleared.everything:
        return "a reader who has broken the glass"
    if cleared.team:
        return f"one reader in {team}"
    return "one reader at a partner organisation" if cleared.partner else "one reader with an account"
