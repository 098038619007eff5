"""Lanes: the widest circle that may read a row, all its parents counted in, worked out when something is written.

`VisibleQuerySet.by_full_rule` decides; a lane is its answer, kept with the row, so that every read is one comparison.
Where readers are named, or rows of two teams come together, the lane is that of a circle (`records.access.circles`). A
row is in lane UNSETTLED until its lane is worked out, and nobody reads it: a path that forgets that hides, and never
shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.lookups import In

from records.access.circles import AND, FIRST_CIRCLE, NAMED, OR, PARTNERS, TEAMS, Circle
from records.access.clearance import Clearance
from records.vocabulary import Level, Review

#: Everybody, partners, the team; those of a circle, whose lane is its number; nobody.
PUBLIC, PARTNER, TEAM, OF_CIRCLE, UNSETTLED = 0, 1, 2, 3, 9
#: The lane of one team: this and the key of the team.
OF_TEAM = 100


def lanes_of(cleared: Clearance) -> list[int]:
    """Return the lanes of a reader that are those of no circle."""
    lanes = [PUBLIC, *([PARTNER] if cleared.partner or cleared.team else [])]
    return [*lanes, TEAM, *(OF_TEAM + team for team in sorted(cleared.teams))] if cleared.team else lanes


def requirements_of(lanes: Iterable[int]) -> dict[int, str]:
    """Return what the readers of each of these lanes have to meet."""
    asked = set(lanes)
    circles = {lane for lane in asked if lane >= FIRST_CIRCLE}
    found = dict(Circle._base_manager.filter(lane__in=circles).values_list("lane", "requirements")) if circles else {}
    plain = {PUBLIC: "", PARTNER: PARTNERS, TEAM: TEAMS}
    return found | {lane: plain.get(lane, f"{TEAMS} {lane - OF_TEAM}") for lane in asked - circles}


class LaneField(models.PositiveIntegerField):
    """The lane of a row: UNSETTLED when it is inserted, and from then on what `settle` says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"default": UNSETTLED, "db_default": UNSETTLED, "editable": False})

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """What was read may be settled anew since: a save never writes it back."""
        return UNSETTLED if add else F(self.attname)


@LaneField.register_lookup
class OneOfLanes(In):
    """Whether a lane is one of several. They stand in the statement: SQLite takes so many parameters and no more."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        lanes = sorted({int(lane) for lane in self.rhs})
        if not lanes:
            raise EmptyResultSet
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} IN ({', '.join(map(str, lanes))})", tuple(params)


def settle(*beginning: type[Any]) -> None:
    """Work out the lanes of all rows without one, of some models and of those below; of every model if none is named.

    Called within the transaction that took the lanes away.
    """
    with connection.cursor() as cursor:
        models = from_here_on(beginning) if beginning else records_from_above()
        for model in _waiting(cursor, models) if len(models) > 1 else models:
            links = _filled_links(cursor, model)
            cursor.execute(settling_sql(model, links))
            if cursor.rowcount and _waiting(cursor, [model]):
                _settle_in_circles(cursor, model, links)


def _waiting(cursor: Any, models: Sequence[Any]) -> list[Any]:
    """Return those of some models that have rows without a lane."""
    asked = (f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE lane = {UNSETTLED})' for model in models)  # noqa: S608
    cursor.execute(f"SELECT {', '.join(asked)}")
    return [model for model, waits in zip(models, cursor.fetchone(), strict=True) if waits]


def _filled_links(cursor: Any, model: Any) -> tuple[str, ...]:
    """Return the links by which rows without a lane hang on others: to plan for all links takes longest of all.

    All of them where none is filled in: what hangs on nothing is shown to nobody.
    """
    if not (links := links_of(model)):
        return ()
    counted = ", ".join(f"count({_column(model, name)})" for name in links)
    cursor.execute(f'SELECT {counted} FROM "{model._meta.db_table}" WHERE lane = {UNSETTLED}')  # noqa: S608
    return tuple(name for name, rows in zip(links, cursor.fetchone(), strict=True) if rows) or links


def _settle_in_circles(cursor: Any, model: Any, links: tuple[str, ...]) -> None:
    """Settle the rows that are left, which are those of circles."""
    asked, settling = circles_sql(model, links)
    cursor.execute(asked)
    if found := [requirements for (requirements,) in cursor.fetchall()]:
        Circle.add(found)
        cursor.execute(settling)


@contextmanager
def settled(model: type[Any], columns: Iterable[str] | None) -> Iterator[None]:
    """Settle the rows of a model, and those below, after these columns of them are written; all columns if None."""
    if columns is not None and protecting(model).isdisjoint(columns):
        yield
        return
    with transaction.atomic(savepoint=False):
        yield
        settle(model)


def unsettle() -> None:
    """Take the lane of every row away, so that `settle` works all of them out."""
    with connection.cursor() as cursor:
        for model in records_from_above():
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET lane = {UNSETTLED} WHERE lane <> {UNSETTLED}')  # noqa: S608


def links_of(model: Any) -> tuple[str, ...]:
    """Return the foreign keys, one of them filled in, to what a row hangs on beside its parents and its owner."""
    return tuple(name for name in model.belongs_through() if name not in (*model.parents, model.owner))


def protecting(model: Any) -> set[str]:
    """Return the columns of a row that decide its lane."""
    own = ("team", "review", "submitted_by") if model.reviewed else (model.owner,)
    names = ("level", *own, *model.parents, *links_of(model))
    return {*names, *(model._meta.get_field(name).attname for name in names)}


@cache
def records_from_above() -> tuple[Any, ...]:
    """Return the models of records, each after those that its rows hang on."""
    found: list[Any] = []

    def add(model: Any) -> None:
        for name in (*model.parents, *links_of(model)):
            if (above := model._meta.get_field(name).related_model) is not model:
                add(above)
        if model not in found:
            found.append(model)

    for model in apps.get_models():
        if hasattr(model, "belongs_through"):
            add(model)
    return tuple(found)


@cache
def below_of(model: Any) -> tuple[tuple[Any, str], ...]:
    """Return the models whose rows hang on rows of this one, with the column that says on which."""
    return tuple(
        (below, below._meta.get_field(name).column)
        for below in records_from_above()
        for name in (*below.parents, *links_of(below))
        if below._meta.get_field(name).related_model is model
    )


@cache
def from_here_on(models: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return some models and those below them, down to the last, each after those that its rows hang on."""
    found = set(models)
    for model in records_from_above():
        if model in found:
            found |= {below for below, _ in below_of(model)}
    return tuple(model for model in records_from_above() if model in found)


@cache
def settling_sql(model: Any, links: tuple[str, ...]) -> str:
    """Return the statement that works out the lanes of rows without one, but for those of circles.

    `links` are those that are filled in, of those that a row may hang on beside its parents and its owner.
    """
    lane = _together(_lanes(model, links), UNSETTLED)
    return f'UPDATE "{model._meta.db_table}" SET lane = ({lane}) WHERE lane = {UNSETTLED}'  # noqa: S608


@cache
def circles_sql(model: Any, links: tuple[str, ...]) -> tuple[str, str]:
    """Return the statement that tells what the circles of rows require, and the one that gives these rows their lanes.

    Both are about rows that `settling_sql` leaves without one.
    """
    lanes = _lanes(model, links)
    table, requirements = model._meta.db_table, _requirements(model, lanes)
    left = f"WHERE lane = {UNSETTLED} AND ({_together(lanes, OF_CIRCLE)}) = {OF_CIRCLE}"
    # Its limit lets the database work out what is required once for each row, and not for each circle.
    required = f"(SELECT ({requirements}) AS words LIMIT 1) AS required"
    circle = f'SELECT min(c.lane) FROM {required} CROSS JOIN "{Circle._meta.db_table}" c '  # noqa: S608
    circle += "WHERE c.requirements = required.words"
    return (
        f'SELECT DISTINCT ({requirements}) FROM "{table}" {left}',  # noqa: S608
        f'UPDATE "{table}" SET lane = coalesce(({circle}), {UNSETTLED}) {left}',  # noqa: S608
    )


def _lanes(model: Any, links: tuple[str, ...]) -> list[str]:
    """Return the SQL of the lanes that a row's own is put together from."""
    lanes = [_own_sql(model), *(_lane_above(model, name) for name in model.parents)]
    if links:
        lanes.append(_coalesced([_if_linked(model, name, _lane_above(model, name)) for name in links], UNSETTLED))
        # What is for the team is for the team of the record that it is about, too.
        teams = _coalesced([_if_linked(model, name, _team_above(model, name)) for name in links], TEAM)
        lanes.append(f"CASE WHEN {_column(model, 'level')} = '{Level.TEAM}' THEN {teams} ELSE {PUBLIC} END")
    return lanes


def _own_sql(model: Any) -> str:
    """Return the SQL of the lane that a row would have if everybody read its parents."""
    level = _column(model, "level")
    if not model.reviewed:
        return (
            f"CASE {level} WHEN '{Level.PUBLIC}' THEN {PUBLIC} WHEN '{Level.PARTNER}' THEN {PARTNER} "
            f"WHEN '{Level.RESTRICTED}' THEN {OF_CIRCLE} "
            f"WHEN '{Level.TEAM}' THEN {_coalesced([_team_above(model, model.owner)], TEAM)} ELSE {UNSETTLED} END"
        )
    team = f"coalesce({OF_TEAM} + {_column(model, 'team')}, {TEAM})"
    named = f"{_column(model, 'submitted_by')} IS NOT NULL OR EXISTS ({_readers(model, _column(model, 'id'))})"
    return (
        f"CASE WHEN {level} = '{Level.RESTRICTED}' THEN {OF_CIRCLE} WHEN {level} = '{Level.TEAM}' THEN {team} "
        f"WHEN {_column(model, 'review')} <> '{Review.PUBLISHED}' THEN "
        f"CASE WHEN {named} THEN {OF_CIRCLE} ELSE {team} END "
        f"WHEN {level} = '{Level.PUBLIC}' THEN {PUBLIC} WHEN {level} = '{Level.PARTNER}' THEN {PARTNER} "
        f"ELSE {UNSETTLED} END"
    )


def _requirements(model: Any, lanes: list[str]) -> str:
    """Return a SELECT of what the circle of those requires who read a row and all that it hangs on."""
    of_lane = (
        f"CASE WHEN lane >= {FIRST_CIRCLE} "  # noqa: S608
        f'THEN (SELECT c.requirements FROM "{Circle._meta.db_table}" c WHERE c.lane = each.lane) '
        f"WHEN lane >= {OF_TEAM} THEN '{TEAMS} ' || (lane - {OF_TEAM}) "
        f"WHEN lane = {TEAM} THEN '{TEAMS}' WHEN lane = {PARTNER} THEN '{PARTNERS}' ELSE '' END"
    )
    each = " UNION ALL ".join(f"SELECT {lane} AS lane" for lane in lanes)
    own = " UNION ".join(f"SELECT {words}" for words in _own_requirements(model))
    every = f"SELECT {of_lane} AS words FROM ({each}) AS each UNION {own} ORDER BY 1"  # noqa: S608
    return f"SELECT {_listed('words', AND)} FROM ({every}) AS every WHERE words <> ''"  # noqa: S608


def _own_requirements(model: Any) -> list[str]:
    """Return the SQL of what a row's own circle requires; of a row without one it is ''."""
    level = _column(model, "level")
    owner, key = (model, "id") if model.reviewed else (model._meta.get_field(model.owner).related_model, model.owner)
    readers = f"SELECT {_listed('reader', ' ')} FROM ({_readers(owner, _column(model, key))}) AS readers"  # noqa: S608
    named = f"'{NAMED} ' || coalesce(({readers}), '')"
    restricted = f"CASE WHEN {level} = '{Level.RESTRICTED}' THEN {named} ELSE '' END"
    if not model.reviewed:
        return [restricted]
    team = f"'{TEAMS}' || coalesce(' ' || {_column(model, 'team')}, '') || '{OR}'"
    sent_in = f"coalesce(' ' || {_column(model, 'submitted_by')}, '')"
    published = f"{_column(model, 'review')} = '{Review.PUBLISHED}'"
    beyond = f"{level} IN ('{Level.PUBLIC}', '{Level.PARTNER}')"
    return [
        restricted,
        f"CASE WHEN {beyond} AND NOT {published} THEN {team} || {named} || {sent_in} ELSE '' END",
        f"CASE WHEN {level} = '{Level.PARTNER}' THEN '{PARTNERS}' ELSE '' END",
    ]


def _readers(model: Any, key: str) -> str:
    """Return a SELECT of the accounts that a record names."""
    field = model._meta.get_field("readers")
    link, record, reader = field.m2m_db_table(), field.m2m_column_name(), field.m2m_reverse_name()
    return f'SELECT r."{reader}" AS reader FROM "{link}" r WHERE r."{record}" = {key} ORDER BY 1'  # noqa: S608


def _listed(column: str, between: str) -> str:
    """Return the SQL that joins a column of rows to one text, in their order."""
    if connection.vendor == "postgresql":
        return f"string_agg({column}::text, '{between}')"
    return f"group_concat({column}, '{between}')"


def _lane_above(model: Any, name: str) -> str:
    """Return the SQL of the lane of what a row hangs on; UNSETTLED where that is of a circle which is not there."""
    above = model._meta.get_field(name).related_model
    is_there = f'EXISTS (SELECT 1 FROM "{Circle._meta.db_table}" c WHERE c.lane = a.lane)'  # noqa: S608
    lane = f"CASE WHEN a.lane < {FIRST_CIRCLE} OR {is_there} THEN a.lane ELSE {UNSETTLED} END"
    return f'(SELECT {lane} FROM "{above._meta.db_table}" a WHERE a.id = {_column(model, name)}{_locked()})'  # noqa: S608


def _team_above(model: Any, name: str) -> str:
    """Return the SQL of the lane of the team whose record another row is, or is a part of; NULL if of none."""
    above = model._meta.get_field(name).related_model
    table, key = above._meta.db_table, _column(model, name)
    if not above.owner:
        return f'(SELECT {OF_TEAM} + a.team_id FROM "{table}" a WHERE a.id = {key}{_locked()})'  # noqa: S608
    owner = above._meta.get_field(above.owner)
    joined = f'"{table}" a JOIN "{owner.related_model._meta.db_table}" o ON o.id = a."{owner.column}"'
    return f"(SELECT {OF_TEAM} + o.team_id FROM {joined} WHERE a.id = {key}{_locked()})"  # noqa: S608


def _if_linked(model: Any, name: str, sql: str) -> str:
    """Return SQL that is asked only where a link is filled in, which one of many is: to see that costs least."""
    return f"CASE WHEN {_column(model, name)} IS NOT NULL THEN {sql} END"


def _column(model: Any, name: str) -> str:
    return f'"{model._meta.db_table}"."{model._meta.get_field(name).column}"'


def _locked() -> str:
    """What keeps the lane of a parent from changing until what hangs on it is committed; SQLite has one writer."""
    return " FOR SHARE" if connection.vendor == "postgresql" else ""


def _coalesced(values: list[str], otherwise: int) -> str:
    return f"coalesce({', '.join([*values, str(otherwise)])})"


def _together(lanes: list[str], of_circle: int) -> str:
    """Return a SELECT of the lane of those who read all of these lanes, `of_circle` where they are a circle."""
    each = " UNION ALL ".join(f"SELECT {lane} AS lane" for lane in lanes)
    return (
        f"SELECT CASE WHEN sum(CASE WHEN lane IS NULL OR lane = {UNSETTLED} THEN 1 ELSE 0 END) > 0 THEN {UNSETTLED} "  # noqa: S608
        f"WHEN sum(CASE WHEN lane = {OF_CIRCLE} OR lane >= {FIRST_CIRCLE} THEN 1 ELSE 0 END) > 0 THEN {of_circle} "
        f"WHEN min(CASE WHEN lane >= {OF_TEAM} THEN lane END) <> max(lane) THEN {of_circle} "
        f"ELSE max(lane) END FROM ({each}) AS each"
    )
