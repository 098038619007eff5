"""How far a pursuit has come, in steps that can be compared with what CAPE counts.

They count what happened outside the origin, or a removal that led there: a step follows from kind, place and
destination, never from the kind alone. An arrest at home is no detention abroad. Ill-treatment of somebody who is held
is part of being held and no attack of its own, and a natural death is no attack either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cases.situation.state import State
from cases.situation.step import CaseStep
from cases.situation.telling import Path
from cases.vocabulary import DeathCause, Liberty, Phase, StageKind, Step

#: Who is let out somewhere was held there.
_OF_CUSTODY = {
    *Phase.DETENTION.kinds,
    *Phase.IMPRISONMENT.kinds,
    StageKind.CONDITIONAL_RELEASE,
    StageKind.RELEASE,
    StageKind.ESCAPE,
}
_BACK = {
    StageKind.DEPORTATION,
    StageKind.EXTRADITION,
    StageKind.RENDITION,
    StageKind.COERCED_RETURN,
    StageKind.PUSHBACK,
}
_FALLING = Step.rising()[::-1]
_NO_STEP = {StageKind.DEATH, StageKind.DEPARTURE, StageKind.ADMITTED_THIRD_COUNTRY, StageKind.REMOVAL_FAILED}


def steps_shown(steps: Iterable[CaseStep], path: Path) -> set[Step]:
    """Return every step that the steps of a case show, told in order.

    A stage without a country took place where the person was by the stages before it, and before them by the `path`.
    """
    found = set()
    for step in steps:
        found.add(step_of(step, path))
        if step.kind == StageKind.DEATH and step.cause == DeathCause.KILLED:
            found.add(Step.KILLED)
        if is_unplaced(step, path):
            found.add(Step.UNPLACED)
        path = path.then(step)
    return found


def step_of(step: CaseStep, path: Path) -> Step:
    """Return which step a stage shows, where it came after certain others."""
    state, home = path.state, path.home
    country = step.country or state.where
    # Where no state is known to be behind it, no country can be told to lie outside that state.
    is_abroad, is_at_home = bool(country and home) and country not in home, country in home
    if step.kind in _BACK:
        destination = step.destination or path.then(step).state.where
        return Step.RETURNED_OR_ATTACKED if destination in home else Step.REMOVED_ELSEWHERE
    if is_abroad and (shown := _shown_abroad(step, state)) is not None:
        return shown
    if is_at_home and step.kind in _OF_CUSTODY:
        return Step.DETAINED_AT_ORIGIN
    if step.kind in _NO_STEP or (step.kind == StageKind.ASSAULT and _shown_abroad(step, state) is None):
        return Step.NONE
    return Step.ON_NOTICE


def _shown_abroad(step: CaseStep, state: State) -> Step | None:
    """Return which step a stage shows where it took place outside the origin; None where the place decides nothing."""
    was_held = state.liberty is not None and state.liberty.value == Liberty.HELD
    if step.kind in _OF_CUSTODY:
        return Step.DETAINED
    is_attack = step.kind == StageKind.ASSAULT and not was_held
    is_killing = step.kind == StageKind.DEATH and step.cause == DeathCause.KILLED
    return Step.RETURNED_OR_ATTACKED if is_attack or is_killing or step.kind == StageKind.DISAPPEARANCE else None


def is_unplaced(step: CaseStep, path: Path) -> bool:
    """Whether a stage shows more than is told: it would count if it was known to be outside the origin."""
    is_placed = path.home and (step.country or path.state.where)
    return not is_placed and _shown_abroad(step, path.state) is not None


def highest(found: Collection[Step]) -> Step:
    """Return the highest of the three steps among some; those that stand apart are left out."""
    return next((step for step in _FALLING if step in found), Step.NONE)
