"""Removals that failed: they led nowhere, and count for none of the three steps."""

from __future__ import annotations

from collections.abc import Collection

from cases.situation.order import Order
from cases.situation.step import CaseStep
from cases.vocabulary import StageKind, Track

_REMOVALS = frozenset(StageKind.removals())


def is_undone(removal: CaseStep, order: Order, happened: Collection[CaseStep], *, perhaps: bool) -> bool:
    """Whether a removal failed, certainly or perhaps: the next step on liberty tells that it did.

    `happened` are the steps of the order that had certainly been taken.
    """
    if removal.kind not in _REMOVALS:
        return False
    failures = [step for step in order.steps if step.kind == StageKind.REMOVAL_FAILED]
    failures = [step for step in failures if perhaps or step in happened]
    if not failures:
        return False
    moves = [step for step in order.steps if step.kind.track == Track.LIBERTY and step != removal]
    is_next = _may_be_next if perhaps else _is_next
    return any(is_next(removal, failed, [step for step in moves if step != failed], order) for failed in failures)


def _is_next(removal: CaseStep, failed: CaseStep, others: list[CaseStep], order: Order) -> bool:
    def may_be_between(step: CaseStep) -> bool:
        return not order.came_before(step, removal) and not order.came_before(failed, step)

    return order.came_before(removal, failed) and not any(map(may_be_between, others))


def _may_be_next(removal: CaseStep, failed: CaseStep, others: list[CaseStep], order: Order) -> bool:
    def is_between(step: CaseStep) -> bool:
        return order.came_before(removal, step) and order.came_before(step, failed)

    return not order.came_before(failed, removal) and not any(map(is_between, others))
