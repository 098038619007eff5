"""Who wrote what a proposal would open: none of them may approve it."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Max, Q

from records.models import AuditEntry, Change, Proposal
from records.review.row_values import find
from records.review.visibility import made_readable, row_changes_of
from records.vocabulary import AuditKind, ProposalState


def authors(proposal: Proposal) -> set[str]:
    """Return the names of everybody who wrote a part of it.

    That is whoever changed the record, its parts or their citations since something about it was approved, and whoever
    changed a row concerned since that very row was.
    """
    record = find(proposal.about)
    acts = _acts(_below(record), proposal.about) if record is not None else set()
    rows = {row.ref: row for row in made_readable(proposal)}
    rows |= {
        row_change["ref"]: row
        for row_change in row_changes_of(proposal)
        if (row := find(row_change["ref"])) is not None
    }
    for ref, row in rows.items():
        acts |= _acts(Change.objects.of_row(row), ref)
    entries = AuditEntry.objects.filter(act__in=acts, kind=AuditKind.WRITE)
    return set(entries.values_list("actor", flat=True))


def _below(record: Any) -> Any:
    """Return the changes of a record and of everything that belongs, or once belonged, to it."""
    keys = [f"{record._meta.db_table}:{record.pk}"]
    condition = Q(table=record._meta.db_table, row=str(record.pk))
    while keys:
        condition |= Q(part_of__in=keys)
        rows = Change.objects.filter(part_of__in=keys).exclude(ref="").order_by().values_list("table", "row").distinct()
        keys = [f"{table}:{row}" for table, row in rows]
    return Change.objects.filter(condition)


def _acts(changes: Any, ref: str) -> set[str]:
    """Return the acts behind changes since something about `ref` was approved. To move the review is no writing."""
    number, act = _approved(ref)
    since = changes.filter(pk__gt=number).exclude(act="").exclude(act=act or None)
    return {
        act for act, before, after in since.values_list("act", "before", "after") if not _only_review(before, after)
    }


def _only_review(before: str, after: str) -> bool:
    if not before or not after:
        return False
    old, new = json.loads(before), json.loads(after)
    return {name for name in new if new[name] != old.get(name)} == {"review"}


def _approved(ref: str) -> tuple[int, str]:
    """Return the number and the act of the write that last approved a proposal about `ref`; (0, "") without one."""
    approved = Proposal.objects.filter(state=ProposalState.APPROVED).filter(
        Q(about=ref) | Q(row_changes__contains=f'"{ref}"')
    )
    rows = [str(key) for key in approved.values_list("pk", flat=True)]
    writes = Change.objects.filter(table=Proposal._meta.db_table, row__in=rows, operation="update")
    last = writes.aggregate(last=Max("pk"))["last"]
    return (last, Change.objects.values_list("act", flat=True).get(pk=last)) if last else (0, "")
