"""What is stored of where cases stand is what the engine says, for every reader and every day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Q

from cases.models import Incident
from cases.situation.settling import settle_all
from cases.situation.standing import stored_and_others
from records.access.circles import FIRST_CIRCLE
from records.access.clearance import Clearance
from records.access.teams import Team
from records.models.is_visible import Reader
from tests.bulk import make_bulk
from tests.signin import give_factor, may
from tests.situations import as_told, by_engine

pytestmark = pytest.mark.django_db
INCIDENTS = 80
KINDS = ("stranger", "partner", "north", "north and south", "named", "named alone", "broken glass")
STRANGER = AnonymousUser()
#: Days on which the rows of `world` are worked out, and later ones on which they are read.
WRITTEN, LATER = date(2017, 6, 15), (date(2017, 6, 15), date(2017, 7, 1), date(2019, 2, 28), date(2026, 11, 30))


@contextmanager
def today_is(day: date) -> Iterator[None]:
    with patch("django.utils.timezone.now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Many random cases, of every level and of three teams, and one reader of each kind."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_bulk(INCIDENTS)
        readers = {"stranger": STRANGER, **accounts()}
        with today_is(WRITTEN):
            assert sum(settle_all()) == INCIDENTS
        yield readers
        transaction.set_rollback(True)


def accounts() -> dict[str, Any]:
    names = ("partner", "north", "north and south", "named", "named alone")
    made = {name: User.objects.create_user(name) for name in names}
    for name, teams in {"north": ["North"], "north and south": ["North", "South"]}.items():
        for team in Team.objects.filter(name__in=teams):
            team.members.add(made[name])
    for incident in Incident.objects.filter(pk__lte=INCIDENTS // 2):
        incident.readers.add(made["named"], made["named alone"])
    rights = dict.fromkeys(("north", "north and south", "named"), "read_team") | {"partner": "read_partner"}
    give_factor(made["named alone"])
    made = {name: may(user, *filter(None, [rights.get(name)])) for name, user in made.items()}
    return {**made, "broken glass": Reader(Clearance(everything=True))}


@pytest.mark.parametrize("today", LATER)
@pytest.mark.parametrize(
    "kind", ["stranger", "partner", "north", "north and south", "named", "named alone", "broken glass"]
)
def test_every_reader_is_told_what_the_engine_says_of_every_day(world: Any, kind: str, today: date) -> None:
    chance, user = random.Random(f"{kind} {today}"), world[kind]
    earlier = (timedelta(days=chance.randint(2, 5_000)) for _ in range(3))
    days = [None, today, today - timedelta(days=1), *(today - each for each in earlier)]
    with today_is(today):
        for day in days:
            assert as_told(user, day) == by_engine(user, day), day


@pytest.mark.parametrize("kind", ["named", "named alone"])
def test_a_draft_that_names_its_readers_is_stored_for_them(world: Any, kind: str) -> None:
    drafts = Incident.objects.visible_to(world[kind]).filter(lane__gte=FIRST_CIRCLE)
    assert drafts.exists()
    with today_is(LATER[-1]):
        stored, _ = stored_and_others(Q(), world[kind], None)
        assert stored.filter(incident__in=drafts.values("pk")).exists()


def test_nearly_all_that_a_stranger_reads_is_stored(world: Any) -> None:
    with today_is(LATER[-1]):
        stored, others = stored_and_others(Q(), STRANGER, None)
        assert stored.count() > INCIDENTS / 2
        assert not others.exists()
