"""What is told of a case, whatever day is asked about: its steps in their order, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from cases.situation.order import Order
from cases.situation.state import State, after
from cases.situation.step import CaseStep, case_step


class Path:
    """Some steps taken one after another, and the state in which they leave a case.

    Where a further step leads is worked out once: of a case the same is asked for many days.
    """

    __slots__ = ("_onward", "home", "state")

    def __init__(self, state: State, home: Collection[str]) -> None:
        self.state, self.home = state, home
        self._onward: dict[str, Path] = {}

    def then(self, step: CaseStep) -> Path:
        """Return the path that goes on with one more step."""
        path = self._onward.get(step.ref)
        if path is None:
            path = self._onward[step.ref] = Path(after(self.state, step, self.home), self.home)
        return path

    def along(self, steps: Iterable[CaseStep]) -> Path:
        """Return the path that goes on with several."""
        path = self
        for step in steps:
            path = path.then(step)
        return path


class Telling:
    """All steps that are told of a case, later ones too, in their order, and the paths that they may take.

    Where the person was `before` them is not told; whoever judges the steps takes it for the one location of the
    incident, and begins `at_location`.
    """

    def __init__(self, stages: Iterable[Any], today: date, home: Collection[str], location: str) -> None:
        self.order = Order(case_step(stage, today) for stage in stages)
        self.before = Path(State(), home)
        self.at_location = Path(State(where=location), home) if location else self.before
