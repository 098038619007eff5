"""Who wrote what a proposal would open: none of them may approve it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from records.models import AuditEntry, Change, Proposal
from records.review.row_values import find
from records.review.visibility import made_readable, opens_parts, row_changes_of
from records.vocabulary import AuditKind, Operation, ProposalKind, ProposalState

COLUMNS = ("pk", "ref", "act", "before", "after")
#: The name of an account, which never changes, and when it wrote something.
Written = tuple[str, datetime]


class Authors(NamedTuple):
    """Who wrote a part of a proposal, and who approved what may have been their own: these may not decide either."""

    writers: set[Written]
    approvers: set[Written]

    @property
    def all(self) -> set[Written]:
        return self.writers | self.approvers


def authors(proposal: Proposal) -> Authors:
    """Return who wrote a part of it and when: by user name, or the name of a command.

    That is whoever changed the record, its parts or their citations, or another row concerned, since two people last
    looked at that row. To publish looks at all of a record; to change looks at what is new, and at what it opens.
    """
    record = find(proposal.about)
    rows = {row.ref: row for row in made_readable(proposal)}
    named = (find(row_change["ref"]) for row_change in row_changes_of(proposal))
    rows |= {row.ref: row for row in named if row is not None}
    changes = _below(record) if record is not None else Change.objects.none()
    for row in rows.values():
        changes = changes | Change.objects.of_row(row)
    approvals = _Approvals({proposal.about, *(row.owning().ref for row in rows.values())})
    acts = {
        act
        for number, ref, act, before, after in changes.exclude(act="").values_list(*COLUMNS)
        if not approvals.cover(number, ref or proposal.about, act) and not _only_review(before, after)
    }
    entries = AuditEntry.objects.filter(act__in=acts, kind=AuditKind.WRITE).values_list("act", "actor", "at")
    told = [(act in approvals.acts_alone, (actor, datetime.fromisoformat(at))) for act, actor, at in entries]
    return Authors(
        {written for carried_out, written in told if not carried_out} | approvals.proposers_alone,
        {written for carried_out, written in told if carried_out} | approvals.one_persons,
    )


class _Approvals:
    """What two people have looked at of these records, and what one person approved alone since."""

    def __init__(self, about: set[str]) -> None:
        found = Proposal.objects.filter(about__in=about, state=ProposalState.APPROVED)
        proposals = {str(row.pk): row for row in found.select_related("proposed_by", "decided_by")}
        writes = Change.objects.filter(table=Proposal._meta.db_table, row__in=proposals, operation="update")
        self.acts: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.one_persons: set[Written] = set()
        self.proposers_alone: set[Written] = set()
        self.acts_alone: set[str] = set()
        for number, key, act in writes.order_by("pk").values_list("pk", "row", "act"):
            proposal = proposals[key]
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


def _below(record: Any) -> Any:
    """Return the changes of a record and of everything that belongs, or once belonged, to it."""
    keys = [f"{record._meta.db_table}:{record.pk}"]
    condition = Q(table=record._meta.db_table, row=str(record.pk))
    while keys:
        condition |= Q(part_of__in=keys)
        rows = Change.objects.filter(part_of__in=keys).exclude(ref="").order_by().values_list("table", "row").distinct()
        keys = [f"{table}:{row}" for table, row in rows]
    return Change.objects.filter(condition)


def _only_review(before: str, after: str) -> bool:
    if not before or not after:
        return False
    old, new = json.loads(before), json.loads(after)
    return {name for name in new if new[name] != old.get(name)} == {"review"}
