"""Groups that come apart: some of them held, some resettled, some removed. Each part has a `Situation` of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cases.situation.step import CaseStep
from cases.vocabulary import Track


@dataclass(frozen=True)
class Part:
    """A part of a group: how many people (None: not told), where they stand, and whether they are the rest."""

    headcount: int | None
    is_rest: bool
    situation: Any


def parts_of(whole: Any) -> list[Part]:
    """Split a group by the steps that say to how many people they happened.

    The first such step on liberty tells how large the group was. Each later one takes so many people out of it; steps
    that name no number are about those who are left.
    """
    split = [step for step in whole.order.steps if step.headcount is not None and step.kind.track == Track.LIBERTY]
    leaving = split[1:]
    if not leaving:
        return []
    common = [step for step in whole.order.steps if step not in leaving]
    parts = []
    for step in leaving:
        shared = [each for each in common if not whole.order.came_before(step, each)]
        parts.append(Part(step.headcount, False, _alone(whole, [*shared, step])))
    total, taken = split[0].headcount or 0, sum(step.headcount or 0 for step in leaving)
    if taken < total:
        parts.insert(0, Part(total - taken, True, _alone(whole, common)))
    return parts


def _alone(whole: Any, steps: list[CaseStep]) -> Any:
    """Return where those stand to whom only some of the steps happened. No number of theirs splits them again."""
    part = replace(whole, stages=tuple(step.stage for step in steps))
    part.__dict__["parts"] = []
    return part
