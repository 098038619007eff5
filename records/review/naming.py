"""What proposals are about, in the words by which people tell one from another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from records.history.snapshots import name_of
from records.models import Proposal, Record
from records.review.visibility import model_of, row_changes_of, rows_named

#: So many parts of a record are named; a proposal can change any number.
MOST = 3


def names_of(proposals: Iterable[Proposal]) -> dict[str, str]:
    """Return, by reference, the record that each proposal is about and the parts of it that it changes.

    For a user to whom everything that they concern is visible. As many queries as there are kinds of records.
    """
    changes = {proposal: row_changes_of(proposal) for proposal in proposals}
    refs = {proposal.about for proposal in changes} | {each["ref"] for some in changes.values() for each in some}
    rows = {row.ref: row for row in rows_named(refs)}
    found = {}
    for proposal, some in changes.items():
        parts = [part_name(each, rows.get(each["ref"])) for each in some if each["ref"] != proposal.about]
        shown = [*parts[:MOST], *([f"{len(parts) - MOST} more"] if len(parts) > MOST else [])]
        record = str(rows.get(proposal.about, proposal.about))
        found[proposal.ref] = f"{record}: {', '.join(shown)}" if shown else record
    return found


def part_name(row_change: dict[str, Any], row: Record | None) -> str:
    """Return kind, name and reference of a row that a proposal changes; of one that is not stored it has no name."""
    kind = str(model_of(row_change)._meta.verbose_name)
    return f"{kind} {name_of(row)} ({row.ref})" if row is not None else f"{kind} ({row_change['ref']})"
