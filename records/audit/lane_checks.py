"""Whether the lanes of the database say what the full rule says, for every kind of reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model

from records.models import UNSETTLED, Clearance, Reader, Team, records_from_above


def lanes_agree_with_the_full_rule() -> Iterator[tuple[str, str]]:
    """Every row has its lane, and each kind of reader sees by lanes what the full rule lets them see."""
    for model in records_from_above():
        rows = model._base_manager.order_by("ref")
        for ref in rows.filter(lane=UNSETTLED).values_list("ref", flat=True).iterator():
            yield ref, "is shown to nobody: its lane is not worked out; manage.py settle_lanes does so"
    for who, cleared in kinds_of_readers():
        reader = Reader(cleared)
        for model in records_from_above():
            by_lane = model._default_manager.visible_to(reader)
            by_rule = model._default_manager.by_full_rule(reader).exclude(lane=UNSETTLED)
            yield from _differing(by_lane, by_rule, f"is shown to {who} by its lane, and the full rule hides it")
            yield from _differing(by_rule, by_lane, f"is hidden from {who} by its lane, and the full rule shows it")


def _differing(rows: Any, others: Any, words: str) -> Iterator[tuple[str, str]]:
    keys = others.order_by().values("pk")
    for ref in rows.exclude(pk__in=keys).order_by("ref").values_list("ref", flat=True).iterator():
        yield ref, f"{words}; manage.py settle_lanes --anew works out all lanes again"


def kinds_of_readers() -> Iterator[tuple[str, Clearance]]:
    """Yield a reader of each kind that there is here: by rights, by teams, and whoever a record names."""
    teams = list(Team.objects.order_by("pk").values_list("pk", flat=True))
    yield "strangers", Clearance()
    yield "partners", Clearance(partner=True)
    yield "the team", Clearance(partner=True, team=True)
    for team in teams:
        yield f"team {team}", Clearance(partner=True, team=True, teams=frozenset([team]))
    if len(teams) > 1:
        yield "a member of every team", Clearance(partner=True, team=True, teams=frozenset(teams))
    for account in sorted(_named()):
        yield f"account {account}", Clearance(reader=account)


def _named() -> set[int]:
    """Return the accounts that records name as readers or as who submitted them."""
    keys = set(get_user_model()._default_manager.values_list("pk", flat=True))
    found: set[int] = set()
    for model in records_from_above():
        if model.reviewed:
            found |= set(model._base_manager.filter(readers__in=keys).values_list("readers", flat=True))
            found |= set(model._base_manager.exclude(submitted_by=None).values_list("submitted_by", flat=True))
    return found
