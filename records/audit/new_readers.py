"""Whether somebody may read a row after a write who could not read it before.

Only what decides about reading is compared: level, review, team, named readers, and what a row is a part of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings

from records.models import Clearance, Protection, Record, ReviewedRecord, lasting_clearance, may_read
from records.vocabulary import Level, Review


class Protected(NamedTuple):
    """What protects a row, and what protects each of the rows without which it is not read."""

    protection: Protection
    parents: tuple[Protected, ...]

    def is_read_by(self, cleared: Clearance) -> bool:
        return may_read(cleared, self.protection, (parent.is_read_by(cleared) for parent in self.parents))

    def all_protections(self) -> Iterator[Protection]:
        yield self.protection
        for parent in self.parents:
            yield from parent.all_protections()


def has_new_readers(before: Record, after: Record, added: Collection[int], removed: Collection[int]) -> bool:
    """Whether a write lets somebody read a row, or what belongs to it, who could not before.

    `before` and `after` are the row with its columns of then and of now; `added` and `removed` are the accounts, by
    key, that it names as readers since then, and does not name any more. Raises ObjectDoesNotExist where something
    that the row was a part of is gone.
    """
    if added and _has_restricted_parts(after):
        return True
    if _takes_over_wider(before.owning(), after.owning()):
        return True
    then, now = protected(before), protected(after)
    if added or removed:
        then = then._replace(protection=_naming(then.protection, (now.protection.readers | {*removed}) - {*added}))
    return any(now.is_read_by(each) and not then.is_read_by(each) for each in _kinds_of_readers(now))


def _naming(protection: Protection, readers: Collection[int]) -> Protection:
    return replace(protection, readers=frozenset(readers))


def _has_restricted_parts(record: Record) -> bool:
    """Whether a record has parts that only its named readers read."""
    return any(
        model._base_manager.filter(level=Level.RESTRICTED, **{model.owner: record.pk}).exists()
        for model in apps.get_models()
        if issubclass(model, Record) and model.owner
        if model._meta.get_field(model.owner).related_model is type(record)
    )


def _takes_over_wider(before: ReviewedRecord, after: ReviewedRecord) -> bool:
    """Whether a row that moved brings what is below it to another team, or to readers who were not named before."""
    if before == after:
        return False
    return (before.team_id is not None and after.team_id != before.team_id) or not _named(after) <= _named(before)


def protected(row: Record) -> Protected:
    """Return what protects a row by its columns, and what protects all that it rests on, as that is stored."""
    owner: Any = getattr(row, row.owner) if row.owner else row
    above = {row.owning(), owner}
    protection = Protection(
        level=row.level,
        teams=frozenset(record.team_id for record in above),
        readers=_named(owner),
        review=row.review if isinstance(row, ReviewedRecord) else Review.PUBLISHED,
        submitted_by=row.submitted_by_id if isinstance(row, ReviewedRecord) else None,
    )
    # A citation rests on its source and on what it is about; other rows belong through one of their parents.
    links = {*row.parents, *row.belongs_through()}
    parents = [getattr(row, name) for name in sorted(links)]
    return Protected(protection, tuple(protected(parent) for parent in parents if parent is not None))


def _named(record: ReviewedRecord) -> frozenset[int]:
    return frozenset(record.readers.values_list("pk", flat=True))


def _kinds_of_readers(row: Protected) -> Iterator[Clearance]:
    """Yield one reader of each kind that may read a row: strangers, partners, those of its teams, those it names.

    Who is of more teams than it takes reads no less, and so need not be asked. Those it names are asked by what they
    may read for good: broken glass closes again, and a second factor they set up when they like.
    """
    yield Clearance()
    yield Clearance(partner=True)
    protections = [*row.all_protections()]
    teams = {team for each in protections for team in each.teams if team is not None}
    for some in chain.from_iterable(combinations(sorted(teams), number) for number in range(len(teams) + 1)):
        yield Clearance(partner=True, team=True, teams=frozenset(some))
    named = {key for each in protections for key in (*each.readers, each.submitted_by) if key is not None}
    people: Any = apps.get_model(settings.AUTH_USER_MODEL)
    for person in people._default_manager.filter(pk__in=named):
        yield lasting_clearance(person)
