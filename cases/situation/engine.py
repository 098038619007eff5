"""The engine: where a case stands on a day, worked out from its dated stages.

A vague date may fall before or after another. So the answer has two halves: what stands by what certainly happened, and
what else may have been the last step by the dates alone (`rivals`). Where two steps can only share a day, the order in
which the sources tell them decides; nothing else does, and least of all the order in which they were entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from cases.vocabulary import IncidentStatus, Phase, StageKind, Step
from records.fields.edtf import UncertainDate

#: Stands for the ends of time where a date is open or unknown.
BEFORE_ALL, AFTER_ALL = date.min, date.max


@dataclass(frozen=True)
class DayCount:
    """A number of days, known as far as the dates are: `most` is None where nothing bounds it."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least:,} days" if self.least else "an unknown number of days"
        days = f"{self.most:,} day{'' if self.most == 1 else 's'}"
        return days if self.least == self.most else f"{self.least:,} to {days}"


def bounds(when: UncertainDate | None) -> tuple[date, date]:
    """Return the first and the last day that a date may mean; a date that is not known may be any day."""
    if when is None:
        return BEFORE_ALL, AFTER_ALL
    return when.earliest or BEFORE_ALL, when.latest or AFTER_ALL


def certainly_by(when: UncertainDate | None, day: date | None) -> bool:
    """Whether it had happened by a day. Without a day, all that is recorded has."""
    return day is None or bounds(when)[1] <= day


def possibly_by(when: UncertainDate | None, day: date | None) -> bool:
    """Whether it may have happened by a day."""
    return day is None or bounds(when)[0] <= day


def order(stage: Any) -> tuple[date, date, int, str]:
    """Return the key by which steps are told: by date, the undated first, then in the order of the sources.

    The same as `DatedStepQuerySet.in_order`. The reference comes last so that the order of entry never decides.
    """
    when = stage.occurred
    first, last = bounds(when)
    began = last if when is not None and when.earliest is None else first
    return began, last, stage.position, stage.ref


def came_later(one: Any, other: Any) -> bool:
    """Whether a step certainly came after another: by the dates, or by the telling where they can only share a day."""
    start, last = bounds(one.occurred)[0], bounds(other.occurred)[1]
    return start > last or (start == last and one.position > other.position)


def days_since(when: Iterable[UncertainDate | None], day: date) -> DayCount:
    """Return how many days lie between some date of several and a day; what may lie ahead counts as none."""
    spans = [bounds(each) for each in when]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    least = max((day - last).days, 0)
    return DayCount(least, None if first == BEFORE_ALL else max((day - first).days, least))


@dataclass(frozen=True)
class Situation:
    """Where one case stands by some of its steps, as of a day or, with `day` None, as far as is recorded.

    `is_over` says whether the incident as a whole had ended by then: True, False, or None where that cannot be told;
    `has_begun` whether it certainly had begun.
    """

    stages: tuple[Any, ...]
    day: date | None = None
    is_over: bool | None = False
    has_begun: bool = True

    @cached_property
    def happened(self) -> list[Any]:
        """The steps that had certainly been taken, in order."""
        return [stage for stage in sorted(self.stages, key=order) if certainly_by(stage.occurred, self.day)]

    @cached_property
    def perhaps(self) -> list[Any]:
        """The steps that may have been taken, those that certainly had included, in order."""
        return [stage for stage in sorted(self.stages, key=order) if possibly_by(stage.occurred, self.day)]

    @cached_property
    def current(self) -> Any:
        """The last step that changed the person's situation; None where none certainly had."""
        return last(deciding(self.happened))

    @cached_property
    def candidates(self) -> list[Any]:
        """Every step that may have been the last to change the situation, by the dates alone."""
        happened = deciding(self.happened)
        kinds = {kind_of(stage) for stage in happened}
        # What is incidental beside a step that had happened stays so, whatever else is only possible.
        several = [stage for stage in self.perhaps if kind_of(stage) <= min(kinds, default=LAST_KIND)]
        return [stage for stage in several if not any(came_later(other, stage) for other in happened)]

    @property
    def rivals(self) -> list[Any]:
        """The candidates beside the current step: as long as there are any, nobody can tell which came last."""
        return [stage for stage in self.candidates if stage is not self.current]

    @cached_property
    def pending(self) -> Any:
        """The last step of a review that runs beside the situation; None once the case is closed."""
        if self.current is None or self.is_open is False or kind_of(self.current) == REVIEW:
            return None
        reviews = [stage for stage in self.happened if kind_of(stage) == REVIEW]
        began = order(self.current)[0]
        return last([stage for stage in reviews if stage.occurred is None or order(stage)[0] >= began])

    @property
    def phase(self) -> Phase | None:
        return self.current.phase if self.current is not None else None

    @property
    def phases(self) -> list[Phase]:
        """Every phase in which the case may stand, the current one first."""
        found = [stage.phase for stage in (self.current, *self.candidates) if stage is not None]
        return list(dict.fromkeys(found))

    @property
    def since(self) -> UncertainDate | None:
        return self.current.occurred if self.current is not None else None

    @property
    def phase_since(self) -> UncertainDate | None:
        """When the present phase began: the date of the first step of its unbroken run."""
        return self._run[0].occurred if self._run else None

    @cached_property
    def _run(self) -> list[Any]:
        """The last steps of one phase with none of another between them, in order."""
        run: list[Any] = []
        for stage in reversed(deciding(self.happened)):
            if stage.phase != self.phase:
                break
            run.insert(0, stage)
        return run

    @property
    def is_open(self) -> bool | None:
        """Whether it had begun, no terminal stage was reached and it was not over; None where that cannot be told."""
        if self.is_over or self.ending is not None:
            return False
        if not self.has_begun and not self.happened:
            return None
        ended = any(stage.kind in StageKind.terminal() for stage in self.perhaps)
        return None if ended or self.is_over is None else True

    @property
    def ending(self) -> Any:
        """The terminal step that closed the case: the first one that certainly had been taken."""
        return next((stage for stage in self.happened if stage.kind in StageKind.terminal()), None)

    @property
    def reached(self) -> Step:
        """The highest of the three steps (on notice, detained, returned or attacked) that was certainly reached."""
        return highest(self.happened)

    @property
    def perhaps_reached(self) -> Step:
        """The highest that may have been reached."""
        return highest(self.perhaps)

    def days(self, today: date) -> DayCount | None:
        """Return how long the case has stood at its present stage on the day asked about, or else on `today`."""
        if self.current is None:
            return None
        return days_since([stage.occurred for stage in self.candidates], self.day or today)

    def days_in_phase(self, today: date) -> DayCount | None:
        """Return how long the case has been in its present phase, whatever the order of its vague dates may be."""
        if self.current is None:
            return None
        day, several = self.day or today, self.candidates
        least = min((self._run_of(stage, certain=True, day=day) for stage in several), key=lambda span: span.least)
        most = [self._run_of(stage, certain=False, day=day).most for stage in several]
        return DayCount(least.least, None if None in most else max(each for each in most if each is not None))

    def _run_of(self, stage: Any, *, certain: bool, day: date) -> DayCount:
        """Return the days since the steps that certainly, or possibly, belong to the run of phase that ends here."""
        level = kind_of(stage)
        steps = [each for each in self.perhaps if kind_of(each) <= level]
        alike = [each for each in steps if each.phase == stage.phase]
        others = [each for each in steps if each.phase != stage.phase]
        if certain:
            sure = [each for each in alike if each in self.happened or each is stage]
            within = [each for each in sure if not any(may_lie_between(each, other, stage) for other in others)]
            return min((days_since([each.occurred], day) for each in [*within, stage]), key=lambda span: -span.least)
        ended = [other for other in others if other in self.happened]
        within = [each for each in alike if not any(came_later(other, each) for other in ended)]
        return days_since([each.occurred for each in [*within, stage]], day)


REVIEW, LAST_KIND = 2, 3


def kind_of(stage: Any) -> int:
    """Return how much a step says of the situation: 0 changes it, 1 happens within one, 2 is of a review beside it."""
    kind = StageKind(stage.kind)
    if kind.phase == Phase.REVIEW:
        return REVIEW
    return 1 if kind in StageKind.incidental() else 0


def deciding(stages: list[Any]) -> list[Any]:
    """Return the steps by which the situation is told: those that change it, or the next best where none does."""
    least = min((kind_of(stage) for stage in stages), default=0)
    return [stage for stage in stages if kind_of(stage) == least]


def may_lie_between(first: Any, middle: Any, final: Any) -> bool:
    """Whether a step can have come after one and before another, as far as their dates allow."""
    return first is not final and not came_later(first, middle) and not came_later(middle, final)


def last(stages: list[Any]) -> Any:
    return stages[-1] if stages else None


def highest(stages: Iterable[Any]) -> Step:
    return max((StageKind(stage.kind).step for stage in stages), key=list(Step).index, default=Step.NONE)


def over_by(incident: Any, day: date | None) -> bool | None:
    """Whether an incident was over by a day: said to have ended as of one that had come, or with an end that had."""
    said = incident.status == IncidentStatus.ENDED
    if day is None:
        return said or incident.end is not None
    endings = [incident.status_as_of] if said else []
    endings += [incident.end] if incident.end is not None else []
    if any(certainly_by(when, day) for when in endings):
        return True
    return None if any(possibly_by(when, day) for when in endings) else False
