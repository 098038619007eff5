"""Who may read what: by level, team, review state and name, and by nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.utils import timezone

from cases.models import Citation, Person, PersonName, Stage
from records.models import BreakGlass, Team
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.signin import make_account

pytestmark = pytest.mark.django_db


def somebody(name: str, *codes: str, team: Team | None = None, **fields: Any) -> User:
    user = make_account(name, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    if team:
        team.members.add(user)
    return user


@pytest.fixture
def istanbul():
    return Team.objects.create(name="Istanbul")


@pytest.fixture
def oslo():
    return Team.objects.create(name="Oslo")


@pytest.fixture
def cast(istanbul, oslo):
    return {
        "stranger": AnonymousUser(),
        "nobody in particular": somebody("nobody"),
        "partner": somebody("partner", "read_partner"),
        "analyst": somebody("analyst", "read_team"),
        "in Istanbul": somebody("nur", "read_team", team=istanbul),
        "in Oslo": somebody("kari", "read_team", team=oslo),
        "in Istanbul without the right": somebody("can", team=istanbul),
        "superuser": somebody("root", is_superuser=True, is_staff=True),
    }


def readers(cast, rows: Any, record: Any) -> set[str]:
    return {name for name, user in cast.items() if rows.visible_to(user).filter(pk=record.pk).exists()}


EVERYBODY = {
    "stranger",
    "nobody in particular",
    "partner",
    "analyst",
    "in Istanbul",
    "in Oslo",
    "in Istanbul without the right",
    "superuser",
}
TEAM = {"analyst", "in Istanbul", "in Oslo"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, EVERYBODY),
        ({"level": "partner"}, TEAM | {"partner"}),
        ({"level": "team"}, TEAM),
        ({"level": "restricted"}, set()),
        ({"review": "draft"}, TEAM),
        ({"review": "withdrawn"}, TEAM),
        ({"level": "partner", "review": "in_review"}, TEAM),
    ],
)
def test_a_record_of_no_team(cast, fields, expected):
    assert readers(cast, Person.objects, make_person(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, EVERYBODY),
        ({"level": "partner"}, TEAM | {"partner"}),
        ({"level": "team"}, {"in Istanbul"}),
        ({"level": "public", "review": "draft"}, {"in Istanbul"}),
        ({"level": "restricted"}, set()),
    ],
)
def test_a_record_of_one_team(cast, istanbul, fields, expected):
    assert readers(cast, Person.objects, make_person(team=istanbul, **fields)) == expected


def test_parts_belong_to_the_team_of_their_record(cast, istanbul):
    person = make_person(team=istanbul)
    incident = make_incident(team=istanbul)
    name = make_name(person, "For the team", level="team")
    stage = make_stage(make_involvement(incident, person), level="team")
    citation = make_citation(make_source(), "label", person=person, level="team")
    of_stage = make_citation(make_source(), "kind", stage=make_stage(make_involvement(incident, person, "relative")))
    Citation.objects.filter(pk=of_stage.pk).update(level="team")
    assert readers(cast, PersonName.objects, name) == {"in Istanbul"}
    assert readers(cast, Stage.objects, stage) == {"in Istanbul"}
    assert readers(cast, Citation.objects, citation) == {"in Istanbul"}
    assert readers(cast, Citation.objects, of_stage) == {"in Istanbul"}


@pytest.mark.attack("D2")
def test_whoever_leaves_the_team_sees_it_no_more(cast, istanbul):
    person = make_person(team=istanbul, level="team")
    istanbul.members.clear()
    nur = User.objects.get(username="nur")  # as the next request reads her
    assert not Person.objects.visible_to(nur).filter(pk=person.pk).exists()


def test_named_readers_open_what_is_restricted_and_read_it_unpublished(cast, istanbul):
    person = make_person(level="restricted", review="draft", team=istanbul)
    person.readers.add(cast["partner"])
    assert readers(cast, Person.objects, person) == {"partner"}


def test_an_account_that_was_switched_off_reads_what_strangers_read(cast):
    cast["analyst"].is_active = False
    assert "analyst" not in readers(cast, Person.objects, make_person(level="team"))


class TestBrokenGlass:
    def test_opens_everything_to_whoever_broke_it_and_nobody_else(self, cast, istanbul):
        person = make_person(level="restricted", review="draft", team=istanbul)
        BreakGlass.objects.create(user=cast["superuser"], reason="A hearing is about to begin.")
        assert readers(cast, Person.objects, person) == {"superuser"}

    def test_closes_by_itself(self, cast):
        person = make_person(level="team")
        begun = timezone.now() - timedelta(minutes=15, seconds=1)
        BreakGlass.objects.create(user=cast["superuser"], reason="A hearing is about to begin.", opened_at=begun)
        assert "superuser" not in readers(cast, Person.objects, person)
