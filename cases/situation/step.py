"""One step of a case, as the engine reads it: what happened, when it can have been, where, and who first told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.situation.order import days_of
from cases.vocabulary import StageKind, Stance
from records.fields.edtf import UncertainDate


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A stage as far as it says where a case stands.

    `first` and `last` are the days on which it can have been taken; `by` is the day by which a step that no source
    dates had happened, None for one with a date. `stage` is the row that it was read from.
    """

    ref: str
    kind: StageKind
    first: date
    last: date
    position: int
    country: str
    destination: str
    place: str
    headcount: int | None
    cause: str
    in_absentia: bool | None
    by: date | None
    stage: Any

    @property
    def occurred(self) -> UncertainDate | None:
        return self.stage.occurred

    def __hash__(self) -> int:
        return hash(self.ref)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaseStep) and self.ref == other.ref


def case_step(stage: Any, today: date) -> CaseStep:
    """Read a stage that comes with the citations which its reader may see."""
    told = None if stage.occurred is not None else first_told(stage.visible_citations, today)
    first, last = days_of(stage.occurred, today, told)
    return CaseStep(
        ref=stage.ref,
        kind=StageKind(stage.kind),
        first=first,
        last=last,
        position=stage.position,
        country=stage.country_id or "",
        destination=stage.destination_id or "",
        place=stage.place,
        headcount=stage.headcount,
        cause=stage.cause,
        in_absentia=stage.in_absentia,
        by=told,
        stage=stage,
    )


def first_told(citations: Iterable[Any], today: date) -> date | None:
    """Return the day by which the first source with a date had told of something; None where none has one."""
    telling = [citation.source.published for citation in citations if citation.stance != Stance.CONTRADICTS]
    days = [when.latest for when in telling if when is not None and when.latest is not None]
    return min([day for day in days if day <= today], default=None)
