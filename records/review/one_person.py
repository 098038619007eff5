"""The mark that one person may have written and approved what the public reads (`one_person`).

It stands on each record on whose page strangers find what was approved: on that which it is a part of, and on the
people and sources that it names. What strangers do not read marks nothing, or it would show in what they read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from records.models import Record, ReviewedRecord
from records.review.row_values import find
from records.review.visibility import rows_named
from records.vocabulary import Level, Review


def shown_with(refs: Iterable[str]) -> set[ReviewedRecord]:
    """Return the published records that show these rows to strangers, or are of their public parts, as stored now."""
    found: set[ReviewedRecord] = set()
    for row in rows_named(refs):
        if row.level == Level.PUBLIC:
            found.add(row.owning())
        if type(row)._default_manager.visible_to(AnonymousUser()).filter(pk=row.pk).exists():
            found |= _above(row)
    return {record for record in found if record.review == Review.PUBLISHED}


def _above(row: Record) -> set[ReviewedRecord]:
    """Return the records that a row belongs to or names as its parents, itself where it stands on its own."""
    names = {*row.parents, *row.belongs_through()}
    parents: Iterable[Any] = filter(None, (getattr(row, name) for name in names))
    own = {row} if isinstance(row, ReviewedRecord) else set()
    return own.union(*map(_above, parents))


def mark(records: Iterable[ReviewedRecord]) -> None:
    """Let published records say that one person stands behind something that they show."""
    for ref in {record.ref for record in records}:
        if (record := find(ref)) is not None and not record.one_person:
            record.one_person = True
            record.save()
