"""Where a case stands: whatever the order of entry, and never surer than its dates are."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.situation.engine import Situation
from cases.situation.order import DatedStep, Order, dates_say, telling_says
from cases.situation.standing import involvements, situation
from cases.vocabulary import Liberty, StageKind, Step
from records.fields.edtf import UncertainDate
from tests.factories import make_incident, make_involvement, make_person, make_stage

DAYS = [date(2018, 1, 1) + timedelta(days=number) for number in range(0, 60, 3)]
TODAY = date(2018, 6, 1)
#: One kind or two of every sort: they take liberty, give it back, happen within custody, begin a procedure and end it.
KINDS = [
    "detention",
    "imprisonment",
    "conditional_release",
    "release",
    "deportation",
    "removal_failed",
    "interrogation",
]
KINDS += ["wanted", "extradition_requested", "extradition_refused", "threatened", "flight"]
KINDS += ["death", "extradition_granted", "interim_measure", "sentence"]
HOME = frozenset({"CN"})


def stage(kind: str, occurred: str = "", position: int = 0, ref: str = "STG-00000001", **fields: Any) -> Any:
    """Return a step that stands in no database, in Türkiye unless a removal leads to China."""
    given = {"country_id": "TR", "destination_id": "CN" if kind == "deportation" else None, "place": ""}
    given |= {"headcount": None, "cause": "", "in_absentia": None, "visible_citations": []} | fields
    return SimpleNamespace(
        kind=StageKind(kind), occurred=UncertainDate.parse_or_none(occurred), position=position, ref=ref, **given
    )


def standing(stages: Any, day: date | None = None) -> Situation:
    return Situation(tuple(stages), day or TODAY, TODAY, HOME, start=UncertainDate.parse("2018-01-01"))


@st.composite
def dates(draw: Any) -> str:
    """Draw a day, a range of days, an open range or an unknown date."""
    first, second = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    written = ["", f"{first}", f"{first}/..", f"../{first}"] + ([f"{first}/{second}"] if first != second else [])
    return draw(st.sampled_from(written))


@st.composite
def cases(draw: Any) -> list[Any]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(KINDS), dates(), st.integers(0, 2)), min_size=1, max_size=5))
    return [stage(kind, when, position, f"STG-{number:08}") for number, (kind, when, position) in enumerate(drawn)]


def widened(when: UncertainDate | None, before: int, after: int) -> str:
    """Return a date that may mean every day that another may mean, and more."""
    if when is None:
        return ""
    start = when.earliest and when.earliest - timedelta(days=before)
    end = (when.latest or when.earliest or TODAY) + timedelta(days=after)
    return f"{start}" if start == end else f"{start or '..'}/{end}"


moments = st.one_of(st.none(), st.sampled_from(DAYS))


def told(found: Situation) -> tuple[Any, ...]:
    """Return everything that an answer says."""
    procedures = [(each.matter, each.country, each.kind, found.is_pending(each)) for each in found.procedures]
    refs = sorted(step.ref for step in found.perhaps)
    days = (found.days(), found.days_in_phase())
    return (found.value, found.country, found.phase, refs, procedures, found.is_open, found.reached, *days)


@settings(deadline=None)
@given(cases(), moments, st.randoms())
def test_the_order_in_which_stages_were_entered_never_matters(stages: list[Any], day: date | None, random: Any) -> None:
    shuffled = list(stages)
    random.shuffle(shuffled)
    assert told(standing(stages, day)) == told(standing(shuffled, day))


@settings(deadline=None)
@given(cases(), moments, st.integers(0, 4), st.integers(0, 30), st.integers(0, 30))
def test_a_vaguer_date_never_makes_an_answer_surer(
    stages: list[Any], day: date | None, chosen: int, before: int, after: int
) -> None:
    """Without a telling. With one, dates that come to overlap can only be ordered by it: the next test holds that."""
    for each in stages:
        each.position = 0
    vaguer = list(stages)
    one = vaguer[chosen % len(vaguer)]
    vaguer[chosen % len(vaguer)] = stage(one.kind, widened(one.occurred, before, after), 0, one.ref)
    sharp, vague = standing(stages, day), standing(vaguer, day)
    assert sharp.possible <= vague.possible
    assert Liberty.UNKNOWN in (sharp.value, vague.value) or sharp.value in vague.possible
    assert vague.is_open in (None, sharp.is_open)
    assert rank(vague.reached) <= rank(sharp.reached)
    assert rank(vague.perhaps_reached) >= rank(sharp.perhaps_reached)
    narrow, wide = sharp.days(), vague.days()
    if narrow is not None and wide is not None and sharp.value == vague.value:
        assert wide.least <= narrow.least
        assert wide.most is None or (narrow.most is not None and wide.most >= narrow.most)


@settings(deadline=None)
@given(cases(), st.integers(0, 4), st.integers(0, 30), st.integers(0, 30))
def test_a_vaguer_date_never_orders_what_was_in_no_order(
    stages: list[Any], chosen: int, before: int, after: int
) -> None:
    vaguer = list(stages)
    one = vaguer[chosen % len(vaguer)]
    vaguer[chosen % len(vaguer)] = stage(one.kind, widened(one.occurred, before, after), one.position, one.ref)
    for sharp, vague in ((pairs(stages), pairs(vaguer)),):
        assert {pair for pair, is_known in sharp.items() if not is_known} <= {
            pair for pair, is_known in vague.items() if not is_known
        }


def pairs(stages: list[Any]) -> dict[tuple[str, str], bool]:
    """Return of every two steps whether dates or telling say which came first."""
    steps = [DatedStep.of(each, TODAY) for each in stages]
    return {
        (one.ref, other.ref): dates_say(one, other)
        or dates_say(other, one)
        or telling_says(one, other)
        or telling_says(other, one)
        for one, other in permutations(steps, 2)
    }


def rank(step: Step) -> int:
    return Step.rising().index(step)


@settings(deadline=None)
@given(cases(), moments)
def test_every_way_in_which_the_dates_can_fall_is_within_the_answer(stages: list[Any], day: date | None) -> None:
    """The answer is worked out again the long way: each date falls on a day, and the steps follow in that order."""
    found = standing(stages, day)
    for number in range(1 << len(stages)):
        exact = fall(found, stages, number)
        if exact is None:
            continue
        sharp = standing(exact, day)
        assert sharp.value in found.possible or not sharp.happened
        assert found.is_open in (None, sharp.is_open)
        days, within = sharp.days(), found.days()
        if days is not None and within is not None and sharp.value == found.value:
            assert within.least <= days.least and (within.most is None or days.most is None or days.most <= within.most)


def fall(found: Situation, stages: list[Any], pattern: int) -> list[Any] | None:
    """Let each date fall on its first or last day, as a pattern of bits says; None where the order would be another.

    Two on one day are told in neither order, and what the telling orders stays in that order.
    """
    steps = Order([DatedStep.of(each, TODAY) for each in stages])
    placed = {}
    for number, each in enumerate(stages):
        step = DatedStep.of(each, TODAY)
        placed[each.ref] = step.last if pattern >> number & 1 else max(step.first, DAYS[0] - timedelta(9))
    if len(set(placed.values())) < len(placed):
        return None
    by_ref = {each.ref: each for each in stages}
    for one, other in permutations(steps.steps, 2):
        if steps.came_before(one, other) and placed[one.ref] > placed[other.ref]:
            return None
    return [stage(by_ref[ref].kind, f"{at}", 0, ref) for ref, at in placed.items()]


@settings(deadline=None)
@given(st.lists(st.tuples(dates(), st.integers(0, 3)), min_size=2, max_size=6))
def test_the_order_never_goes_round_in_a_circle_and_dates_are_never_denied(drawn: list[tuple[str, int]]) -> None:
    stages = [stage("detention", when, position, f"STG-{number:08}") for number, (when, position) in enumerate(drawn)]
    steps = [DatedStep.of(each, TODAY) for each in stages]
    order = Order(steps)
    for one, other in permutations(steps, 2):
        assert not (order.came_before(one, other) and order.came_before(other, one))
        assert order.came_before(one, other) or not dates_say(one, other)


@st.composite
def groups(draw: Any) -> list[Any]:
    """Draw the steps of a group of ten, some of which say to how many they happened."""
    kinds = st.sampled_from(["detention", "release", "deportation", "admitted_third_country", "death", "threatened"])
    drawn = draw(st.lists(st.tuples(kinds, dates(), st.none() | st.integers(1, 10)), min_size=1, max_size=5))
    return [
        stage(kind, when, number, f"STG-{number:08}", headcount=count)
        for number, (kind, when, count) in enumerate(drawn, start=1)
    ]


@settings(deadline=None)
@given(groups(), moments, st.randoms())
def test_nobody_of_a_group_is_lost_or_counted_twice(stages: list[Any], day: date | None, random: Any) -> None:
    shuffled = list(stages)
    random.shuffle(shuffled)
    for size, entered in (((10, 10), stages), ((10, 10), shuffled), ((None, None), stages)):
        found = Situation(tuple(entered), day or TODAY, TODAY, HOME, start=None, headcount=size)
        numbers = [part.headcount or 0 for part in found.parts]
        steps = [step.headcount for step in found.steps if step.headcount and step.kind.track == "liberty"]
        assert not numbers or sum(numbers) >= max(steps)
        if size == (10, 10):
            # The dead are in no later step, so that more may be told of than there are; nobody else is.
            some_died = any(step.kind == StageKind.DEATH for step in found.steps)
            assert not numbers or some_died or sum(numbers) == 10
        assert found.is_followed is not False or all(
            part.situation.is_followed is False for part in found.parts if part.is_told
        )
    assert told(standing(stages, day)) == told(standing(shuffled, day))


def test_where_neither_dates_nor_telling_decide_the_last_is_not_known() -> None:
    untold = [stage("release", "2018", ref="STG-B"), stage("detention", "2018", ref="STG-A")]
    for stages in permutations(untold):
        found = standing(stages)
        assert (found.value, found.is_open) == (Liberty.UNKNOWN, None)
        assert {step.ref for step in found.perhaps} == {"STG-A", "STG-B"}


def test_too_many_courses_of_events_are_not_followed_and_nothing_is_said_to_be_known() -> None:
    untold = [stage(kind, "", ref=f"STG-{number:08}") for number, kind in enumerate(KINDS + KINDS)]
    found = standing(untold)
    assert (found.value, found.is_open, found.days()) == (Liberty.UNKNOWN, None, None)


@given(stages=cases(), day=st.sampled_from(DAYS))
def test_steps_in_the_only_order_there_can_be_lead_where_every_course_leads(stages: list[Any], day: date) -> None:
    for number, each in enumerate(stages):
        each.occurred = UncertainDate.on(DAYS[0] + timedelta(number)) if number else each.occurred
    one_by_one, by_every_course = standing(stages, day), standing(stages, day)
    by_every_course.order.__dict__["is_known"] = False
    assert set(one_by_one.courses) == set(by_every_course.courses)


def test_sixty_hearings_are_followed() -> None:
    hearings = [stage("hearing", f"{DAYS[0] + timedelta(number)}", number, f"STG-{number:08}") for number in range(60)]
    found = standing([stage("detention", "2017", 0, "STG-A"), *hearings])
    assert (found.value, len(found.procedures), found.procedures[0].pending) == (Liberty.HELD, 1, True)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(stages=cases(), status=st.sampled_from(["ongoing", "ended", "unknown"]), as_of=dates())
def test_the_world_as_of_today_is_the_world_now(stages: list[Any], status: str, as_of: str) -> None:
    incident = make_incident("Held", start="")
    row = make_involvement(incident, make_person("Aybek Tursun"), status=status, status_as_of=as_of)
    for each in stages:
        make_stage(row, each.kind, str(each.occurred or ""), position=each.position, country="TR")
    nobody, today = AnonymousUser(), date.today()
    now, as_of_today = (situation(involvements(nobody, day).get(pk=row.pk)) for day in (None, today))
    assert told(now) == told(as_of_today)
