"""What the filters ask of where a case stands: each question takes what was given.

A question is a condition on the columns of `StoredSituation`. The database puts it to what is stored, and
`cases.situation.standing` to what has to be worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q


def in_phase(phases: list[str]) -> Q:
    """Return the question whether a case stands in one of some phases."""
    return Q(phase__in=phases)


def at_stage(kinds: list[str]) -> Q:
    """Return the question whether a case stands at a stage of some kinds, or a pending procedure does."""
    return Q(stage__in=kinds) | under_procedure(kinds)


def at_liberty(values: list[str]) -> Q:
    """Return the question whether a person, or a part of a group, is where some values of liberty say."""
    return _telling("liberty", values)


def held(*, perhaps: bool) -> Q:
    """Return the question whether somebody is certainly deprived of liberty, or perhaps is, by vague dates."""
    return Q(may_be_held=True) if perhaps else Q(is_held=True)


def under_procedure(kinds: list[str]) -> Q:
    """Return the question whether a procedure is pending at a stage of some kinds, or after a decision of these."""
    return _telling("pending", kinds)


def under_pressure(kinds: list[str]) -> Q:
    """Return the question whether the last act of pressure was of some kinds."""
    return Q(pressure__in=kinds)


def at_step(steps: list[str]) -> Q:
    """Return the question whether the highest step that was reached, or one apart from the three, is one of some."""
    return _telling("steps", steps)


def counted(values: list[str]) -> Q:
    """Return the question whether Freedom House's count would take in what happened to a person."""
    return Q(counted__in=values)


def was_open(*, perhaps: bool) -> Q:
    """Return the question whether a case was open; perhaps it was if it may have begun and is not certainly closed."""
    surely = Q(is_open=True)
    return surely | Q(is_open__isnull=True, may_have_begun=True) if perhaps else surely


def _telling(column: str, codes: Iterable[str]) -> Q:
    """Return the question whether a column that tells several codes tells one of some."""
    return reduce(or_, (Q(**{f"{column}__contains": f" {code} "}) for code in codes))


def _answered(column: str, wanted: str) -> Q:
    """Return the question whether something is so ("true"), is not, or cannot be told ("unknown")."""
    return Q(**{f"{column}__isnull": True}) if wanted == "unknown" else Q(**{column: wanted == "true"})


def is_open(wanted: str) -> Q:
    """Return the question whether a case is open, is not, or of which that cannot be told."""
    return _answered("is_open", wanted)


def is_followed(wanted: str) -> Q:
    """Return the question whether a person is followed, is not, or of whom that cannot be told."""
    return _answered("is_followed", wanted)


#: The question that each filter of the same name asks.
QUESTIONS: dict[str, Callable[[Any], Q]] = {
    "phase": in_phase,
    "stage": at_stage,
    "liberty": at_liberty,
    "procedure": under_procedure,
    "pressure": under_pressure,
    "step": at_step,
    "open": is_open,
    "followed": is_followed,
}
