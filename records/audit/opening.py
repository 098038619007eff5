"""Which records an act opens to more readers.

Opening is: to lower a level, to give a record to another team, to publish, and to add, change or remove what people
beyond the team can read; and whatever else lets somebody read what they could not read before: to name a reader, to
restrict to somebody who was shut out, to move a part. What is raised, withheld or withdrawn by the same act is not
open any more, and needs nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max

from records.audit.new_readers import has_new_readers
from records.current_act import Act
from records.models import Change, Record, is_open
from records.vocabulary import Level, Review

#: Lists of a record that its readers do not see.
UNSEEN_LISTS = {"readers"}


class WrittenRow(NamedTuple):
    """A row that an act wrote: before its first and after its last write, as columns; None where there was none.

    `lists` names the lists of the row that the act changed; `added` and `removed` are the keys of accounts that it
    names as readers since, and does not name any more.
    """

    model: type[Record]
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    lists: frozenset[str] = frozenset()
    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()

    def with_link(self, name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> WrittenRow:
        """Return the row with one more change of one of its lists."""
        added, removed = self.added, self.removed
        if name == "readers":
            gone, new = ({each["user_id"]} if each else set() for each in (before, after))
            added, removed = (added - gone) | (new - removed), (removed - new) | (gone - added)
        return self._replace(lists=self.lists | {name}, added=added, removed=removed)


def last_change() -> int:
    """Return the number of the last write of any row, to ask later what was written since."""
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def written_rows(act: Act, since: int = 0) -> list[WrittenRow]:
    """Return the records that an act has written since the write of number `since`, in the order of their first."""
    tables = _tables()
    rows: dict[tuple[str, str], WrittenRow] = {}
    for change in Change.objects.filter(act=act.key, pk__gt=since).order_by("pk"):
        model, name = tables.get(change.table, (None, ""))
        if model is None:
            continue
        key = change.part_of.rpartition(":")[2] if name else change.row
        row = rows.get((model._meta.db_table, key))
        before, after = (json.loads(text) if text else None for text in (change.before, change.after))
        if name:
            row = (row or WrittenRow(model, key, None, None)).with_link(name, before, after)
        elif row is None or (row.before is None and row.after is None):
            row = (row or WrittenRow(model, key, None, None))._replace(before=before, after=after)
        else:
            row = row._replace(after=after)
        rows[model._meta.db_table, key] = row
    return list(rows.values())


def _tables() -> dict[str, tuple[type[Record], str]]:
    """Return what the tables of records hold: rows of a model, or the links of one of its lists, by name."""
    found: dict[str, tuple[type[Record], str]] = {}
    for model in apps.get_models():
        if issubclass(model, Record):
            found[model._meta.db_table] = (model, "")
            links: list[Any] = model._meta.local_many_to_many
            found |= {link.remote_field.through._meta.db_table: (model, link.name) for link in links}
    return found


def opened_records(act: Act, since: int = 0) -> list[str]:
    """Return the references of the records that an act has opened to more readers since the write of this number."""
    return list(dict.fromkeys(_opened(act, since)))


def _opened(act: Act, since: int) -> Iterator[str]:
    for row in written_rows(act, since):
        snapshot = row.after or row.before
        if snapshot is None:  # nothing but a list of the row changed
            stored = row.model._base_manager.filter(pk=row.key).first()
            if stored is not None and _opens_by_lists(row, stored):
                yield stored.ref
        elif _opens(row):
            yield snapshot["ref"]


def _opens_by_lists(row: WrittenRow, stored: Record) -> bool:
    if row.lists - UNSEEN_LISTS and is_open(stored):
        return True
    return bool(row.added) and has_new_readers(stored, stored, row.added, row.removed)


def _opens(row: WrittenRow) -> bool:
    before, after = row.before, row.after
    if after is None:
        return before is not None and _is_open(row.model, before)
    if before is None:
        return _is_open(row.model, after) or _comes_back_wider(row.model, after)
    if Level(after["level"]).rank < Level(before["level"]).rank:
        return True
    if before.get("team_id") is not None and after["team_id"] != before["team_id"]:
        return True
    if after.get("review") == Review.PUBLISHED != before.get("review"):
        return True
    changed = {name for name in after if after[name] != before.get(name)} | (row.lists - UNSEEN_LISTS)
    if changed - {"level", *row.model.private, *row.model.for_team} and _is_open(row.model, after):
        return True
    return _lets_in(row, before, after, changed)


def _comes_back_wider(model: type[Record], after: dict[str, Any]) -> bool:
    """Whether a row that was removed comes back for more readers: of a lower level, or to a record that was opened.

    What was restricted always waits: who was named when it was removed need not be who is named today.
    """
    gone = Change.objects.filter(ref=after["ref"], operation="delete").order_by("-pk").first()
    if gone is None:
        return False
    before = json.loads(gone.before)
    if (
        Level.RESTRICTED in (before["level"], after["level"])
        or Level(after["level"]).rank < Level(before["level"]).rank
    ):
        return True
    try:
        was, now = _row(model, before), _row(model, after)
        if has_new_readers(was, now, (), ()):
            return True
        owners = {each.owning() for each in (was, now)} | {
            getattr(each, each.owner) for each in (was, now) if each.owner
        }
    except ObjectDoesNotExist:
        return True
    return any(_was_opened(owner, gone.pk) for owner in owners)


def _was_opened(owner: Record, since: int) -> bool:
    """Whether a record was given to another team, or published, since the change of this number."""
    for change in Change.objects.of_row(owner).filter(pk__gt=since, operation="update"):
        before, after = json.loads(change.before), json.loads(change.after)
        if any(before.get(name) != after.get(name) for name in ("team_id", "review", "level")):
            return True
    return False


def _lets_in(row: WrittenRow, before: dict[str, Any], after: dict[str, Any], changed: set[str]) -> bool:
    """Whether a row that was there before has new readers. What it was a part of may be gone: then it is taken to."""
    links = {row.model._meta.get_field(name) for name in (*row.model.parents, *row.model.belongs_through())}
    deciding = {"level", "review", "team_id"} | {link.column for link in links}  # type: ignore[union-attr]
    if not row.added and not deciding & changed:
        return False
    try:
        return has_new_readers(_row(row.model, before), _row(row.model, after), row.added, row.removed)
    except ObjectDoesNotExist:
        return True


def _is_open(model: type[Record], snapshot: dict[str, Any]) -> bool:
    """Whether people beyond the team can read a row with these columns.

    A row whose owner is gone went with it: the owner, which was never less open, is asked instead.
    """
    try:
        return is_open(_row(model, snapshot))
    except ObjectDoesNotExist:
        return False


def _row(model: type[Record], snapshot: dict[str, Any]) -> Record:
    """Return a row with those of these columns that decide who may read it."""
    columns = {field.attname: field.column for field in model._meta.concrete_fields}
    links = {field.attname for field in model._meta.concrete_fields if field.is_relation or field.primary_key}
    kept = links | {"level", "review"}
    return model(**{name: snapshot[column] for name, column in columns.items() if name in kept and column in snapshot})
