"""Letting the parts of a record follow it that were kept for the team: one decision, not one for each."""

from __future__ import annotations

from typing import Any

from records.models import Record
from records.review.row_values import record_models
from records.vocabulary import PartLevel


def let_parts_follow(record: Record, user: Any) -> int:
    """Give what hangs on a record its usual level, where it is for the team alone; return how many parts that are.

    Parts that `user` does not see stay as they are, and so do those whose usual level is the team's: an address, a
    note, a captured file. It is for a second person to approve, as anything that lowers a level (`proposing`).
    """
    changed, above = 0, {(type(record), record.pk)}
    seen = set(above)
    while above:
        below = [part for part in _parts_of(above, user) if (type(part), part.pk) not in seen]
        for part in {part.ref: part for part in below}.values():
            if part.level == PartLevel.TEAM and part.usual_level() == PartLevel.RECORD:
                part.level = PartLevel.RECORD
                part.save()
                changed += 1
        above = {(type(part), part.pk) for part in below}
        seen |= above
    return changed


def _parts_of(above: set[tuple[type[Record], Any]], user: Any) -> list[Any]:
    """Return the visible parts that hang on any of these rows, each as often as it hangs on one."""
    parts: list[Any] = []
    for model in record_models().values():
        for name in model.belongs_through():
            of = model._meta.get_field(name).related_model
            keys = [key for kind, key in above if kind is of]
            if keys:
                parts += model._default_manager.visible_to(user).filter(**{f"{name}__in": keys}).order_by("pk")
    return parts
