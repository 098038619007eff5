"""Who wrote what a proposal would open: none of them may approve it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from records.models import AuditEntry, Change, Proposal, Record
from records.review.approvals import Approvals, Written, decided_about
from records.review.row_values import with_parts
from records.review.visibility import opened_by, row_changes_of, rows_named
from records.vocabulary import AuditKind

COLUMNS = ("pk", "ref", "act", "before", "after", "table", "row", "part_of")


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
    return authors_of([proposal])[proposal]


def authors_of(proposals: Sequence[Proposal]) -> dict[Proposal, Authors]:
    """Return the same of several proposals. A few queries, however many they are."""
    records, rows = _concerned(proposals)
    owners = _owners({row for some in rows.values() for row in some})
    about = {each: {each.about, *(owners[row.ref] for row in rows[each])} for each in proposals}
    decided = decided_about(set().union(*about.values()))
    approvals = {each: Approvals(about[each], decided) for each in proposals}
    acts: dict[Proposal, set[str]] = {each: set() for each in proposals}
    for (number, ref, act, before, after), concerned in _changes(records, rows):
        for each in concerned if not _only_review(before, after) else ():
            if not approvals[each].cover(number, ref or each.about, act):
                acts[each].add(act)
    written = _written(set().union(*acts.values()))
    return {each: _authors(approvals[each], acts[each], written) for each in proposals}


def _authors(approvals: Approvals, acts: set[str], written: dict[str, set[Written]]) -> Authors:
    carried_out = acts & approvals.acts_alone
    return Authors(
        approvals.proposers_alone.union(*(written[act] for act in acts - carried_out)),
        approvals.one_persons.union(*(written[act] for act in carried_out)),
    )


def _written(acts: Iterable[str]) -> dict[str, set[Written]]:
    """Return who did each of some acts, and when."""
    found: dict[str, set[Written]] = defaultdict(set)
    entries = AuditEntry.objects.filter(act__in=acts, kind=AuditKind.WRITE)
    for act, actor, at in entries.values_list("act", "actor", "at"):
        found[act].add((actor, datetime.fromisoformat(at)))
    return found


def _concerned(proposals: Sequence[Proposal]) -> tuple[dict[Proposal, Record], dict[Proposal, list[Record]]]:
    """Return, as far as they are stored, the record that each proposal is about, and the rows it changes or opens."""
    opened = {each: opened_by(each) for each in proposals}
    changed = {each: [row_change["ref"] for row_change in row_changes_of(each)] for each in proposals}
    refs = {each: [each.about, *changed[each], *opened[each]] for each in proposals}
    stored = {row.ref: row for row in rows_named(ref for some in refs.values() for ref in some)}
    parts = with_parts([stored[ref] for ref in {ref for some in opened.values() for ref in some} if ref in stored])
    rows: dict[Proposal, list[Record]] = {}
    for each in proposals:
        found = {row.ref: row for ref in opened[each] for row in parts.get(ref, ())}
        rows[each] = list((found | {ref: stored[ref] for ref in changed[each] if ref in stored}).values())
    return {each: stored[each.about] for each in proposals if each.about in stored}, rows


def _owners(rows: Iterable[Any]) -> dict[str, str]:
    """Return the reference of what each row is a part of, or its own: a query for each model."""
    keys: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    return {
        ref: owner
        for model, some in keys.items()
        for ref, owner in model._base_manager.filter(pk__in=some).values_list("ref", model.path_of("ref"))
    }


def _changes(
    records: dict[Proposal, Record], rows: dict[Proposal, list[Record]]
) -> Iterator[tuple[tuple[int, str, str, str, str], set[Proposal]]]:
    """Yield the changes of rows, and of records and all that belongs or once belonged to them, with whose they are."""
    of_row: dict[tuple[str, str], set[Proposal]] = defaultdict(set)
    for proposal, some in rows.items():
        for row in (*some, *([records[proposal]] if proposal in records else [])):
            of_row[row._meta.db_table, str(row.pk)].add(proposal)
    below = _below(records)
    condition = Q(part_of__in=below)
    for table in {table for table, _ in of_row}:
        condition |= Q(table=table, row__in=[key for of, key in of_row if of == table])
    for *change, table, row, part_of in Change.objects.filter(condition).exclude(act="").values_list(*COLUMNS):
        yield tuple(change), of_row.get((table, row), set()) | below.get(part_of, set())


def _below(records: dict[Proposal, Record]) -> dict[str, set[Proposal]]:
    """Return the places of records and of everything that belongs, or once belonged, to them, as `part_of` has them."""
    level: dict[str, set[Proposal]] = defaultdict(set)
    for proposal, record in records.items():
        level[f"{record._meta.db_table}:{record.pk}"].add(proposal)
    found: dict[str, set[Proposal]] = defaultdict(set)
    while level:
        for place, concerned in level.items():
            found[place] |= concerned
        rows = Change.objects.filter(part_of__in=level).exclude(ref="").order_by()
        below: dict[str, set[Proposal]] = defaultdict(set)
        for table, row, part_of in rows.values_list("table", "row", "part_of").distinct():
            below[f"{table}:{row}"] |= level[part_of]
        level = below
    return found


def _only_review(before: str, after: str) -> bool:
    if not before or not after:
        return False
    old, new = json.loads(before), json.loads(after)
    return {name for name in new if new[name] != old.get(name)} == {"review"}
