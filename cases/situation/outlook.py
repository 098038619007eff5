"""What follows from a state of the three tracks: the phase of a case, and whether it is open."""

from __future__ import annotations

from collections.abc import Iterable

from cases.situation.procedures import ENDING, Procedure, shown
from cases.situation.state import OnLiberty, State, UnderPressure
from cases.vocabulary import Liberty


def value_of(state: State) -> Liberty:
    """Return where a person is on liberty; of whom nothing on that track is told, at liberty."""
    return state.liberty.value if state.liberty is not None else Liberty.AT_LIBERTY


def deciding_of(state: State) -> OnLiberty | Procedure | UnderPressure | None:
    """Return what decides the phase of a case in a state.

    Liberty, unless the person is at liberty; then a procedure, while one is pending; then pressure. Who was let out and
    not pressed since stands at the release, and who was only ever judged, at the judgment.
    """
    liberty, procedure, pressure = state.liberty, shown(state.procedures), state.pressure
    if liberty is not None and liberty.value != Liberty.AT_LIBERTY:
        return liberty
    if procedure is not None and procedure.pending:
        return procedure
    if pressure is not None and (liberty is None or pressure.since.last >= liberty.since.last):
        return pressure
    return liberty or procedure


def is_open(state: State) -> bool:
    """Return whether a case is open in a state.

    It is unless the last step on liberty is terminal and nothing on procedure is pending, or unless a person at liberty
    without conditions got a final decision in their favour. What happens at the origin after a removal there opens
    nothing again.
    """
    pending = [each for each in state.procedures if each.pending and not (state.at_home and _is_fate(state, each))]
    if pending:
        return True
    liberty = state.liberty
    if liberty is not None and liberty.terminal:
        return False
    last = state.procedures[-1] if state.procedures else None
    return not (value_of(state) == Liberty.AT_LIBERTY and last is not None and last.kind in ENDING)


def _is_fate(state: State, procedure: Procedure) -> bool:
    return procedure.country in ("", state.where)


def several(verdicts: Iterable[bool | None]) -> bool | None:
    """Return whether any of several is so: yes where one is, cannot be told where one cannot."""
    found = list(verdicts)
    return True if True in found else None if None in found else False
