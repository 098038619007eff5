"""What two people have looked at of some records, and what one person approved alone since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from records.models import Change, Proposal
from records.review.visibility import opens_parts, row_changes_of
from records.vocabulary import Operation, ProposalKind, ProposalState

#: The name of an account, which never changes, and when it wrote something.
Written = tuple[str, datetime]


class Decided(NamedTuple):
    """An approved proposal, the number of the change that says so, and the act that did it."""

    number: int
    proposal: Proposal
    act: str


def decided_about(refs: Iterable[str]) -> list[Decided]:
    """Return what was approved about some records, the first first."""
    found = Proposal.objects.filter(about__in=refs, state=ProposalState.APPROVED)
    proposals = {str(row.pk): row for row in found.select_related("proposed_by", "decided_by")}
    writes = Change.objects.filter(table=Proposal._meta.db_table, row__in=proposals, operation="update")
    return [
        Decided(number, proposals[key], act)
        for number, key, act in writes.order_by("pk").values_list("pk", "row", "act")
    ]


class Approvals:
    """What two people have looked at of the records `about`, and what one person approved alone since."""

    def __init__(self, about: set[str], decided: Iterable[Decided]) -> None:
        self.acts: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.one_persons: set[Written] = set()
        self.proposers_alone: set[Written] = set()
        self.acts_alone: set[str] = set()
        for number, proposal, act in decided:
            if proposal.about not in about:
                continue
            if proposal.one_person:
                self.one_persons |= _both(proposal)
                self.proposers_alone.add(_proposer(proposal))
                self.acts_alone.add(act)
                continue
            self.acts.add(act)
            if proposal.kind == ProposalKind.PUBLISH:
                self.one_persons.clear()
                self.proposers_alone.clear()
            self.numbers |= dict.fromkeys(_looked_at(proposal), number)

    def cover(self, number: int, ref: str, act: str) -> bool:
        """Whether two people stand behind a change: it was approved itself, or its row was looked at later."""
        return act in self.acts or number <= self.numbers.get(ref, 0)


def _proposer(proposal: Proposal) -> Written:
    return proposal.proposed_by.get_username(), proposal.proposed_at


def _both(proposal: Proposal) -> set[Written]:
    """Return whoever proposed and whoever approved something, one person as they may be."""
    found = {_proposer(proposal)}
    if proposal.decided_by is not None and proposal.decided_at is not None:
        found.add((proposal.decided_by.get_username(), proposal.decided_at))
    return found


def _looked_at(proposal: Proposal) -> set[str]:
    """Return the references of the rows all of which an approved proposal showed."""
    row_changes = row_changes_of(proposal)
    if proposal.kind == ProposalKind.PUBLISH:
        return {proposal.about, *(row_change["ref"] for row_change in row_changes)}
    return {each["ref"] for each in row_changes if each["operation"] == Operation.INSERT or opens_parts(each)}
