"""What the engine works with for one case, as far as the readers of one lane see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.situation.answer import Answer, answer
from cases.situation.engine import Situation
from cases.situation.freedom_house import Verdict, verdict
from cases.situation.places import locations, origins
from cases.situation.status import Status, is_said_by
from cases.situation.told import Told, told
from cases.vocabulary import InvolvementRole


@dataclass(frozen=True)
class Inputs:
    """The rows from which one case is judged: its stages with their citations, and the rows of its incident.

    `alone` says whether the person is the only one to whom the incident happened.
    """

    involvement: Any
    stages: tuple[Any, ...]
    countries: tuple[Any, ...]
    tactics: tuple[Any, ...]
    alone: bool
    #: What was worked out before.
    known: dict[tuple[date, date], tuple[Situation, Verdict | None]] = field(default_factory=dict, compare=False)
    asked: dict[date, Situation] = field(default_factory=dict, compare=False)

    @property
    def incident(self) -> Any:
        return self.involvement.incident

    def answer(self, day: date, today: date) -> Answer:
        """Return what the engine says of the case on a day, asked about it today or later."""
        return answer(*self.judged(day, today))

    def told(self, today: date) -> Told:
        """Return all that is told of the case today."""
        return told(*self.judged(today, today))

    def judged(self, day: date, today: date) -> tuple[Situation, Verdict | None]:
        """Return where the case stands on a day, and of whom it happened to whether it is counted."""
        if (day, today) not in self.known:
            found = self.situation(day, today)
            is_subject = self.involvement.role == InvolvementRole.SUBJECT
            tactics = [used.tactic for used in self.tactics if day == today or _may_be_by(used.occurred, day)]
            counted = verdict(found, self.incident.scope, tactics, alone=self.alone) if is_subject else None
            self.known[day, today] = found, counted
        return self.known[day, today]

    def situation(self, day: date, today: date) -> Situation:
        """Return where the case stands on a day; the steps are put in order once for each day that it is `today`."""
        row = self.involvement
        is_said = day >= today or is_said_by(row.status_as_of, day)
        status = Status(row.status, row.status_as_of, row.status_reason) if is_said else Status()
        if today not in self.asked:
            self.asked[today] = self._asked_on(today)
        return self.asked[today].on(day, status)

    def _asked_on(self, today: date) -> Situation:
        person, took_place_in = self.involvement.person, locations(self)
        return Situation(
            stages=self.stages,
            day=today,
            today=today,
            home=frozenset(origins(self)),
            location=took_place_in[0] if len(took_place_in) == 1 else "",
            start=self.incident.start,
            headcount=(person.headcount_min, person.headcount_max),
        )

    @property
    def visible_countries(self) -> tuple[Any, ...]:
        """The countries of the incident, under the name by which `places` reads them."""
        return self.countries


def _may_be_by(when: Any, day: date) -> bool:
    return when is None or when.earliest is None or when.earliest <= day
