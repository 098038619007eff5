"""The track of procedure: what authorities and courts have begun about a person, and whether it is decided.

Procedures are told apart by matter and country. One that was begun is pending until it is decided, also across a
release. What is granted or ordered is pending until it is carried out, and an appeal, a review or an interim measure
keeps open, or opens again, the one that it follows; what had been decided in it stays in sight. Who is wanted stays so
until that is dropped, or until they are in that state's hands: a sentence in absence is neither.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from cases.situation.dates import Span
from cases.situation.step import CaseStep
from cases.vocabulary import Matter, StageKind

_MATTERS = {
    StageKind.WANTED: Matter.CRIMINAL,
    StageKind.CHARGE: Matter.CRIMINAL,
    StageKind.CHARGE_DROPPED: Matter.CRIMINAL,
    StageKind.SENTENCE: Matter.CRIMINAL,
    StageKind.SENTENCE_REDUCED: Matter.CRIMINAL,
    StageKind.ACQUITTAL: Matter.CRIMINAL,
    StageKind.FINE: Matter.CRIMINAL,
    StageKind.EXTRADITION_REQUESTED: Matter.SURRENDER,
    StageKind.EXTRADITION_PENDING: Matter.SURRENDER,
    StageKind.EXTRADITION_GRANTED: Matter.SURRENDER,
    StageKind.EXTRADITION_REFUSED: Matter.SURRENDER,
    StageKind.SURRENDER_RISK: Matter.SURRENDER,
    StageKind.REMOVAL_ORDERED: Matter.REMOVAL,
    StageKind.REMOVAL_STAYED: Matter.REMOVAL,
    StageKind.ASYLUM_CLAIMED: Matter.PROTECTION,
    StageKind.ASYLUM_GRANTED: Matter.PROTECTION,
    StageKind.ASYLUM_REFUSED: Matter.PROTECTION,
    StageKind.REPORTING_OBLIGATION: Matter.SUPERVISION,
}
#: What follows a procedure and keeps it open: it says nothing itself of the matter.
_FOLLOWING = {
    StageKind.REVIEW,
    StageKind.HEARING,
    StageKind.APPEAL,
    StageKind.INTERIM_MEASURE,
    StageKind.DECISION_PENDING,
}
_DECIDING = {
    StageKind.CHARGE_DROPPED,
    StageKind.SENTENCE,
    StageKind.SENTENCE_REDUCED,
    StageKind.ACQUITTAL,
    StageKind.FINE,
    StageKind.EXTRADITION_REFUSED,
    StageKind.ASYLUM_GRANTED,
    StageKind.ASYLUM_REFUSED,
}
#: Decisions by a criminal court, or that there will be none.
JUDGING = {
    StageKind.CHARGE_DROPPED,
    StageKind.SENTENCE,
    StageKind.SENTENCE_REDUCED,
    StageKind.ACQUITTAL,
    StageKind.FINE,
}
#: Decisions that end a case of somebody who is at liberty without conditions.
ENDING = {
    StageKind.CHARGE_DROPPED,
    StageKind.ACQUITTAL,
    StageKind.EXTRADITION_REFUSED,
    StageKind.ASYLUM_GRANTED,
}


#: What is begun anew: nothing decided before bears on it.
_BEGINNING = {StageKind.CHARGE, StageKind.EXTRADITION_REQUESTED, StageKind.ASYLUM_CLAIMED}
_RULINGS = {*_DECIDING, StageKind.EXTRADITION_GRANTED, StageKind.REMOVAL_ORDERED}
#: After these nobody is wanted any more; other decisions can be taken in absence.
_DROPPING = {StageKind.CHARGE_DROPPED, StageKind.ACQUITTAL}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a procedure that still counts while later ones follow it: its kind, since when, by which step."""

    kind: StageKind
    since: Span
    step: CaseStep


class Procedure(NamedTuple):
    """One procedure: matter and country ("" where no step tells), the kind of its last step, since when.

    `decision` is what had been decided in it before that step: a surrender that was granted and is now stayed. `wanted`
    is when the person was declared wanted, where that still holds.
    """

    matter: str
    country: str
    kind: StageKind
    since: Span
    pending: bool
    began: CaseStep
    step: CaseStep
    decision: Milestone | None = None
    wanted: Milestone | None = None

    @property
    def kinds(self) -> set[StageKind]:
        """The kind of its last step, and of the decision that still counts."""
        return {self.kind, self.decision.kind} if self.decision else {self.kind}

    def since_of(self, kind: StageKind) -> Span | None:
        """Return since when it has been at a kind of step, the last or the decision; None where it is at neither."""
        if self.kind == kind:
            return self.since
        return self.decision.since if self.decision is not None and self.decision.kind == kind else None

    def in_hands(self) -> Procedure:
        """Return it once the person is in the hands of its state: wanted no more, by a sentence in absence or not."""
        if self.kind != StageKind.WANTED:
            return self._replace(wanted=None)
        if self.decision is None:
            return self._replace(pending=False, wanted=None)
        said = self.decision
        return Procedure(self.matter, self.country, said.kind, said.since, False, said.step, said.step)


Procedures = tuple[Procedure, ...]


def moved(before: Procedures, step: CaseStep, span: Span, home: Collection[str], where: str) -> Procedures:
    """Return the procedures after a step on their track, the one that it moves last.

    `home` are the states behind the pursuit, `where` is the country in which the person is.
    """
    country = step.country or (next(iter(home), "") if step.kind == StageKind.WANTED and len(home) == 1 else "")
    followed = _followed(before, step.kind, country)
    matter: str = _MATTERS.get(step.kind, "")
    if followed is not None:
        matter, country = followed.matter or matter, country or followed.country
    elif step.kind == StageKind.HEARING:
        matter = Matter.CRIMINAL
    others = tuple(each for each in before if each is not followed)
    return (*others, _one_more(followed, step, span, matter, country or where, where))


def _one_more(
    followed: Procedure | None, step: CaseStep, span: Span, matter: str, country: str, where: str
) -> Procedure:
    """Return a procedure after one more step of it."""
    kind, is_here = step.kind, bool(where) and where == country
    wanted = None if followed is None or kind in _DROPPING else followed.wanted
    if wanted is not None and kind in _DECIDING and step.in_absentia is not False and not is_here:
        said = Milestone(kind, span, step)
        return Procedure(matter, country, wanted.kind, wanted.since, True, wanted.step, step, said, wanted)
    pending = kind not in _DECIDING and not (kind == StageKind.WANTED and is_here)
    same = followed if followed is not None and (followed.kind, followed.pending) == (kind, pending) else None
    since, began = (same.since, same.began) if same else (span, step)
    if kind == StageKind.WANTED and pending:
        wanted = Milestone(kind, since, began)
    return Procedure(matter, country, kind, since, pending, began, step, _decided(followed, kind), wanted)


def _decided(followed: Procedure | None, kind: StageKind) -> Milestone | None:
    """Return what had been decided in a procedure that goes on with a step of a kind."""
    if followed is None or kind in _RULINGS or kind in _BEGINNING:
        return None
    if followed.kind in _RULINGS:
        return Milestone(followed.kind, followed.since, followed.began)
    return followed.decision


def _followed(before: Procedures, kind: StageKind, country: str) -> Procedure | None:
    """Return the procedure that a step goes on with: of its matter and country, or the latest where it names none."""
    matter = _MATTERS.get(kind)
    fitting = [
        each
        for each in before
        if (matter is None or each.matter in (matter, "")) and (not country or each.country in (country, ""))
    ]
    pending = [each for each in fitting if each.pending]
    if kind in _FOLLOWING:
        fitting = [each for each in fitting if each.matter != Matter.SUPERVISION]
        pending = [each for each in fitting if each.pending]
    if kind in _FOLLOWING and kind != StageKind.APPEAL:
        fitting = pending or fitting
    return fitting[-1] if fitting else None


def left(before: Procedures, country: str, destination: str) -> Procedures:
    """Return the procedures after a removal or a departure: all in the state that was left are over.

    Where that state is not told, all are over but those in the country that it led to.
    """
    return tuple(
        each._replace(pending=False)
        if (each.country == country if country and each.country else each.country != destination or not destination)
        else each
        for each in before
    )


def in_hands_of(before: Procedures, country: str) -> Procedures:
    """Return the procedures once the person is in a state's hands: nobody is wanted any more by who holds them."""
    return tuple(each.in_hands() if country and each.country == country else each for each in before)


def supervision_over(before: Procedures) -> Procedures:
    """Return the procedures after a release without conditions, which ends supervision."""
    return tuple(each._replace(pending=False) if each.matter == Matter.SUPERVISION else each for each in before)


def all_over(before: Procedures) -> Procedures:
    """Return the procedures after a death."""
    return tuple(each._replace(pending=False) for each in before)


def shown(procedures: Procedures) -> Procedure | None:
    """Return the one to show first: the latest that is pending, else the latest."""
    pending = [each for each in procedures if each.pending]
    chosen = pending or list(procedures)
    return chosen[-1] if chosen else None
