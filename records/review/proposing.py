"""Turning writes that would open something into a proposal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from records.audit.acts import note
from records.audit.opening import last_change, opened_records, written_rows
from records.current_act import Act, current_act
from records.models import Proposal, Record
from records.review.row_values import RowValues, row_values
from records.vocabulary import AuditKind, Operation, ProposalKind, ProposalState, Review

#: Rows by model and key, each with its reference and its values.
ValuesByRow = dict[tuple[type[Record], str], tuple[str, RowValues]]


@dataclass
class ProposedWrites:
    """What became of the writes: `proposal` is set where they wait for a second person, and were not carried out."""

    proposal: Proposal | None = None


@contextmanager
def proposing(about: Record | None = None) -> Iterator[ProposedWrites]:
    """Carry out the writes inside, a part of the present act; or, where they would open something, propose them.

    `about` is the record on whose page it is done, if any. A command has nobody to propose in whose name: what it would
    open alone is refused at the end of its act.
    """
    doing = current_act()
    if doing is None:
        raise RuntimeError("Only what is written in an act can be proposed.")
    sent, since, rows, after = ProposedWrites(), last_change(), [], {}
    notes, undo = len(doing.notes), len(doing.undo)
    with transaction.atomic():
        yield sent
        held_back = doing.user is not None and not doing.may_open and bool(opened_records(doing, since))
        if held_back:
            rows = [(each.model, each.key) for each in written_rows(doing, since)]
            after = stored_values(rows)
            ref = _owner_ref(about, rows)
            transaction.set_rollback(True)
    if held_back:
        _forget(doing, notes, undo)
        before = stored_values(rows)
        if row_changes := differing(rows, before, after):
            sent.proposal = _propose(doing, ref or _owner_ref(about, rows), row_changes)


def _forget(doing: Act, notes: int, undo: int) -> None:
    """Undo what an act did beside the database, from these numbers on."""
    del doing.notes[notes:]
    while len(doing.undo) > undo:
        doing.undo.pop()()


def stored_values(rows: list[tuple[type[Record], str]]) -> ValuesByRow:
    """Return how these rows are stored now; what is not there is left out."""
    found: ValuesByRow = {}
    for model, key in rows:
        if (row := model._base_manager.filter(pk=key).first()) is not None:
            found[model, key] = (row.ref, row_values(row))
    return found


def _owner_ref(about: Record | None, rows: list[tuple[type[Record], str]]) -> str:
    """Return the reference of the record that it is all about: the given one, or that of the first row there is."""
    if about is not None:
        return about.owning().ref
    stored = (model._base_manager.filter(pk=key).first() for model, key in rows)
    return next((row.owning().ref for row in stored if row is not None), "")


def differing(rows: Any, before: ValuesByRow, after: ValuesByRow) -> list[dict[str, Any]]:
    """Return the changes of the rows that are not what they were."""
    row_changes = []
    for key in rows:
        ref, old = before.get(key, ("", {}))
        ref, new = after.get(key, (ref, {}))
        if old and new:
            names = [name for name in new if new[name] != old[name]]
            old, new = ({name: values[name] for name in names} for values in (old, new))
        operation = Operation.UPDATE if key in before and key in after else None
        operation = operation or (Operation.DELETE if key in before else Operation.INSERT)
        if old or new:
            if operation == Operation.UPDATE and new.get("review") == Review.IN_REVIEW:
                new["review"] = Review.PUBLISHED.value  # who approves this has reviewed it
            row_change = {"model": key[0]._meta.label_lower, "ref": ref, "operation": operation.value}
            row_changes.append(row_change | {"before": old, "after": new})
    return row_changes


def _propose(doing: Act, about: str, row_changes: list[dict[str, Any]]) -> Proposal:
    """Keep the changes of rows as a proposal; the same one twice is one."""
    text = json.dumps(row_changes, ensure_ascii=False)
    waiting = Proposal.objects.filter(about=about, state=ProposalState.OPEN, proposed_by=doing.user, row_changes=text)
    if (known := waiting.first()) is not None:
        return known
    proposal = Proposal.objects.create(
        kind=ProposalKind.CHANGE, about=about, why=doing.why[:500], row_changes=text, proposed_by=doing.user
    )
    note(AuditKind.REVIEW, [proposal.ref, about], did="proposed", proposal=proposal.ref)
    return proposal
