"""Which proposals and comments a reader may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.apps import apps

from records.history.snapshots import label_links
from records.models import (
    Comment,
    Proposal,
    Protection,
    Record,
    clearance,
    may_read,
)
from records.review.row_values import RowValues, find, links_above, record_models, refs_in, with_parts
from records.vocabulary import Level, Operation, ProposalKind, ProposalState, Review

RowChangeData = dict[str, Any]


def row_changes_of(proposal: Proposal) -> list[RowChangeData]:
    return json.loads(proposal.row_changes)


def model_of(row_change: RowChangeData) -> Any:
    return apps.get_model(row_change["model"])


def opens_parts(row_change: RowChangeData) -> bool:
    """Whether carrying out a change opens more than its row: what belongs to the row, and is as open already."""
    before, after = row_change["before"], row_change["after"]
    if row_change["operation"] != Operation.UPDATE:
        return False
    lowered = "level" in after and Level(after["level"]).rank < Level(before["level"]).rank
    return lowered or after.get("review") == Review.PUBLISHED


def moves(row_change: RowChangeData) -> bool:
    """Whether a change makes a row hang on something else, whose readers have not read it."""
    return row_change["operation"] == Operation.UPDATE and bool(
        set(row_change["after"]) & set(links_above(model_of(row_change)))
    )


def opened_by(proposal: Proposal) -> list[str]:
    """Return the references of the rows that an open proposal would open, each with all that belongs to it."""
    if proposal.state != ProposalState.OPEN:
        return []
    if proposal.kind == ProposalKind.PUBLISH:
        return [proposal.about]
    return [row_change["ref"] for row_change in row_changes_of(proposal) if opens_parts(row_change)]


def made_readable(proposal: Proposal) -> list[Record]:
    """Return the stored rows that people beyond the team read once an open proposal is carried out: new to them."""
    rows = with_parts(rows_named(opened_by(proposal)))
    return list({row.ref: row for some in rows.values() for row in some}.values())


def changed_or_opened(proposal: Proposal) -> set[str]:
    """Return the references of the rows that an open proposal would write, and of those that it would open."""
    written = {row_change["ref"] for row_change in row_changes_of(proposal)}
    return written | {row.ref for row in made_readable(proposal)}


def rows_named(refs: Iterable[str]) -> list[Any]:
    """Return the records with these references, as far as they are there, with what they are named by."""
    return [
        row
        for model, some in _by_model(refs).items()
        for row in model._base_manager.filter(ref__in=some).select_related(*label_links(model))
    ]


def _by_model(refs: Iterable[str]) -> dict[Any, list[str]]:
    of_model: dict[Any, list[str]] = defaultdict(list)
    for ref in dict.fromkeys(refs):
        if (model := record_models().get(ref.partition("-")[0])) is not None:
            of_model[model].append(ref)
    return of_model


def rows_among(refs: Iterable[str], rows: Any) -> set[str]:
    """Return those of `refs` that stand in `rows(model)` of their model."""
    return {
        ref
        for model, some in _by_model(refs).items()
        for ref in rows(model).filter(ref__in=some).values_list("ref", flat=True)
    }


def concerned(proposal: Proposal, parts: dict[str, list[Record]]) -> set[str]:
    """Return the references of every record that a proposal is about, changes, names or opens.

    `parts` are those of the rows that it opens.
    """
    refs = {proposal.about} | {row.ref for ref in opened_by(proposal) for row in parts.get(ref, ())}
    for row_change in row_changes_of(proposal):
        model = model_of(row_change)
        refs |= {row_change["ref"]} | refs_in(model, row_change["before"]) | refs_in(model, row_change["after"])
    return refs - {""}


def proposals_for(user: Any, **among: Any) -> Any:
    """Return the proposals, among those that answer to these conditions, that `user` may know of.

    They are those of which every record concerned is visible to the user now.
    """
    proposals = Proposal.objects.visible_to(user).filter(**among)
    parts = with_parts(rows_named(ref for proposal in proposals for ref in opened_by(proposal)))
    about = {proposal: concerned(proposal, parts) for proposal in proposals}
    every = set().union(*about.values())
    seen = rows_among(every, partial(_visible, user=user))
    stored = rows_among(every - seen, lambda model: model._base_manager.all())
    shown = [proposal.pk for proposal, refs in about.items() if _sees(proposal, refs, seen, stored, user)]
    return proposals.filter(pk__in=shown)


def _sees(proposal: Proposal, refs: set[str], seen: set[str], stored: set[str], user: Any) -> bool:
    """Whether all of `refs` are seen; a row that is not stored (yet, or any more) is as visible as its values say."""
    row_changes = {row_change["ref"]: row_change for row_change in row_changes_of(proposal)}
    known = set(seen)
    for ref, row_change in row_changes.items():
        if ref not in seen | stored and _would_see(row_change, row_changes, known, user):
            known.add(ref)
    return refs <= known


def _would_see(row_change: RowChangeData, row_changes: dict[str, RowChangeData], known: set[str], user: Any) -> bool:
    model, values = model_of(row_change), row_change["after"] or row_change["before"]
    parents = (values[name] in known for name in model.parents)
    return may_read(clearance(user), _protection(model, values, row_changes), parents)


def _protection(model: Any, values: RowValues, row_changes: dict[str, RowChangeData]) -> Protection | None:
    """Return what would protect a row with these values; None where it is not known what it would be a part of.

    Nobody is kept as the submitter of a row that comes of a proposal.
    """
    if "level" not in values:
        return None
    if model.reviewed:
        teams, readers = frozenset([values["team"]]), frozenset(values["readers"])
        return Protection(values["level"], teams, readers, values["review"])
    # An owner that follows from a parent is not among the values.
    refs = [values.get(model.owner) or values[model.parents[0]]]
    refs += [values[name] for name in model.belongs_through() if values.get(name)]
    above = [owner for ref in refs if (owner := _owner(ref, row_changes)) is not None]
    if len(above) < len(refs):
        return None
    return Protection(values["level"], frozenset().union(*(each.teams for each in above)), above[0].readers)


def _owner(ref: str, row_changes: dict[str, RowChangeData]) -> Protection | None:
    """Return what protects the record that a row is a part of, stored or in the same proposal: teams and readers."""
    if (row := find(ref)) is not None:
        owner = row.owning()
        readers = frozenset(owner.readers.values_list("pk", flat=True))
        return Protection(owner.level, frozenset([owner.team_id]), readers, owner.review, owner.submitted_by_id)
    if (row_change := row_changes.get(ref)) is None:
        return None
    return _protection(model_of(row_change), row_change["after"] or row_change["before"], row_changes)


def comments_for(user: Any, **among: Any) -> Any:
    """Return the comments, among those that answer to these conditions, on what is visible to `user`."""
    comments = Comment.objects.visible_to(user).filter(**among)
    about = set(comments.order_by().values_list("about", flat=True).distinct())
    seen = rows_among(about, partial(_visible, user=user))
    if on_proposals := {ref for ref in about if ref.startswith("PRO-")}:
        seen |= set(proposals_for(user, ref__in=on_proposals).values_list("ref", flat=True))
    return comments.filter(about__in=seen)


def _visible(model: type[Record], user: Any) -> Any:
    return model._default_manager.visible_to(user)
