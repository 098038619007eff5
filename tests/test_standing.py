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

from cases.codebook.situation import involvements, situation
from cases.models import Involvement, Stage, with_situation
from cases.situation.engine import Situation
from cases.vocabulary import StageKind, Step
from records.fields.edtf import UncertainDate
from tests.factories import make_incident, make_involvement, make_person, make_stage

DAYS = [date(2018, 1, 1) + timedelta(days=number) for number in range(0, 60, 3)]
TODAY = date(2018, 6, 1)
#: One kind or two of every sort: they change the situation, happen within one, are of a review, close a case.
KINDS = ["detention", "deportation_centre", "conditional_release", "release", "deportation", "wanted"]
KINDS += ["interrogation", "permit_cancelled", "hearing", "decision_pending"]
STEPS = list(Step)


def stage(kind: str, occurred: str = "", position: int = 0, ref: str = "STG-00000001") -> Any:
    """Return a step that stands in no database."""
    kind = StageKind(kind)
    return SimpleNamespace(
        kind=kind, phase=kind.phase, occurred=UncertainDate.parse_or_none(occurred), position=position, ref=ref
    )


@st.composite
def dates(draw: Any) -> str:
    """Draw a day, a range of days, an open range or an unknown date."""
    first, second = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    written = ["", f"{first}", f"{first}/..", f"../{first}"] + ([f"{first}/{second}"] if first != second else [])
    return draw(st.sampled_from(written))


@st.composite
def cases(draw: Any, kinds: list[str] | None = None) -> list[Any]:
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(kinds or KINDS), dates(), st.integers(0, 2)), min_size=1, max_size=5)
    )
    return [stage(kind, when, position, f"STG-{number:08}") for number, (kind, when, position) in enumerate(drawn)]


def widened(when: UncertainDate | None, before: int, after: int) -> str:
    """Return a date that may mean every day that another may mean, and more; without bounds where there were none."""
    if when is None:
        return ""
    start = when.earliest and when.earliest - timedelta(days=before)
    end = when.latest and when.latest + timedelta(days=after)
    if start and end and start == end:
        return f"{start}"
    return f"{start or '..'}/{end or '..'}"


moments = st.one_of(st.none(), st.sampled_from(DAYS))


def told(found: Situation) -> tuple[Any, ...]:
    """Return everything that an answer says."""
    refs = [each.ref for each in found.candidates]
    current, pending, ending = (each and each.ref for each in (found.current, found.pending, found.ending))
    days = (found.days(TODAY), found.days_in_phase(TODAY))
    return (current, pending, ending, sorted(refs), found.phase_since, found.is_open, found.reached, *days)


@given(cases(), moments, st.randoms())
def test_the_order_in_which_stages_were_entered_never_matters(stages: list[Any], day: date | None, random: Any) -> None:
    shuffled = list(stages)
    random.shuffle(shuffled)
    assert told(Situation(tuple(stages), day)) == told(Situation(tuple(shuffled), day))


@given(cases(), moments, st.integers(0, 4), st.integers(0, 30), st.integers(0, 30))
def test_a_vaguer_date_never_makes_an_answer_surer(
    stages: list[Any], day: date | None, chosen: int, before: int, after: int
) -> None:
    vaguer = list(stages)
    one = vaguer[chosen % len(vaguer)]
    vaguer[chosen % len(vaguer)] = stage(one.kind, widened(one.occurred, before, after), one.position, one.ref)
    sharp, vague = Situation(tuple(stages), day), Situation(tuple(vaguer), day)
    assert {each.ref for each in sharp.candidates} <= {each.ref for each in vague.candidates}
    assert vague.is_open in (None, sharp.is_open)
    assert STEPS.index(vague.reached) <= STEPS.index(sharp.reached)
    assert STEPS.index(vague.perhaps_reached) >= STEPS.index(sharp.perhaps_reached)
    if sharp.current is not None and vague.current is not None:
        told_sharp: list[Any] = [sharp.days(TODAY), sharp.days_in_phase(TODAY)]
        told_vague: list[Any] = [vague.days(TODAY), vague.days_in_phase(TODAY)]
        for narrow, wide in zip(told_sharp, told_vague, strict=True):
            assert wide.least <= narrow.least
            assert wide.most is None or (narrow.most is not None and wide.most >= narrow.most)


@given(cases(), moments)
def test_the_current_stage_is_one_that_may_have_come_last(stages: list[Any], day: date | None) -> None:
    found = Situation(tuple(stages), day)
    assert found.current is None or found.current in found.candidates
    assert found.current is not None or not found.happened


@settings(max_examples=600)
@given(cases(["detention", "wanted", "deportation_centre", "permit_cancelled"]), moments)
def test_every_way_in_which_the_dates_can_fall_is_within_the_answer(stages: list[Any], day: date | None) -> None:
    """The answer is worked out again the long way: by letting each date fall on a day, and looking what comes last."""
    found = Situation(tuple(stages), day)
    named, days = {each.ref for each in found.candidates}, found.days_in_phase(TODAY)
    for placed in (fall(stages, day, pattern) for pattern in range(1 << len(stages))):
        if placed:
            at, final = placed[-1]
            assert final.ref in named
            if days is not None:
                assert days.least <= ((day or TODAY) - began(placed)).days <= (days.most or 10**6)


@given(cases(), st.sampled_from(DAYS))
def test_exact_dates_give_an_exact_number_of_days(stages: list[Any], day: date) -> None:
    exact = [stage(each.kind, f"{DAYS[number]}", 0, each.ref) for number, each in enumerate(stages)]
    placed = fall(exact, day, 0)
    days: Any = Situation(tuple(exact), day).days_in_phase(TODAY)
    assert (days is None) == (not placed)
    if placed:
        number = (day - began(placed)).days
        assert (days.least, days.most) == (number, number)


def fall(stages: list[Any], day: date | None, pattern: int) -> list[tuple[date, Any]]:
    """Let each date fall on its first or its last day, as a pattern of bits says.

    Returns the steps that tell the situation, by day; nothing where two fall on one day, or on a day still to come.
    """
    placed = []
    for number, each in enumerate(stages):
        first, final = (each.occurred.earliest, each.occurred.latest) if each.occurred else (None, None)
        at = (first or DAYS[0] - timedelta(9)) if pattern >> number & 1 else (final or DAYS[-1] + timedelta(9))
        if day is None or at <= day:
            placed.append((at, each))
    level = min((rank(each) for _, each in placed), default=0)
    told = sorted(((at, each) for at, each in placed if rank(each) == level), key=lambda one: one[0])
    return told if len({at for at, _ in told}) == len(told) else []


def began(placed: list[tuple[date, Any]]) -> date:
    """Return the day on which the last phase began."""
    start = placed[-1][0]
    for at, each in reversed(placed):
        if each.phase != placed[-1][1].phase:
            break
        start = at
    return start


def rank(each: Any) -> int:
    return 2 if each.phase == "review" else 1 if each.kind in StageKind.incidental() else 0


def test_the_sources_order_decides_on_one_day_and_nothing_decides_between_vague_dates() -> None:
    same_day = [stage("release", "2018-05-01", 2, "STG-B"), stage("detention", "2018-05-01", 1, "STG-A")]
    for stages in permutations(same_day):
        found = Situation(stages)
        assert (found.current.kind, found.rivals) == ("release", [])
    same_year = [stage("release", "2018", 2, "STG-B"), stage("detention", "2018", 1, "STG-A")]
    found = Situation(tuple(same_year))
    assert (found.current.kind, [each.kind for each in found.rivals]) == ("release", ["detention"])


def test_what_happens_to_papers_or_within_custody_does_not_end_custody() -> None:
    stages = [stage("detention", "2018-05-01"), stage("permit_cancelled", "2018-05-20"), stage("transfer", "2018-05")]
    found = Situation(tuple(stages))
    assert (found.current.kind, found.phase, str(found.days_in_phase(TODAY))) == ("detention", "detention", "31 days")
    assert Situation(tuple(stages[1:2])).current.kind == "permit_cancelled"


def test_a_conditional_release_leaves_a_case_open_and_a_release_closes_it() -> None:
    held = [stage("detention", "2018-05-01"), stage("conditional_release", "2018-05-10")]
    assert Situation(tuple(held)).is_open is True
    assert Situation((*held, stage("release", "2018-05-20"))).is_open is False
    vague = Situation((*held, stage("release", "2018-05")), date(2018, 5, 20))
    assert vague.is_open is None


def test_days_are_an_interval_where_dates_are_vague() -> None:
    assert str(Situation((stage("detention", "2018-04"),)).days(TODAY)) == "32 to 61 days"
    assert str(Situation((stage("detention", "../2018-05-31"),)).days(TODAY)) == "at least 1 days"
    assert str(Situation((stage("detention"),)).days(TODAY)) == "an unknown number of days"


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(stages=cases(), day=moments, status=st.sampled_from(["ongoing", "ended", "unknown"]), as_of=dates(), end=dates())
def test_the_database_answers_as_the_engine_does(
    stages: list[Any], day: date | None, status: str, as_of: str, end: str
) -> None:
    incident = make_incident("Held", status=status, status_as_of=as_of, end=end, start="")
    row = make_involvement(incident, make_person("Aybek Tursun"))
    for each in stages:
        make_stage(row, each.kind, str(each.occurred or ""), position=each.position)
    nobody = AnonymousUser()
    asked = with_situation(Involvement.objects.visible_to(nobody).filter(pk=row.pk), nobody, day).get()
    found = situation(involvements(nobody, day).get(pk=row.pk))
    current, pending = (each and each.pk for each in (found.current, found.pending))
    assert (asked.current_id, asked.pending_id) == (current, pending)
    assert asked.is_open == (found.is_open is not False)
    Stage.objects.all().delete()


def test_a_step_that_may_not_have_come_does_not_cut_a_phase_in_two() -> None:
    stages = [
        stage("detention", "2018-01-01"),
        stage("wanted", "2018-01-10/2018-02-20"),
        stage("detention", "2018-01-15"),
    ]
    assert str(Situation(tuple(stages), date(2018, 2, 10)).days_in_phase(TODAY)) == "0 to 40 days"
    assert str(Situation(tuple(stages), date(2018, 2, 28)).days_in_phase(TODAY)) == "8 to 49 days"
