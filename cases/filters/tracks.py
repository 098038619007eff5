"""Filters by where a case stands, which people and incidents share. Each is answered by `cases.filters.questions`."""

from __future__ import annotations

from typing import Any

from cases.vocabulary import StageKind, Step
from records.lists.filters import CodesFilter, KnownOrNotFilter


def pending_procedure_filter() -> Any:
    """Return the filter by pending procedures."""
    return CodesFilter(
        StageKind,
        method="stands",
        several=True,
        label="Pending procedure",
        help_text="The last stage of a procedure that is pending, under appeal, or of which that is not known.",
    )


def last_pressure_filter() -> Any:
    """Return the filter by the last act of pressure."""
    return CodesFilter(
        StageKind,
        method="stands",
        several=True,
        label="Last pressure",
        help_text="The last act of pressure, whatever came beside it.",
    )


def step_filter() -> Any:
    """Return the filter by the steps that were reached."""
    return CodesFilter(
        Step,
        method="stands",
        several=True,
        label="Step reached",
        help_text="The highest of the three steps reached, or one apart.",
    )


def followed_filter() -> Any:
    """Return the filter by who is followed."""
    return KnownOrNotFilter(
        "Followed", "Whether a case is open, or the person held or unheard of after a removal.", method="stands"
    )
