"""Circles: who reads what names its readers, or hangs on rows of several teams."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Citation, Person, PersonName
from records.access.circles import implies
from records.access.clearance import admits, circles_of
from records.audit.lane_checks import lanes_agree_with_the_full_rule
from records.models import Circle, Clearance, Team
from tests.factories import make_incident, make_involvement, make_name, make_person, make_stage
from tests.reviewing import client_of
from tests.signin import make_account
from tests.world import make_case

STRANGER = Clearance()
PARTNER = Clearance(partner=True, reader=5)
OF_ANY_TEAM = Clearance(partner=True, team=True, reader=6)
OF_TEAM_3 = Clearance(partner=True, team=True, teams=frozenset([3]), reader=7)
OF_TEAMS_3_AND_4 = Clearance(partner=True, team=True, teams=frozenset([3, 4]), reader=8)
WITHOUT_A_FACTOR = Clearance(partner=True, teams=frozenset([3]))
NAMED = st.sets(st.sampled_from("5678")).map(lambda keys: f"named {' '.join(sorted(keys))}".strip())
TEAM = st.sampled_from(["team", "team 3", "team 4"])
REQUIREMENT = st.one_of(st.just("partner"), TEAM, NAMED, st.tuples(TEAM, NAMED).map(" or ".join))
EVERYBODY = (STRANGER, PARTNER, OF_ANY_TEAM, OF_TEAM_3, OF_TEAMS_3_AND_4, WITHOUT_A_FACTOR)


@pytest.mark.parametrize(
    ("requirements", "those"),
    [
        ("named 5", [PARTNER]),
        ("named 5 7", [PARTNER, OF_TEAM_3]),
        ("named", []),  # restricted, and nobody is named
        ("named 55", []),  # no part of a number is a number
        ("team 3, team 4", [OF_TEAMS_3_AND_4]),
        ("team 3, team", [OF_TEAM_3, OF_TEAMS_3_AND_4]),
        ("named 6 7, team 3", [OF_TEAM_3]),
        ("team 4 or named 5", [PARTNER, OF_TEAMS_3_AND_4]),
        ("team or named", [OF_ANY_TEAM, OF_TEAM_3, OF_TEAMS_3_AND_4]),
        ("partner, team 33 or named 5", [PARTNER]),
        ("named 5, named 6", []),
    ],
)
def test_a_circle_has_those_who_meet_all_that_it_requires(requirements: str, those: list[Clearance]) -> None:
    assert [each for each in EVERYBODY if admits(requirements, each)] == those


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("named 5", ""),
        ("named 5", "named 5 7"),
        ("named 5, team 3", "named 5"),
        ("named 5, team 3", "team"),
        ("team 3", "partner"),
        ("team 3", "team"),
        ("team 3", "team 3 or named 9"),
        ("team 3 or named 9", "team 3 or named 8 9"),
        ("partner, team 3 or named 5", "partner"),
        ("named 5, named 7", "named 7"),
    ],
)
def test_who_meets_more_reads_the_wider_lane_too_and_not_the_other_way(narrow: str, wide: str) -> None:
    assert (implies(narrow, wide), implies(wide, narrow)) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("named 5", "partner"),
        ("named 5", "team"),
        ("named 5", "named 7"),
        ("team 3", "team 4"),
        ("team 3 or named 5", "named 5 6"),
        ("team 3 or named 5", "partner, named 6"),
        ("partner", "named 5"),
    ],
)
def test_two_lanes_of_which_neither_has_all_the_readers_of_the_other(one: str, other: str) -> None:
    assert (implies(one, other), implies(other, one)) == (False, False)


@given(*[st.lists(REQUIREMENT, max_size=3).map(", ".join)] * 2, st.sampled_from(EVERYBODY))
def test_whoever_meets_what_implies_another_meets_that(one: str, other: str, reader: Clearance) -> None:
    meets_one = not one or admits(one, reader)
    assert not (implies(one, other) and meets_one) or not other or admits(other, reader)


@pytest.fixture
def case(db: None) -> SimpleNamespace:
    return make_case(4)


def analyst(name: str, *teams: Team) -> User:
    user = make_account(name)
    user.user_permissions.set(Permission.objects.filter(codename="read_team"))
    for team in teams:
        team.members.add(user)
    return user


def test_what_hangs_on_two_teams_is_read_by_who_is_of_both(case: SimpleNamespace) -> None:
    teams = [Team.objects.create(name=name) for name in ("Istanbul", "Oslo")]
    incident, person = (
        make_incident("Of Istanbul", level="team", team=teams[0]),
        make_person("Of Oslo", level="team", team=teams[1]),
    )
    stage = make_stage(make_involvement(incident, person), level="public")
    cast = [analyst("one", teams[0]), analyst("two", teams[1]), analyst("both", *teams), analyst("none")]
    seen = [type(stage).objects.visible_to(user).filter(pk=stage.pk).exists() for user in cast]
    assert seen == [False, False, True, False]


def test_who_is_named_reads_it_at_once_though_they_asked_before(case: SimpleNamespace) -> None:
    reader = make_account("named")
    person = make_person("Restricted", level="restricted")
    name = make_name(person, "Aibek", level="public")
    mine = PersonName.objects.filter(pk=name.pk)
    assert not mine.visible_to(reader).exists()
    person.readers.add(reader)
    assert mine.visible_to(reader).exists()
    person.readers.clear()
    assert not mine.visible_to(reader).exists()


def test_rows_of_the_same_readers_share_a_circle(case: SimpleNamespace) -> None:
    reader = make_account("named")
    for number in range(3):
        person = make_person(f"Restricted {number}", level="restricted")
        person.readers.add(reader)
        make_name(person, "Aibek", level="public")
    assert len(circles_of(reader)) == 1
    assert Person.objects.visible_to(reader).filter(lane__in=circles_of(reader)).count() == 3


def test_the_number_of_a_circle_that_was_rolled_back_is_not_given_to_another(case: SimpleNamespace) -> None:
    """Or whoever was remembered as one of the first would read what is for the second."""
    first, second = make_account("first"), make_account("second")
    person = make_person("Restricted", level="restricted")
    seen: dict[str, Any] = {}
    for reader in (first, second):
        with transaction.atomic():
            person.readers.set([reader])
            seen[reader.username] = circles_of(reader)
            transaction.set_rollback(True)
    assert seen["first"] and seen["second"] and set(seen["first"]).isdisjoint(seen["second"])


def test_whoever_is_of_sixty_teams_is_answered(case: SimpleNamespace) -> None:
    user = analyst("of many", *(Team.objects.create(name=f"Team {number}") for number in range(60)))
    answer = client_of(user).get("/api/v1/citations/?page_size=200")
    assert len(answer.json()["results"]) == Citation.objects.visible_to(user).count() > 0


def test_what_hangs_on_a_row_whose_circle_is_gone_is_shown_to_nobody(case: SimpleNamespace) -> None:
    person, partner = make_person("Restricted", level="restricted"), make_account("partner")
    partner.user_permissions.set(Permission.objects.filter(codename="read_partner"))
    person.readers.add(make_account("named"))
    Circle._base_manager.all().delete()
    for level in ("public", "partner", "team"):
        name = make_name(person, f"Added at {level}", level=level)
        seen = [PersonName.objects.visible_to(user).filter(pk=name.pk) for user in (partner, analyst(f"of {level}"))]
        assert not any(rows.exists() for rows in seen)
    call_command("settle_lanes", "--anew")
    assert list(lanes_agree_with_the_full_rule()) == []
