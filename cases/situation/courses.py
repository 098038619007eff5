"""Every course that events may have taken, where vague dates leave more than one possible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cases.situation.order import Order
from cases.situation.state import State
from cases.situation.step import CaseStep
from cases.situation.telling import Path

#: So many half-told courses of events are followed at most. Beyond that nothing is said to be known.
MOST_COURSES = 4_000


class Course(NamedTuple):
    """Where one course of events leads: by what certainly happened alone, or by more; has anything happened in it."""

    state: State
    is_certain: bool
    has_begun: bool


def courses(order: Order, certain: int, before: Path) -> list[Course]:
    """Return every course that the steps may have taken in an order; empty where there are too many to follow.

    `certain` is the mask of the steps that had certainly been taken: every course has these. `before` is the path
    before any step.
    """
    if order.is_known:
        return _one_after_another(order.steps, certain, before)
    level: dict[int, dict[State, Path]] = {0: {before.state: before}}
    found: dict[Course, None] = {}
    followed = 0
    while level:
        onward: dict[int, dict[State, Path]] = {}
        for taken, paths in level.items():
            if taken & certain == certain:
                found |= dict.fromkeys(Course(state, taken == certain, taken != 0) for state in paths)
            for number, step in enumerate(order.steps):
                if taken >> number & 1 or order.before[number] & ~taken:
                    continue
                leading = onward.setdefault(taken | 1 << number, {})
                for path in paths.values():
                    led = path.then(step)
                    leading.setdefault(led.state, led)
        followed += sum(map(len, onward.values()))
        if followed > MOST_COURSES:
            return []
        level = onward
    return list(found)


def _one_after_another(steps: Sequence[CaseStep], certain: int, before: Path) -> list[Course]:
    """Return the courses of steps in the only order that they can have been taken in, as nearly all are."""
    sure = certain.bit_count()
    path, found = before, []
    for taken in range(len(steps) + 1):
        if taken:
            path = path.then(steps[taken - 1])
        if taken >= sure:
            found.append(Course(path.state, taken == sure, taken != 0))
    return found
