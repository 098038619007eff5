"""What is said of a person's case as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.situation.dates import certainly_by, possibly_by
from cases.situation.step import CaseStep
from cases.vocabulary import CaseStatus, StageKind, Track
from records.fields.edtf import UncertainDate


def is_said_by(as_of: UncertainDate | None, day: date) -> bool:
    """Whether what is said of a case as a whole holds for a time that may have come by a day."""
    return as_of is not None and as_of.possibly_overlaps(None, day)


@dataclass(frozen=True)
class Status:
    """What is said of a person's case as a whole: whether it goes on, the day for which that is said, and why."""

    value: str = CaseStatus.UNKNOWN
    as_of: UncertainDate | None = None
    reason: str = ""

    def was_ended(self, happened: Iterable[CaseStep], day: date, today: date) -> bool | None:
        """Whether a case was said to have ended by a day, and nothing that happened since has opened it again."""
        if self.value != CaseStatus.ENDED:
            return False
        as_of = self.as_of
        if as_of is None:
            return True if day >= today else None
        if not possibly_by(as_of, day):
            return False
        since = [step for step in happened if as_of.latest is not None and step.first > as_of.latest]
        if any(step.kind.track != Track.PRESSURE and step.kind not in StageKind.terminal() for step in since):
            return False
        return True if certainly_by(as_of, day) else None
