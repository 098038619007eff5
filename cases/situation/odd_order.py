"""Stages whose dates put them in an order that makes little sense.

Sources report strange sequences, some of them true, so an oddity is something to look at and never a reason to refuse a
record. Only dates whose order is certain are compared: a vague date accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from cases.models.stage import Stage
from cases.situation.dates import bounds
from cases.vocabulary import Phase, StageKind

HELD = {StageKind.DETENTION, StageKind.DEPORTATION_CENTRE, StageKind.IMPRISONMENT, StageKind.RELEASE_REVOKED}
LET_OUT = {StageKind.CONDITIONAL_RELEASE, StageKind.RELEASE}
FREED = LET_OUT | {StageKind.DEPARTURE, StageKind.ADMITTED_THIRD_COUNTRY}


@dataclass(frozen=True)
class TooLate:
    """A step of `kinds` after one of `after` is odd, unless one of `unless` may lie between the two."""

    kinds: frozenset[StageKind]
    after: frozenset[StageKind]
    unless: frozenset[StageKind]
    why: str
    same_country: bool = False


@dataclass(frozen=True)
class TooEarly:
    """A step of `kinds` is odd where steps of `needs` are recorded and every one of them comes later."""

    kinds: frozenset[StageKind]
    needs: frozenset[StageKind]
    why: str


@dataclass(frozen=True)
class OddOrder:
    """Two steps whose dates put them in an order that makes little sense."""

    earlier: Stage
    later: Stage
    why: str

    def __str__(self) -> str:
        person = self.later.involvement.person.label
        return f"{person}: {step_words(self.later)} comes after {step_words(self.earlier)}, {self.why}"


LATE = [
    TooLate(
        frozenset(StageKind) - {StageKind.CHARGE_DROPPED},
        frozenset({StageKind.DEATH}),
        frozenset(),
        "and nothing follows a death",
    ),
    TooLate(
        frozenset({StageKind.INTERROGATION, StageKind.TRANSFER, StageKind.SOLITARY_CONFINEMENT}),
        frozenset(FREED),
        frozenset(HELD),
        "with no new detention between",
    ),
    TooLate(
        frozenset({*Phase.REVIEW.kinds, *LET_OUT, StageKind.DEPORTATION_CENTRE}),
        frozenset(StageKind.removals()),
        frozenset({StageKind.DETENTION, StageKind.FLIGHT, StageKind.REMOVAL_FAILED}),
        "which took the person out of the country",
        same_country=True,
    ),
]
EARLY = [
    TooEarly(
        frozenset(LET_OUT),
        frozenset(HELD),
        "with no detention before the release",
    ),
    TooEarly(
        frozenset({StageKind.SENTENCE_REDUCED}),
        frozenset({StageKind.SENTENCE, StageKind.IMPRISONMENT}),
        "with no sentence before the reduction",
    ),
]


def step_words(stage: Stage) -> str:
    """Return the step with its date: "interrogation on 5 March 2019"."""
    return stage.in_words


def precedes(earlier: Stage, later: Stage) -> bool:
    """Whether one step certainly came before another: by the dates, or by the telling where both can only be one day.

    A telling alone accuses nobody of an odd order: it is what the order was taken from.
    """
    if earlier.occurred is None or later.occurred is None:
        return False
    last, first = bounds(earlier.occurred)[1], bounds(later.occurred)[0]
    return last < first or (last == first and 0 < earlier.position < later.position)


def odd_steps(stages: Iterable[Stage]) -> list[OddOrder]:
    """Return what is odd in the order of `stages`, each involvement by itself."""
    of_involvement = attrgetter("involvement_id")
    found: list[OddOrder] = []
    for _, steps in groupby(sorted(stages, key=of_involvement), of_involvement):
        case = list(steps)
        for step in case:
            found += [*_too_late(step, case), *_too_early(step, case)]
    return found


def _too_late(step: Stage, case: list[Stage]) -> list[OddOrder]:
    found: list[OddOrder] = []
    for rule in LATE:
        if step.kind not in rule.kinds:
            continue
        found += [
            OddOrder(other, step, rule.why)
            for other in case
            if other.kind in rule.after and precedes(other, step) and not _explained(rule, other, step, case)
        ]
    return found


def _explained(rule: TooLate, first: Stage, last: Stage, case: list[Stage]) -> bool:
    """Whether the two steps may have been in different countries, or another may lie between them."""
    if rule.same_country and last.country_id != first.country_id and last.country_id:
        return True
    return any(
        other.kind in rule.unless and other is not last and not precedes(other, first) and not precedes(last, other)
        for other in case
    )


def _too_early(step: Stage, case: list[Stage]) -> list[OddOrder]:
    found = []
    for rule in EARLY:
        needed = [other for other in case if other.kind in rule.needs] if step.kind in rule.kinds else []
        if needed and all(precedes(step, other) for other in needed):
            found.append(OddOrder(step, needed[0], rule.why))
    return found
