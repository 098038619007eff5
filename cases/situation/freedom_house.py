"""Whether Freedom House's count of physical transnational repression would take in what happened to a person.

It counts acts across a border that reached the body outside the origin: killings (suspected ones too), assaults,
abductions, renditions, people held at the origin's wish, and removals that were carried out and unlawful. It counts no
request, threat, notice or paper. Which tactics it counts always, never or under a condition stands with each tactic, in
a list that can be edited; the stages of a case decide the conditions. What is not known stays unknown. Its data begin
with 2014; a case of any year is judged here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from cases.situation.engine import Situation
from cases.situation.step import CaseStep
from cases.situation.telling import Path
from cases.situation.undone import is_undone
from cases.vocabulary import (
    Counted,
    Counting,
    CountingCondition,
    DeathCause,
    Lawfulness,
    Phase,
    Scope,
    StageKind,
)

#: What shows that a removal was sought; it is counted only once it is carried out.
_SOUGHT = {*Phase.REVIEW.kinds, StageKind.REMOVAL_FAILED}
_REMOVED = {StageKind.DEPORTATION, StageKind.EXTRADITION, StageKind.RENDITION}
#: Who is let out somewhere was held there.
_HELD = {
    *Phase.DETENTION.kinds,
    *Phase.IMPRISONMENT.kinds,
    StageKind.CONDITIONAL_RELEASE,
    StageKind.RELEASE,
    StageKind.ESCAPE,
}
_ON_THE_BODY = {*_HELD, *_REMOVED, StageKind.PUSHBACK, StageKind.ASSAULT, StageKind.DEATH, StageKind.DISAPPEARANCE}


class Verdict(NamedTuple):
    """Whether a case would be counted, why, and the code of the tactic or the reference of the stage behind that."""

    value: Counted
    reason: str
    tactic: str = ""
    stage: str = ""


#: What decides where stages and tactics say several things.
_FIRST = (Counted.YES, Counted.UNKNOWN, Counted.NO)
NOTHING_TOLD = Verdict(Counted.UNKNOWN, "neither a tactic nor a stage says what was done")
NOTHING_COUNTED = Verdict(Counted.NO, "nothing that is told is counted")


def verdict(found: Situation, scope: str, tactics: Collection[Any], *, alone: bool) -> Verdict:
    """Return whether a case would be counted.

    `tactics` are those of its incident; `alone` says that they can be about nobody else to whom it happened.
    """
    if scope != Scope.CROSS_BORDER:
        return Verdict(Counted.NO, f"the scope {Scope(scope).label} is not counted")
    if not found.order.steps and not tactics:
        return NOTHING_TOLD
    judged = [*of_stages(found), *(_of_tactic(each, found, alone=alone) for each in tactics), NOTHING_COUNTED]
    return min(judged, key=lambda each: _FIRST.index(each.value))


# Stages


def of_stages(found: Situation) -> Iterator[Verdict]:
    """Yield what the stages say that reached the body, or may have by the day, in order."""
    yield from _judged(found.happened, found)
    if len(found.happened) == len(found.order.steps):
        return
    certain = {step.ref for step in found.happened}
    for each in _judged(found.order.steps, found):
        if each.stage not in certain and each.value is not Counted.NO:
            yield Verdict(Counted.UNKNOWN, "it may not have happened by then", stage=each.stage)


def _judged(steps: Sequence[CaseStep], found: Situation) -> Iterator[Verdict]:
    path = found.telling.at_location
    for step in steps:
        if step.kind in _ON_THE_BODY:
            said = _of_stage(step, path)
            yield Verdict(*said if said[0] is Counted.NO else _unless_it_failed(step, found) or said, stage=step.ref)
        path = path.then(step)


def _unless_it_failed(step: CaseStep, found: Situation) -> tuple[Counted, str] | None:
    """Return what follows where a removal failed, or perhaps did; None where it did not."""
    if is_undone(step, found.order, found.happened, perhaps=False):
        return Counted.NO, "the removal was not carried out"
    if is_undone(step, found.order, found.happened, perhaps=True):
        return Counted.UNKNOWN, "whether the removal was carried out is not told"
    return None


def _of_stage(step: CaseStep, path: Path) -> tuple[Counted, str]:
    """Return whether a stage that came after certain others is counted, and why."""
    home = path.home
    destination = step.destination or path.then(step).state.where
    abroad = is_abroad(step.country or path.state.where, home)
    if step.kind in (*_REMOVED, StageKind.PUSHBACK) and destination in home and abroad is None:
        abroad = True  # who was brought to the origin was not there before
    if step.cause in (DeathCause.NATURAL, DeathCause.IN_CUSTODY):
        return Counted.NO, "it was no killing, as told"
    if abroad is False:
        return Counted.NO, "what happened inside the origin is left out"
    if abroad is None:
        return Counted.UNKNOWN, "whether it was outside the origin is not told"
    if step.kind in _HELD:
        return Counted.YES, "held outside the origin"
    if step.kind == StageKind.PUSHBACK:
        return _of_pushback(destination, home)
    if step.kind in (StageKind.DEPORTATION, StageKind.EXTRADITION):
        return _BY_LAW.get(step.stage.lawfulness, (Counted.UNKNOWN, "whether the removal was lawful is not told"))
    return _BY_KIND[step.kind] if step.kind != StageKind.DEATH else _OF_DEATHS[step.cause == DeathCause.KILLED]


def _of_pushback(destination: str, home: Collection[str]) -> tuple[Counted, str]:
    if destination in home:
        return Counted.YES, "put into the hands of the origin"
    if destination:
        return Counted.NO, "a pushback is counted only into the hands of the origin"
    return Counted.UNKNOWN, "where the pushback led is not told"


def is_abroad(country: str, home: Collection[str]) -> bool | None:
    """Return whether a country is outside the origin; None where either is not told."""
    return country not in home if country and home else None


_BY_LAW = {
    Lawfulness.UNLAWFUL: (Counted.YES, "removed unlawfully"),
    Lawfulness.LAWFUL: (Counted.NO, "the removal was lawful, as told"),
    Lawfulness.CONTESTED: (Counted.UNKNOWN, "whether the removal was lawful is contested"),
}
_BY_KIND = {
    StageKind.RENDITION: (Counted.YES, "carried off with no procedure"),
    StageKind.ASSAULT: (Counted.YES, "assaulted outside the origin"),
    StageKind.DISAPPEARANCE: (Counted.UNKNOWN, "disappearances are not named among what is counted"),
}
_OF_DEATHS = {
    True: (Counted.YES, "killed outside the origin"),
    False: (Counted.UNKNOWN, "whether it was a killing is not told"),
}


# Tactics


def _of_tactic(tactic: Any, found: Situation, *, alone: bool) -> Verdict:
    """Return what a tactic says; where its condition is for the stages to decide, that nothing else is counted."""
    return Verdict(*_said_of(tactic, found, alone=alone), tactic=tactic.code)


def _said_of(tactic: Any, found: Situation, *, alone: bool) -> tuple[Counted, str]:
    abroad = is_abroad(found.location, found.home)
    if tactic.freedom_house == Counting.NEVER:
        return Counted.NO, "this tactic is never counted"
    if not tactic.freedom_house:
        return Counted.UNKNOWN, "whether this tactic is counted is not said"
    if abroad is False:
        return Counted.NO, "what happened inside the origin is left out"
    if tactic.freedom_house == Counting.IF:
        return _under_condition(tactic.freedom_house_if, found)
    if abroad is None:
        return Counted.UNKNOWN, "whether it was outside the origin is not told"
    if not alone:
        return Counted.UNKNOWN, "which of several people it hit is not told"
    return Counted.YES, "this tactic is always counted outside the origin"


def _under_condition(condition: str, found: Situation) -> tuple[Counted, str]:
    """Return what the stages leave open of a condition; where they met it, they said so themselves."""
    kinds = {step.kind for step in found.happened}
    if condition == CountingCondition.REMOVED_UNLAWFULLY:
        if kinds & _SOUGHT and not kinds & _REMOVED:
            return Counted.NO, "a removal that was only asked for is not counted"
        decided = bool(kinds & _REMOVED)
    elif condition == CountingCondition.INTO_ORIGINS_HANDS:
        decided = StageKind.PUSHBACK in kinds
    else:
        decided = condition == CountingCondition.BY_WHAT_FOLLOWED and bool(kinds)
    if decided:
        return Counted.NO, "what followed decides, and is judged by itself"
    return Counted.UNKNOWN, f"whether {CountingCondition(condition).label} is not told"
