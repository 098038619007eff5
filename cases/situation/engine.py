"""The engine: where a case stands on a day, on the three tracks of liberty, procedure and pressure.

Vague dates leave more than one course of events possible. The engine goes through all of them: every order of the steps
that dates and telling allow (`cases.situation.order`), with and without the steps that perhaps had not been taken yet.
What it answers is what certainly stands, and beside it what else may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.functional import cached_property  # takes no lock, as that of Python 3.11 does

from cases.situation.courses import Course, courses
from cases.situation.dates import DayCount, Span, certainly_by, possibly_by, together
from cases.situation.groups import Part, fate_of, leading, parts_of
from cases.situation.order import Order, by_date
from cases.situation.outlook import deciding_of, is_open, several, value_of
from cases.situation.procedures import Procedure, all_over, shown
from cases.situation.state import OnLiberty, State, UnderPressure
from cases.situation.status import Status
from cases.situation.step import CaseStep
from cases.situation.telling import Telling
from cases.situation.three_steps import highest, steps_shown
from cases.situation.undone import is_undone
from cases.vocabulary import Fate, Liberty, Phase, StageKind, Step
from records.fields.edtf import UncertainDate

_APART = [step for step in Step if step not in Step.rising()]


@dataclass(frozen=True)
class Situation:
    """Where one case stands on a day, by the stages that its reader may see, later ones too, with their citations.

    `home` are the states behind the pursuit; `start` is when the incident began, `location` the one country in which it
    took place, "" where that is not told or there are several; `headcount` are the least and the most people that a
    group has; `today` is the present day, by which all that is recorded of the past has happened.
    """

    stages: tuple[Any, ...]
    day: date
    today: date
    home: frozenset[str] = frozenset()
    location: str = ""
    start: UncertainDate | None = None
    headcount: tuple[int | None, int | None] = (None, None)
    status: Status = field(default_factory=Status)

    def on(self, day: date, status: Status) -> Situation:
        """Return where the case stands on another day, asked about on the same, with what is said of it by then."""
        other = replace(self, day=day, status=status)
        other.__dict__["telling"] = self.telling
        return other

    @cached_property
    def telling(self) -> Telling:
        """All steps, those that lie ahead of the day too, and where they lead."""
        return Telling(self.stages, self.today, self.home, self.location)

    @cached_property
    def order(self) -> Order:
        """The order of the steps that may have been taken by the day."""
        return self.telling.order.by(self.day)

    @property
    def steps(self) -> Sequence[CaseStep]:
        """Those steps, in that order."""
        return self.order.steps

    @cached_property
    def happened(self) -> list[CaseStep]:
        """The steps that had certainly been taken by the day, in order as far as it is known."""
        return [step for number, step in enumerate(self.order.steps) if self._certain >> number & 1]

    @cached_property
    def _certain(self) -> int:
        """The mask of those steps: by their own dates, or because one that came later had been taken."""
        certain = 0
        for number, step in enumerate(self.order.steps):
            if step.last <= self.day:
                certain |= 1 << number | self.order.before[number]
        return certain

    @cached_property
    def courses(self) -> list[Course]:
        """Every course that events may have taken; empty where there are too many to follow. Of a group, its part's."""
        if self.parts:
            return self.lead.courses
        found = courses(self.order, self._certain, self.telling.before)
        return [course._replace(state=self._ended(course.state)) for course in found] if self.was_ended else found

    @cached_property
    def told(self) -> State:
        """The state by what certainly happened, in the order of dates and telling; where that is open, as listed."""
        if self.parts:
            return self.lead.told
        state = self.telling.before.along(self.happened).state
        return self._ended(state) if self.was_ended else state

    @staticmethod
    def _ended(state: State) -> State:
        """Return a state with nothing pending in it, as it is where the case as a whole was said to have ended."""
        return state._replace(procedures=all_over(state.procedures))

    @cached_property
    def _sure(self) -> list[State]:
        """The states in which what certainly happened may have left the case."""
        return [course.state for course in self.courses if course.is_certain]

    @property
    def _states(self) -> list[State]:
        return [course.state for course in self.courses]

    # Liberty

    @cached_property
    def value(self) -> Liberty:
        """Where the person is on the track of liberty, by what certainly happened.

        Of somebody who was held, and whose case is said to have ended with no step that tells how, it is not known.
        """
        values = {self._value_in(state) for state in self._sure}
        return values.pop() if self.happened and len(values) == 1 else Liberty.UNKNOWN

    def _value_in(self, state: State) -> Liberty:
        value = value_of(state)
        is_told = value not in (Liberty.HELD, Liberty.ON_CONDITIONS) or state.at_home
        return value if is_told or not self.was_ended else Liberty.UNKNOWN

    @property
    def possible(self) -> set[Liberty]:
        """Every value of liberty that the dates allow; nothing before anything can have happened.

        Where there are too many courses of events to follow, none can be ruled out.
        """
        if self.steps and not self.courses:
            return {*Liberty}
        return {self._value_in(course.state) for course in self.courses if course.has_begun}

    @property
    def is_surely_held(self) -> bool:
        """Whether the person is held, whatever vague dates may mean."""
        return self.value == Liberty.HELD and self.possible == {Liberty.HELD} and self.was_ended is not None

    @cached_property
    def liberty(self) -> OnLiberty | None:
        """The step and the days behind `value`; None where it is not known, or no step on liberty was taken."""
        return self.told.liberty if self.value != Liberty.UNKNOWN else None

    @property
    def where(self) -> str:
        """The country in which the person is, "" where that is not told or not sure."""
        countries = {state.where for state in self._sure}
        return countries.pop() if len(countries) == 1 else ""

    @property
    def country(self) -> str:
        """The country in which the present value of liberty holds."""
        return self.liberty.country if self.liberty is not None and self.where == self.told.where else ""

    @cached_property
    def perhaps(self) -> list[CaseStep]:
        """The other steps on liberty that may have been the last, by the dates: the present value rests on none."""
        now = self.liberty and self.liberty.step
        found = {state.liberty.step for state in self._states if state.liberty is not None} - {now}
        return sorted(found, key=by_date)

    def days(self) -> DayCount | None:
        """Return for how many days the present value of liberty has lasted."""
        return self._days([state.liberty.since for state in self._same_liberty if state.liberty])

    @property
    def _same_liberty(self) -> list[State]:
        if self.liberty is None:
            return []
        return [state for state in self._states if value_of(state) == self.value]

    def _days(self, spans: Iterable[Any]) -> DayCount | None:
        return together(span.days_until(self.day) for span in spans)

    # Procedure

    @cached_property
    def procedures(self) -> list[Procedure]:
        """All procedures by what certainly happened, those that are decided too, in the order of their last steps."""
        if self.parts:
            found = [each for part in self.parts for each in part.situation.procedures]
            pending_last = sorted(found, key=lambda each: each.pending)
            return list({(each.matter, each.country): each for each in pending_last}.values())
        return list(self.told.procedures)

    @property
    def procedure(self) -> Procedure | None:
        """The latest procedure that is pending, else the latest."""
        return shown(tuple(self.procedures))

    def is_pending(self, procedure: Procedure) -> bool | None:
        """Return whether a procedure is pending; None where vague dates leave that open."""
        if self.parts:
            return several(each.is_pending(procedure) for each in self._concerned(procedure))
        if self.was_ended is None:
            return None if procedure.pending else False
        found = {
            each.pending
            for state in self._states
            for each in state.procedures
            if (each.matter, each.country) == (procedure.matter, procedure.country)
        }
        return found.pop() if len(found) == 1 else None

    def days_of(self, procedure: Procedure, kind: StageKind | None = None) -> DayCount | None:
        """Return for how many days a procedure has been where it is: a surrender granted and not carried out.

        Of a decision in it that still counts, its `kind` is given.
        """
        if self.parts:
            return together(days for each in self._concerned(procedure) if (days := each.days_of(procedure, kind)))
        found = [
            each.since_of(kind or procedure.kind)
            for state in self._states
            for each in state.procedures
            if (each.matter, each.country) == (procedure.matter, procedure.country)
        ]
        return self._days(span for span in found if span is not None)

    def _concerned(self, procedure: Procedure) -> list[Situation]:
        """The parts of a group about which a procedure is."""
        return [part.situation for part in self.parts if procedure in part.situation.procedures]

    # Pressure and phase

    @property
    def pressure(self) -> UnderPressure | None:
        """The last step on the track of pressure, by what certainly happened."""
        return self.told.pressure

    @cached_property
    def phase(self) -> Phase | None:
        """The phase by which the case is listed; None where nothing certainly happened or the order is not known."""
        deciding = self.deciding
        return deciding.kind.phase if deciding is not None else None

    @cached_property
    def deciding(self) -> OnLiberty | Procedure | UnderPressure | None:
        """What decides the phase: liberty, unless at liberty; then what is pending; then pressure."""
        if self.happened and self.value == Liberty.UNKNOWN and self.told.liberty is not None and not self.was_ended:
            return None
        return deciding_of(self.told)

    @property
    def stage(self) -> StageKind | None:
        """The kind of step that decides the phase."""
        return self.deciding.kind if self.deciding is not None else None

    @property
    def began(self) -> CaseStep | None:
        """The step with which what decides the phase began."""
        if self.deciding is None:
            return None
        return self.deciding.phase_began if isinstance(self.deciding, OnLiberty) else self.deciding.began

    @property
    def since(self) -> UncertainDate | None:
        """When what decides the phase came, or began."""
        return self.began.occurred if self.began is not None else None

    def days_in_phase(self) -> DayCount | None:
        """Return for how many days the case has been in its phase, whatever the order of its vague dates may be."""
        return self._days(self.phase_since)

    @property
    def phase_since(self) -> list[Span]:
        """Since when the case has been in its phase, for each order that its vague dates may have."""
        deciding = [deciding_of(state) for state in self._states] if self.phase is not None else []
        same = [found for found in deciding if found is not None and found.kind.phase == self.phase]
        return [found.phase_since if isinstance(found, OnLiberty) else found.since for found in same]

    # Open, followed, fate

    @cached_property
    def is_open(self) -> bool | None:
        """Whether the case is open; None where vague dates leave that open, or whether it had begun."""
        if self.parts:
            return several(part.situation.is_open for part in self.parts if part.is_told)
        if not self.happened and not certainly_by(self.start, self.day):
            return None
        found = {is_open(state) for state in self._states}
        verdict = found.pop() if len(found) == 1 else None
        if verdict is False:
            return False
        ended = self.was_ended
        return False if ended else None if ended is None else verdict

    @property
    def may_have_begun(self) -> bool:
        """Whether a step may have been taken by the day, or the incident may have begun: by a date that it has."""
        return bool(self.steps) or (self.start is not None and possibly_by(self.start, self.day))

    @cached_property
    def was_ended(self) -> bool | None:
        """Whether the case was said to have ended by the day, and nothing since has opened it again."""
        return self.status.was_ended(self.happened, self.day, self.today)

    @property
    def is_followed(self) -> bool | None:
        """Whether the person is still followed: while the case is open, and after a removal that may have led to the
        origin, while held, sentenced or unheard of there, unless the organisation has ended it and said why."""
        if self.parts:
            return several(part.situation.is_followed for part in self.parts if part.is_told)
        if self.is_open is not False:
            return self.is_open
        if not (self.told.at_home or self.is_lost) or (self.was_ended and self.status.reason):
            return False
        return self.fate not in (Fate.FREE, Fate.DEAD)

    @property
    def is_lost(self) -> bool:
        """Whether the person was removed, and where to is not told: whether it led to the origin nobody can say."""
        return self.value == Liberty.REMOVED and not self.told.where

    @property
    def fate(self) -> Fate | None:
        """What is known of the person since a removal to the origin; None without one."""
        if self.parts:
            return fate_of(self.parts)
        if not self.told.at_home:
            return None
        judged = self.told.judged
        is_sentenced = judged is not None and judged.kind in (StageKind.SENTENCE, StageKind.SENTENCE_REDUCED)
        fates = {
            Liberty.HELD: Fate.SENTENCED if is_sentenced or self.phase == Phase.IMPRISONMENT else Fate.HELD,
            Liberty.REMOVED: Fate.SENTENCED if is_sentenced else Fate.UNKNOWN,
            Liberty.AT_LIBERTY: Fate.FREE,
            Liberty.DEAD: Fate.DEAD,
        }
        return fates.get(self.value, Fate.UNKNOWN)

    # Steps reached

    @property
    def reached(self) -> Step:
        """The highest of the three steps that was certainly reached."""
        return highest(self._certainly_shown)

    @property
    def perhaps_reached(self) -> Step:
        """The highest that may have been reached."""
        return highest(self._shown(certainly=False))

    @property
    def reached_apart(self) -> list[Step]:
        """What was certainly reached and is not one of the three steps."""
        found = self._certainly_shown
        return [step for step in _APART if step in found]

    @cached_property
    def _certainly_shown(self) -> set[Step]:
        return self._shown(certainly=True)

    def _shown(self, *, certainly: bool) -> set[Step]:
        """Every step that was reached, certainly or perhaps. A removal that failed led nowhere."""
        if self.parts:
            return {step for part in self.parts for step in part.situation._shown(certainly=certainly)}
        steps = self.happened if certainly else self.order.steps
        found = [step for step in steps if not is_undone(step, self.order, self.happened, perhaps=certainly)]
        return steps_shown(found, self.telling.at_location)

    # Groups

    @cached_property
    def parts(self) -> list[Part]:
        """The parts into which a group has come apart, as told; empty where all of it went one way."""
        return parts_of(self)

    @property
    def lead(self) -> Situation:
        """The part by which a group that has come apart is listed."""
        return leading(self.parts).situation
