"""Which lanes see other rows of those that bear on one answer, so that it is stored for the readers of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cases.models import UnstoredReason
from records.access.circles import FIRST_CIRCLE, implies
from records.models.lanes import OF_TEAM, TEAM, UNSETTLED


@dataclass
class SeenInLanes:
    """Rows that bear on one answer; `requirements` tells what the readers of each of their lanes have to meet."""

    requirements: dict[int, str]

    @property
    def lanes(self) -> set[int]:
        """The lanes of all the rows, but for those that nobody reads until they are settled."""
        raise NotImplementedError

    @property
    def unstored(self) -> list[UnstoredReason]:
        """Why some readers have it worked out: what they see of it follows from no lane."""
        if self.narrowing:
            return []
        reasons = [UnstoredReason.NAMED] if any(lane >= FIRST_CIRCLE for lane in self.lanes) else []
        return [*reasons, UnstoredReason.TEAMS] if self.is_of_teams else reasons

    @cached_property
    def narrowing(self) -> list[int]:
        """The lanes, each with readers who all read the ones before; none where two lanes have readers apart."""
        lanes = sorted(self.lanes, key=lambda lane: len(self.seen_in(lane)))
        return lanes if all(self.is_within(each, before) for before, each in pairwise(lanes)) else []

    def is_within(self, lane: int, wider: int) -> bool:
        """Whether all who read one lane read another."""
        return lane == wider or implies(self.requirements[lane], self.requirements[wider])

    def seen_in(self, lane: int) -> set[int]:
        """Return the lanes that the readers of a lane read: their own, and the wider ones."""
        return {each for each in self.lanes if self.is_within(lane, each)}

    @property
    def is_of_teams(self) -> bool:
        return sum(OF_TEAM <= lane < FIRST_CIRCLE for lane in self.lanes) > 1

    def lanes_that_differ(self, lane: int) -> Sequence[int]:
        """Return the lanes from the one of the row that is judged on from which on more is seen, the widest first.

        Where they have readers apart, only those of no circle, and where rows are for several teams, of no team: all
        others have it worked out.
        """
        if lane in self.narrowing:
            return self.narrowing[self.narrowing.index(lane) :]
        if lane == UNSETTLED or lane >= FIRST_CIRCLE:
            return []
        found = sorted({lane} | {each for each in self.lanes if lane < each < FIRST_CIRCLE})
        return [each for each in found if each < TEAM] if self.is_of_teams else found
