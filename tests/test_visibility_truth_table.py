"""The truth table of who may read what: the rule in SQL and the rule in Python agree on every row, for every reader.

Rows of every combination are written in bulk, once. Each reader asks `visible_to` once per model, and every answer is
compared with `may_read`, which is given the values that the table says, and not what the database holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from cases.models import Citation, PersonName
from records.models import Clearance, clearance, is_of_own_teams, may_read
from records.vocabulary import Level, Review
from tests.truth_table import READERS, Row, Table, Values

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def table(django_db_setup: None, django_db_blocker: Any) -> Iterator[Table]:
    """The table, stored once for all tests of this module and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Table()
        connection.check_constraints()  # or PostgreSQL checks them again at the end of every test
        with connection.cursor() as cursor:
            # Nothing is committed, so PostgreSQL would plan for tables as empty as they were after the test before.
            cursor.execute("ANALYZE")
        yield made
        transaction.set_rollback(True)


class Answers:
    """What a reader reads by the function, row by row, each asked once."""

    def __init__(self, cleared: Clearance) -> None:
        self.cleared = cleared
        self.found: dict[tuple[Any, int], bool] = {}

    def reads(self, row: Row) -> bool:
        key = row.model, row.pk
        if key not in self.found:
            self.found[key] = may_read(self.cleared, row.protection, [self.reads(each) for each in row.parents])
        return self.found[key]


def test_the_table_has_every_combination(table: Table) -> None:
    assert Counter(row.model.__name__ for row in table.rows) == {
        "Person": 240,
        "PersonName": 240 * 4,
        "Notice": 240 * 12,
        "SourceDocument": 48,
        "Citation": 48 * 48 * 4,
        "Incident": 48,
        "Involvement": 48 * 12 * 4,
        "Stage": 461 * 4,
    }
    assert len(table.rows) == 17_540 and len(READERS) == 25


@pytest.mark.parametrize("name", READERS)
def test_lanes_full_rule_and_function_agree_on_every_row(table: Table, name: str) -> None:
    user = table.reader(name)
    assert clearance(user) == table.granted(name)
    answers = Answers(table.granted(name))
    models = {row.model for row in table.rows}
    for ask in ("visible_to", "by_full_rule"):
        rows = {model: getattr(model.objects, ask)(user) for model in models}
        read = {(model, pk) for model in models for pk in rows[model].values_list("pk", flat=True)}
        differing = [row for row in table.rows if ((row.model, row.pk) in read) != answers.reads(row)]
        assert differing[:3] == []


@pytest.mark.parametrize("name", READERS)
def test_sql_and_function_agree_on_whose_team_a_row_is_of(table: Table, name: str) -> None:
    user, cleared = table.reader(name), table.granted(name)
    for model in {row.model for row in table.rows if len(row.parents) < 2}:  # of two parents, the owner's team decides
        own = set(model.objects.of_own_teams(user).values_list("pk", flat=True))
        rows = [row for row in table.rows if row.model is model]
        assert [row for row in rows if (row.pk in own) != is_of_own_teams(cleared, row.protection)][:3] == []


OPEN, TRUSTED = Values(Level.PUBLIC), Values(Level.PUBLIC, is_named=True)
DRAFT = Review.DRAFT


def sent(level: Level) -> Values:
    return Values(level, DRAFT, "other", has_submitted=True)


@pytest.mark.parametrize(
    ("name", "of", "expected"),
    [
        # Whoever submitted a record reads it back, and that opens no level to them.
        ("concerned, a partner", sent(Level.PARTNER), True),
        ("concerned, without rights", sent(Level.PARTNER), False),
        ("concerned, a partner", sent(Level.TEAM), False),
        ("concerned, a partner", sent(Level.RESTRICTED), False),
        ("a partner", sent(Level.PARTNER), False),
        ("concerned, a team reader of one team", sent(Level.PARTNER), True),
        ("a team reader of one team", sent(Level.PARTNER), False),
        # To be named opens what is restricted or unpublished, to nobody else, and no other level.
        ("concerned, without rights", Values(Level.RESTRICTED, Review.WITHHELD, "other", is_named=True), True),
        ("concerned, without rights", Values(Level.TEAM, is_named=True), False),
        ("concerned, a partner", Values(Level.PARTNER, DRAFT, "other", is_named=True), True),
        ("a team reader of one team", Values(Level.RESTRICTED, team="own", is_named=True), False),
        # A team without the right to read is none, and a right without the team stops at that team's own.
        ("somebody of a team without rights", Values(Level.TEAM, team="own"), False),
        ("a team reader of another team", Values(Level.PARTNER, team="own"), True),
        ("a team reader of another team", Values(Level.PUBLIC, DRAFT, "own"), False),
        ("a team reader of no team", Values(Level.TEAM, DRAFT), True),
        ("a team reader of no team", Values(Level.TEAM, team="own"), False),
        # An account that is switched off is a stranger, even where it is named; so is a superuser, unless granted more.
        ("concerned, inactive", Values(Level.RESTRICTED, is_named=True), False),
        ("concerned, inactive", sent(Level.PUBLIC), False),
        ("a superuser without rights", Values(Level.PARTNER), False),
        # Broken glass asks for nothing.
        ("somebody with broken glass", Values(Level.RESTRICTED, DRAFT, "other"), True),
    ],
)
def test_records_that_are_easily_got_wrong(table: Table, name: str, of: Values, expected: bool) -> None:
    hold(table, name, table.people[of], expected)


@pytest.mark.parametrize(
    ("name", "level", "of", "expected"),
    [
        # The readers of a record open its restricted parts; a part is never more visible than its record.
        ("concerned, a partner", Level.RESTRICTED, TRUSTED, True),
        ("concerned, a partner", Level.RESTRICTED, OPEN, False),
        ("a stranger", Level.PUBLIC, Values(Level.PUBLIC, DRAFT), False),
        ("a team reader of one team", Level.PUBLIC, Values(Level.PUBLIC, DRAFT, "other"), False),
        # What was submitted is read back with its parts, and these by their own level.
        ("concerned, a partner", Level.PARTNER, sent(Level.PARTNER), True),
        ("concerned, a partner", Level.TEAM, sent(Level.PARTNER), False),
        ("concerned, a team reader of one team", Level.TEAM, sent(Level.PARTNER), False),
    ],
)
def test_parts_that_are_easily_got_wrong(table: Table, name: str, level: Level, of: Values, expected: bool) -> None:
    hold(table, name, table.row(PersonName, level, table.people[of]), expected)


@pytest.mark.parametrize(
    ("name", "level", "source", "person", "expected"),
    [
        # What is for the team is for the teams of both; what is restricted, for the readers of the source.
        ("a team reader of one team", Level.TEAM, OPEN, Values(Level.PUBLIC, team="other"), False),
        ("a team reader of one team", Level.TEAM, Values(Level.PUBLIC, team="other"), OPEN, False),
        ("a team reader of several teams", Level.TEAM, Values(Level.PUBLIC, team="other"), OPEN, True),
        ("concerned, a partner", Level.RESTRICTED, TRUSTED, OPEN, True),
        ("concerned, a partner", Level.RESTRICTED, OPEN, TRUSTED, False),
        ("a stranger", Level.PUBLIC, OPEN, Values(Level.PUBLIC, DRAFT), False),
    ],
)
def test_citations_that_are_easily_got_wrong(
    table: Table, name: str, level: Level, source: Values, person: Values, expected: bool
) -> None:
    hold(table, name, table.row(Citation, level, table.sources[source], table.people[person]), expected)


def hold(table: Table, name: str, row: Row, expected: bool) -> None:
    """Both statements of the rule answer as expected."""
    by_sql = row.model.objects.visible_to(table.reader(name)).filter(pk=row.pk).exists()
    assert (by_sql, Answers(table.granted(name)).reads(row)) == (expected, expected)
