"""Who may read a row: the one rule, stated in SQL and in Python side by side and held together by a truth table.

`VisibleQuerySet.visible_to` is where every read starts. It asks for the lane of a row, which keeps the answer of the
rule (`records.models.lanes`), and `by_full_rule` is the rule itself. `may_read` is the same rule in Python, for what no
query can find: a row as it was, and a row that is only proposed. Whoever changes one changes the others;
`tests/test_visibility_truth_table.py` asks all of them about every combination, for every kind of reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Exists, Q

from records.access.clearance import Clearance, circles_of, clearance
from records.models.completed import CompletedQuerySet
from records.models.lanes import PUBLIC, lanes_of, records_from_above
from records.vocabulary import Level, Review

NOTHING = Q(pk__in=[])


def lanes_read_by(user: Any) -> list[int]:
    """Return every lane of which `user` reads the rows; none under broken glass, which reads all."""
    cleared = clearance(user)
    return [] if cleared.everything else [*lanes_of(cleared), *circles_of(user)]


def reads_more_than_strangers(user: Any) -> bool:
    """Whether there is a row of any record that `user` reads and strangers do not."""
    visible = (model._default_manager.visible_to(user) for model in records_from_above())
    return any(rows.exclude(lane=PUBLIC).exists() for rows in visible)


def names_reader(cleared: Clearance) -> Q:
    """Return the condition that any record names the reader among those who read what is restricted of it."""
    models = [model for model in records_from_above() if model.reviewed] if cleared.reader is not None else []
    named = [model.readers.through._default_manager.filter(user=cleared.reader) for model in models]
    return reduce(or_, (Q(Exists(rows)) for rows in named), Q())


class VisibleQuerySet(CompletedQuerySet):
    """Rows of one model of records, of which each reader reads their own."""

    def visible_to(self, user: Any) -> Self:
        """Return the rows that `user` may read: those in their lanes."""
        return self.all() if clearance(user).everything else self.filter(lane__in=lanes_read_by(user))

    def by_full_rule(self, user: Any) -> Self:
        """Return the same by the full rule: by level, by review state, and never without every parent.

        public: everybody. partner: whoever may read partner records. team: the record's team, or every team where it
        has none. restricted: the readers named on the record, and nobody else. What is not published is read by its
        team, by its named readers, and by whoever submitted it.
        """
        cleared = clearance(user)
        return self.all() if cleared.everything else self.filter(self._full_rule(cleared))

    def _full_rule(self, cleared: Clearance, path: str = "") -> Q:
        """The condition that the rule sets, for the rows to which `path` leads ("involvement__" from a stage)."""
        model: Any = self.model
        rule = self._level_open_to(cleared, path)
        if model.reviewed:
            rule &= self._published_or_own(cleared, path)
        for parent in model.parents:
            rule &= self._related(parent)._full_rule(cleared, f"{path}{parent}__")
        return rule

    def _level_open_to(self, cleared: Clearance, path: str) -> Q:
        """The condition of the level alone. What a reader has no part in is left out: each query would drop it anew."""
        level, beyond = f"{path}level", [Level.PUBLIC, *([Level.PARTNER] if cleared.partner or cleared.team else [])]
        found = Q(**{f"{level}__in": beyond})
        if cleared.team:
            found |= Q(**{level: Level.TEAM}) & self.of_teams(cleared, path)
        if cleared.reader is not None:
            found |= Q(**{level: Level.RESTRICTED}) & self._naming(cleared, path)
        return found

    def _published_or_own(self, cleared: Clearance, path: str) -> Q:
        found = Q(**{f"{path}review": Review.PUBLISHED})
        if cleared.team:
            found |= self.of_teams(cleared, path)
        if cleared.reader is not None:
            found |= self._naming(cleared, path) | Q(**{f"{path}submitted_by": cleared.reader})
        return found

    def of_teams(self, cleared: Clearance, path: str = "") -> Q:
        """The condition that a row is one of the reader's teams, or of no team in particular."""
        if not cleared.team:
            return NOTHING
        team = path + self.model.path_of("team")
        return Q(**{f"{team}__isnull": True}) | Q(**{f"{team}__in": sorted(cleared.teams)})

    def of_own_teams(self, user: Any) -> Self:
        """Narrow rows to those of which `user` also reads what is for the team alone (`Record.for_team`)."""
        cleared = clearance(user)
        return self if cleared.everything else self.filter(self.of_teams(cleared))

    def _naming(self, cleared: Clearance, path: str) -> Q:
        """Rows that name the reader, themselves or on the record that they are a part of."""
        owner = self.model.owner
        named = (self._related(owner) if owner else self.model._default_manager.all()).filter(readers=cleared.reader)
        return Q(**{f"{path}{owner or 'pk'}__in": named.values("pk")})

    def _related(self, field: str) -> Any:
        related: Any = self.model._meta.get_field(field).related_model
        return related._default_manager.all()


@dataclass(frozen=True)
class Protection:
    """What a row holds that decides who may read it.

    `teams` has the team of the row, or of each record that it is a part of; None is no team in particular. `readers`
    are the keys of those named on it, or on its owner. A part has no review state of its own, and nobody submitted it:
    its parents answer for that.
    """

    level: str
    teams: frozenset[int | None]
    readers: frozenset[int]
    review: str = Review.PUBLISHED
    submitted_by: int | None = None


def may_read(cleared: Clearance, row: Protection | None, parents: Iterable[bool] = ()) -> bool:
    """Whether a reader may read a row, by what protects it and by whether they may read each of its parents.

    Nothing is looked up. A row of which it is not known what protects it (None) is read under broken glass only.
    """
    if cleared.everything:
        return True
    if row is None:
        return False
    of_teams = is_of_own_teams(cleared, row)
    is_named = cleared.reader in row.readers
    level_is_open = {
        Level.PUBLIC: True,
        Level.PARTNER: cleared.partner or cleared.team,
        Level.TEAM: of_teams,
        Level.RESTRICTED: is_named,
    }[Level(row.level)]
    is_own = is_named or (cleared.reader is not None and cleared.reader == row.submitted_by)
    return level_is_open and (row.review == Review.PUBLISHED or of_teams or is_own) and all(parents)


def is_of_own_teams(cleared: Clearance, row: Protection | None) -> bool:
    """Whether a row is one of the reader's teams, or of no team in particular: `of_own_teams` as a function."""
    return cleared.everything or (row is not None and cleared.team and row.teams <= {None, *cleared.teams})
