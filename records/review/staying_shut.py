"""What stays shut of a record when a proposal opens it, and why: who decides has to know what readers will miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from records.history.snapshots import label_links, name_of
from records.models import BEYOND_THE_TEAM, Proposal, Record, is_open
from records.review.row_values import filled_links_above, links_above, record_models
from records.review.visibility import made_readable
from records.vocabulary import ProposalState

#: What is being opened, by model and key.
Opened = dict[tuple[type[Record], Any], Record]


@dataclass
class ShutPart:
    """A part that people beyond the team do not read with the record that it belongs to, and all below it with it."""

    ref: str
    kind: str
    name: str
    why: str


def staying_shut(proposal: Proposal, user: Any) -> list[ShutPart]:
    """Return the parts of what an open proposal opens that stay shut, of those that `user` sees; kinds side by side.

    What hangs on a part that stays shut is not told again: a stage of an involvement, a citation of a stage.
    """
    opened = {(type(row), row.pk): row for row in made_readable(proposal)}
    return [_told(part, opened) for part in parts_shut(opened, user)]


def parts_shut(opened: Opened, user: Any) -> list[Any]:
    """Return the visible parts of what is opened that are not, without those that hang on such a part."""
    shut: dict[tuple[type[Record], Any], Record] = {}
    for model in record_models().values():
        for name in model.belongs_through():
            above: Any = model._meta.get_field(name).related_model
            keys = [key for of, key in opened if of is above]
            if keys:
                parts = model._default_manager.visible_to(user).filter(**{f"{name}__in": keys})
                for part in parts.select_related(*model.parents, *label_links(model)).order_by("pk"):
                    if (model, part.pk) not in opened:
                        shut[model, part.pk] = part
    return [part for part in shut.values() if not any(above in shut for above in filled_links_above(part))]


def decided_first(proposal: Proposal, user: Any) -> list[Proposal]:
    """Return the open proposals about records without which parts of what this one opens stay shut."""
    opened = {(type(row), row.pk): row for row in made_readable(proposal)}
    above = {row.owning().ref for part in parts_shut(opened, user) for row in _closed_above(part, opened)}
    waiting = Proposal.objects.visible_to(user).filter(about__in=above, state=ProposalState.OPEN)
    return [*waiting.exclude(pk=proposal.pk).order_by("pk")]


def _told(part: Record, opened: Opened) -> ShutPart:
    why = f"its level is “{part.get_level_display()}”"
    if part.level in BEYOND_THE_TEAM:
        closed = {above.ref: above for above in _closed_above(part, opened)}
        rests_on = (f"{ref}, which is {state_of(above)}" for ref, above in sorted(closed.items()))
        why = f"it is not read without {' and '.join(rests_on)}"
    if (stance := getattr(part, "stance", "supports")) != "supports":  # what speaks against a fact is missed most
        why = f"{why}; it is one that {stance.replace('_', ' ')} what its record says"
    return ShutPart(part.ref, str(part._meta.verbose_name), name_of(part), why)


def _closed_above(part: Record, opened: Opened) -> Iterator[Any]:
    """Yield what a part cannot be read without, and what neither is open nor is being opened."""
    for name in links_above(type(part)):
        above = getattr(part, name)
        if above is None or (type(above), above.pk) in opened:
            continue
        if not is_open(above):
            yield above
        else:
            yield from _closed_above(above, opened)


def state_of(record: Any) -> str:
    """Say what keeps a record or a part from readers beyond the team: "draft, level “team”"."""
    return f"{record.owning().get_review_display()}, level “{record.get_level_display()}”"
