"""Every course that events may have taken, where vague dates leave more than one possible."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from cases.situation.order import Order
from cases.situation.state import State, after

#: So many half-told courses of events are followed at most. Beyond that nothing is said to be known.
MOST_COURSES = 4_000


class Course(NamedTuple):
    """Where one course of events leads: by what certainly happened alone, or by more; has anything happened in it."""

    state: State
    is_certain: bool
    has_begun: bool


def courses(order: Order, certain: int, home: Collection[str]) -> list[Course]:
    """Return every course that the steps may have taken in an order; empty where there are too many to follow.

    `certain` is the mask of the steps that had certainly been taken: every course has these.
    """
    level: dict[int, set[State]] = {0: {State()}}
    found: dict[Course, None] = {}
    followed = 0
    while level:
        onward: dict[int, set[State]] = {}
        for taken, states in level.items():
            if taken & certain == certain:
                found |= dict.fromkeys(Course(state, taken == certain, taken != 0) for state in states)
            for number, step in enumerate(order.steps):
                if taken >> number & 1 or order.before[number] & ~taken:
                    continue
                onward.setdefault(taken | 1 << number, set()).update(after(each, step, home) for each in states)
        followed += sum(map(len, onward.values()))
        if followed > MOST_COURSES:
            return []
        level = onward
    return list(found)
