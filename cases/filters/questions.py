"""What the filters ask of where a case stands: each question takes what was given and judges a situation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.situation.engine import Situation
from cases.vocabulary import Liberty

Question = Callable[[Situation], bool]


def in_phase(phases: list[str]) -> Question:
    """Return the question whether a case stands in one of some phases."""
    return lambda found: found.phase in phases


def at_stage(kinds: list[str]) -> Question:
    """Return the question whether a case stands at a stage of some kinds, or a pending procedure does."""
    return lambda found: found.stage in kinds or under_procedure(kinds)(found)


def at_liberty(values: list[str]) -> Question:
    """Return the question whether a person, or a part of a group, is where some values of liberty say."""
    return lambda found: (
        any(part.situation.value in values for part in found.parts) if found.parts else found.value in values
    )


def held(*, perhaps: bool) -> Question:
    """Return the question whether somebody is certainly deprived of liberty, or perhaps is, by vague dates."""

    def is_held(found: Situation) -> bool:
        cases = [part.situation for part in found.parts] or [found]
        return any(Liberty.HELD in case.possible if perhaps else case.is_surely_held for case in cases)

    return is_held


def under_procedure(kinds: list[str]) -> Question:
    """Return the question whether a procedure is pending at a stage of some kinds, or after a decision of these."""
    return lambda found: any(each.pending and not each.kinds.isdisjoint(kinds) for each in found.procedures)


def under_pressure(kinds: list[str]) -> Question:
    """Return the question whether the last act of pressure was of some kinds."""
    return lambda found: found.pressure is not None and found.pressure.kind in kinds


def at_step(steps: list[str]) -> Question:
    """Return the question whether the highest step that was reached, or one apart from the three, is one of some."""
    return lambda found: found.reached in steps or any(step in steps for step in found.reached_apart)


#: The answers to a question that can be answered by yes, by no, or not at all.
ANSWERS = {"true": True, "false": False, "unknown": None}


def is_open(wanted: str) -> Question:
    """Return the question whether a case is open, is not, or of which that cannot be told."""
    return lambda found: found.is_open is ANSWERS[wanted]


def is_followed(wanted: str) -> Question:
    """Return the question whether a person is followed, is not, or of whom that cannot be told."""
    return lambda found: found.is_followed is ANSWERS[wanted]


#: The question that each filter of the same name asks.
QUESTIONS: dict[str, Callable[[Any], Question]] = {
    "phase": in_phase,
    "stage": at_stage,
    "liberty": at_liberty,
    "procedure": under_procedure,
    "pressure": under_pressure,
    "step": at_step,
    "open": is_open,
    "followed": is_followed,
}
