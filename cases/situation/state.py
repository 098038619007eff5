"""Where a person is after some steps taken in a certain order: the rules of the three tracks, step by step.

Each step changes its own track only: who is threatened in prison is still in prison. Source of the rules: design of the
project, section 3; the kinds and their tracks: `cases.vocabulary.stages`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from cases.situation import procedures
from cases.situation.dates import BEFORE_ALL, Span
from cases.situation.procedures import Procedures
from cases.situation.step import CaseStep
from cases.vocabulary import Liberty, Phase, StageKind, Track

_VALUES = {
    StageKind.DETENTION: Liberty.HELD,
    StageKind.DEPORTATION_CENTRE: Liberty.HELD,
    StageKind.TRANSFER: Liberty.HELD,
    StageKind.SOLITARY_CONFINEMENT: Liberty.HELD,
    StageKind.INTERROGATION: Liberty.HELD,
    StageKind.RELEASE_REVOKED: Liberty.HELD,
    StageKind.IMPRISONMENT: Liberty.HELD,
    StageKind.CONDITIONAL_RELEASE: Liberty.ON_CONDITIONS,
    StageKind.RELEASE: Liberty.AT_LIBERTY,
    StageKind.DEPARTURE: Liberty.AT_LIBERTY,
    StageKind.ADMITTED_THIRD_COUNTRY: Liberty.AT_LIBERTY,
    StageKind.ESCAPE: Liberty.AT_LIBERTY,
    StageKind.DEPORTATION: Liberty.REMOVED,
    StageKind.EXTRADITION: Liberty.REMOVED,
    StageKind.RENDITION: Liberty.REMOVED,
    StageKind.COERCED_RETURN: Liberty.REMOVED,
    StageKind.PUSHBACK: Liberty.REMOVED,
    StageKind.DISAPPEARANCE: Liberty.DISAPPEARED,
    StageKind.DEATH: Liberty.DEAD,
}
#: What happens within custody: it says that the person is held, and begins nothing where that was so already.
_WITHIN = {StageKind.INTERROGATION, StageKind.TRANSFER, StageKind.SOLITARY_CONFINEMENT}
#: What takes a person out of a country.
_LEAVING = {*Phase.REMOVAL.kinds, StageKind.DEPARTURE} - {StageKind.REMOVAL_FAILED}
#: Removals after which what happens at the origin is the person's fate, and no longer the case.
_BROUGHT_HOME = {StageKind.DEPORTATION, StageKind.EXTRADITION, StageKind.RENDITION}


class OnLiberty(NamedTuple):
    """A present value on the track of liberty.

    `since` is when the value began, and `began` the step by which it did; `phase_since` and `phase_began` are those of
    its phase. `step` is the last step that changed any of this. `terminal` says whether the step closes a case where
    nothing is pending.
    """

    value: Liberty
    kind: StageKind
    country: str
    since: Span
    phase_since: Span
    began: CaseStep
    phase_began: CaseStep
    step: CaseStep
    terminal: bool

    @property
    def phase(self) -> Phase:
        return self.kind.phase


class UnderPressure(NamedTuple):
    """The last step on the track of pressure."""

    kind: StageKind
    country: str
    since: Span
    step: CaseStep

    @property
    def began(self) -> CaseStep:
        return self.step


class State(NamedTuple):
    """Where a person is on the three tracks.

    `liberty` is None while no step on that track was taken. `at_home` is the removal to the origin that was carried
    out, so that what happens there is the person's fate, and `judged` how a court there has decided since. `where` is
    the country in which the person is, "" where that is not told; `before` is the state before the last removal, in
    case it fails; `until_now` the first day that the next step can have been taken, by what came before it.
    """

    liberty: OnLiberty | None = None
    procedures: Procedures = ()
    pressure: UnderPressure | None = None
    at_home: CaseStep | None = None
    judged: CaseStep | None = None
    where: str = ""
    before: State | None = None
    until_now: date = BEFORE_ALL


def after(state: State, step: CaseStep, home: Collection[str]) -> State:
    """Return where a person is after one more step. `home` are the states behind the pursuit.

    Nothing follows a death: what is told of a later day, or of the same vague time, moves nobody any more.
    """
    if state.liberty is not None and state.liberty.value == Liberty.DEAD:
        return state
    span = Span(max(step.first, state.until_now), max(step.last, state.until_now))
    state = _no_later_than(state, step.last)
    state = state._replace(until_now=span.first)
    if step.kind.track == Track.PRESSURE:
        return _pressed(state, step, span, home)
    if step.kind.track == Track.PROCEDURE:
        moved = procedures.moved(state.procedures, step, span, home, state.where)
        judged = step if state.at_home and step.kind in procedures.JUDGING and step.country in ("", *home) else None
        return state._replace(procedures=moved, judged=judged or state.judged)
    return _moved(state, step, span, home)


def _pressed(state: State, step: CaseStep, span: Span, home: Collection[str]) -> State:
    pressure = UnderPressure(step.kind, step.country or state.where, span, step)
    if step.kind != StageKind.FLIGHT:
        return state._replace(pressure=pressure)
    # Who has fled is held no more, and bound by no conditions, and who got out of the origin again is no longer there.
    fled = state._replace(
        pressure=pressure,
        where=step.destination,
        at_home=state.at_home if step.destination in home else None,
        judged=state.judged if step.destination in home else None,
    )
    liberty = state.liberty
    if liberty is None:
        return fled
    if liberty.value == Liberty.AT_LIBERTY:
        return fled._replace(liberty=liberty._replace(country=step.destination))
    if liberty.value == Liberty.DISAPPEARED:
        return fled
    liberty = OnLiberty(Liberty.AT_LIBERTY, step.kind, step.destination, span, span, step, step, step, terminal=False)
    return fled._replace(liberty=liberty)


def _moved(state: State, step: CaseStep, span: Span, home: Collection[str]) -> State:
    """Return the state after a step on liberty."""
    if step.kind == StageKind.REMOVAL_FAILED:
        back = state.before or state
        return back._replace(pressure=state.pressure, until_now=state.until_now)
    if step.kind == StageKind.INTERROGATION and state.liberty and state.liberty.value == Liberty.ON_CONDITIONS:
        return state  # held for that hour, and no recall
    if _is_repeated(state, step):
        return _same_custody(state, step)
    leads_to = _leads_to(step, home)
    left = state.where if step.kind == StageKind.ADMITTED_THIRD_COUNTRY else step.country or state.where
    liberty = _liberty(state, step, span, leads_to, home)
    at_home = _at_home(state, step, leads_to, home)
    return state._replace(
        liberty=liberty,
        procedures=_procedures(state, step, left, leads_to),
        at_home=at_home,
        judged=state.judged if at_home is state.at_home else None,
        where=liberty.country,
        before=state._replace(before=None) if step.kind in _LEAVING else None,
    )


def _is_repeated(state: State, step: CaseStep) -> bool:
    """Whether a step tells of a custody that was told already: what happens within it, or a word for the same."""
    now = state.liberty
    if now is None or now.value != Liberty.HELD or _VALUES[step.kind] != Liberty.HELD:
        return False
    same_country = not step.country or not now.country or step.country == now.country
    return same_country and (step.kind in _WITHIN or step.kind == now.kind)


def _same_custody(state: State, step: CaseStep) -> State:
    now = state.liberty
    if now is None or now.country or not step.country:
        return state
    return state._replace(liberty=now._replace(country=step.country), where=step.country)


def _leads_to(step: CaseStep, home: Collection[str]) -> str:
    """Return the country in which a step leaves the person; "" where that is not told."""
    if step.kind in _LEAVING:
        if not step.destination and step.kind == StageKind.COERCED_RETURN and len(home) == 1:
            return next(iter(home))
        return step.destination
    if step.kind == StageKind.ADMITTED_THIRD_COUNTRY:
        return step.destination or step.country
    return step.country


def _liberty(state: State, step: CaseStep, span: Span, leads_to: str, home: Collection[str]) -> OnLiberty:
    now, value = state.liberty, _VALUES[step.kind]
    country = leads_to if step.kind in _LEAVING else leads_to or state.where
    same = now is not None and now.value == value and (not now.country or not country or now.country == country)
    goes_on = now if same and value == Liberty.HELD else None
    same_phase = goes_on if goes_on and goes_on.phase == step.kind.phase else None
    return OnLiberty(
        value=value,
        kind=step.kind,
        country=country,
        since=goes_on.since if goes_on else span,
        phase_since=same_phase.phase_since if same_phase else span,
        began=goes_on.began if goes_on else step,
        phase_began=same_phase.phase_began if same_phase else step,
        step=step,
        terminal=_closes(state, step, country, home),
    )


def _closes(state: State, step: CaseStep, country: str, home: Collection[str]) -> bool:
    """Whether a step on liberty is an end: what happens at the origin after a removal there does not open a case."""
    if state.at_home and (country in home or not country) and step.kind not in _LEAVING:
        return state.liberty is not None and state.liberty.terminal
    if step.kind == StageKind.DEPARTURE and country in home:
        return False
    return step.kind in StageKind.terminal()


def _at_home(state: State, step: CaseStep, leads_to: str, home: Collection[str]) -> CaseStep | None:
    if step.kind in _BROUGHT_HOME:
        return step if leads_to in home else None
    if step.kind in _LEAVING or (leads_to and leads_to not in home):
        return None
    return state.at_home


def _procedures(state: State, step: CaseStep, left: str, leads_to: str) -> Procedures:
    found = state.procedures
    if step.kind == StageKind.DEATH:
        return procedures.all_over(found)
    if step.kind == StageKind.RELEASE:
        return procedures.supervision_over(found)
    if step.kind in _LEAVING or step.kind == StageKind.ADMITTED_THIRD_COUNTRY:
        found = procedures.left(found, left if left != leads_to else "", leads_to)
    if step.kind == StageKind.EXTRADITION:
        found = tuple(each._replace(pending=False) if each.matter == "surrender" else each for each in found)
    if step.kind in _LEAVING - {StageKind.DEPARTURE} or _VALUES[step.kind] == Liberty.HELD:
        found = procedures.in_hands_of(found, leads_to)
    return found


def _no_later_than(state: State, day: date) -> State:
    """Return a state of which nothing began later than a day, because the next step was taken by then."""

    def bounded(span: Span) -> Span:
        return span if span.last <= day else Span(min(span.first, day), day)

    liberty, pressure = state.liberty, state.pressure
    spans = [each.since for each in (liberty, pressure, *state.procedures) if each is not None]
    spans += [liberty.phase_since] if liberty is not None else []
    if all(span.last <= day for span in spans):  # as nearly always: it is asked of every step of every course
        return state
    return state._replace(
        liberty=liberty and liberty._replace(since=bounded(liberty.since), phase_since=bounded(liberty.phase_since)),
        procedures=tuple(each._replace(since=bounded(each.since)) for each in state.procedures),
        pressure=pressure and pressure._replace(since=bounded(pressure.since)),
    )
