"""The life of a notice, or of a request to Interpol's commission, as its events tell it: its state, is it active.

The order of the events goes by the same rule as that of stages (`cases.situation.order`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any

from cases.situation.order import DatedStep, Order
from cases.situation.step import first_told


class Life:
    """The events of one record by a day: those that its reader may see, with their citations where they are undated.

    Events of a later day come along: what is told after them had not come before they did.
    """

    def __init__(self, events: Iterable[Any], day: date, today: date) -> None:
        self._row = {event.ref: event for event in events}
        self._whole = Order(_step(event, today) for event in self._row.values())
        self._day = day

    def on(self, day: date) -> Life:
        """Return the same life by another day; how its events stand to each other is worked out once."""
        found = copy(self)
        found.__dict__.pop("_order", None)
        found.__dict__.pop("_certain", None)
        found._day = day
        return found

    @cached_property
    def _order(self) -> Order:
        """The order of those that may have come by the day."""
        return self._whole.by(self._day)

    def listed(self, *, ahead: bool) -> list[Any]:
        """Return the events that may have come by the day, or those too that lie ahead of it, in their order."""
        return [self._row[step.ref] for step in (self._whole if ahead else self._order).steps]

    @cached_property
    def _certain(self) -> list[DatedStep]:
        """The events that had certainly come: by their own dates, or because a later one had."""
        certain = 0
        for number, step in enumerate(self._order.steps):
            if step.last <= self._day:
                certain |= 1 << number | self._order.before[number]
        return [step for number, step in enumerate(self._order.steps) if certain >> number & 1]

    @property
    def last(self) -> Any:
        """The last event that certainly came; None without one, or where its order among others is not known."""
        found = [step for step in self._certain if not any(self._came_before(step, other) for other in self._certain)]
        states = {self._row[step.ref].state for step in found}
        return self._row[found[-1].ref] if len(states) == 1 else None

    @property
    def state(self) -> str:
        """The state in which the last event left the record; "" where that is not known."""
        return self.last.state if self.last is not None else ""

    def is_active(self, alive: Collection[str], ending: Collection[str], *, certainly: bool) -> bool:
        """Whether it is in circulation: brought to life by some event, and not ended since.

        Certainly: by an event that had certainly come, after which no ending can have come. Possibly: by one that may
        have come, after which none certainly had.
        """
        steps = self._certain if certainly else self._order.steps
        ends = [step for step in self._order.steps if self._row[step.ref].state in ending]
        begun = [step for step in steps if self._row[step.ref].state in alive]
        if certainly:
            return any(all(self._came_before(end, step) for end in ends) for step in begun)
        come = [end for end in ends if end in self._certain]
        return any(not any(self._came_before(step, end) for end in come) for step in begun)

    def _came_before(self, one: DatedStep, other: DatedStep) -> bool:
        return one != other and self._order.came_before(one, other)


def _step(event: Any, today: date) -> DatedStep:
    told = None if event.occurred is not None else first_told(getattr(event, "visible_citations", ()), today)
    return DatedStep.of(event, today, told)
