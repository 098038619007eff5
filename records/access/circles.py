"""Circles: those who meet several requirements together, for rows that are read neither by all, nor by one team.

A row that names its readers, or that hangs on rows of two teams, has a lane of its own number: that of the circle of
those who read it. What a circle requires is text, all of it to be met, each by one of its alternatives:

    partner, team 3 or named 5 9    reads what is for partners, and is of team 3, or is account 5 or 9

It is never changed, and a number is never given again, so that it can be remembered. Nor is one removed: somebody
may be writing a row that is in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import connection, models

#: The numbers of circles begin here, beyond those of teams; they are drawn, up to what a column of lanes holds.
FIRST_CIRCLE, LAST_CIRCLE = 1 << 20, (1 << 31) - 1
#: What stands between requirements, and between the alternatives of one.
AND, OR = ", ", " or "
PARTNERS, TEAMS, NAMED = "partner", "team", "named"
#: What `Circle.there` says where there is none.
NO_CIRCLES = "0 0"


def implies(one: str, other: str) -> bool:
    """Whether all who meet some requirements meet others."""
    wanted = other.split(AND) if other else []
    return all(any(_is_met(each, have) for have in one.split(AND)) for each in wanted)


def _is_met(wanted: str, have: str) -> bool:
    """Whether one requirement is met by all who meet another: by whichever alternative they do."""
    return all(any(_is_among(one, other) for other in wanted.split(OR)) for one in have.split(OR))


def _is_among(one: str, other: str) -> bool:
    (word, *keys), (wanted, *others) = one.split() or [""], other.split()
    if word == wanted == NAMED:
        return set(keys) <= set(others)
    if word == TEAMS:
        return wanted == PARTNERS or (wanted == TEAMS and others in ([], keys))
    return word == wanted == PARTNERS


class CircleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return nothing: what a circle requires tells of teams and accounts, and `clearance` alone asks for it."""
        return self.none()


class Circle(models.Model):
    """Those who meet some requirements, by the number of their lane. Nothing is entered here."""

    #: It follows from rows that the audit trail follows.
    is_derived: ClassVar = True
    #: Counted up whenever this process adds circles: what is remembered of readers holds no longer.
    changes: ClassVar[int] = 0

    #: How many there are, and the sum of their numbers, which are drawn: others are told from those of before.
    THERE: ClassVar = (
        "SELECT cast(count(*) AS varchar(20)) || ' ' || cast(coalesce(sum(lane), 0) AS varchar(20)) AS there "
        "FROM records_circle"
    )

    lane = models.PositiveIntegerField(primary_key=True)
    requirements = models.TextField()

    objects: ClassVar = CircleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.requirements

    @classmethod
    def add(cls, requirements: Collection[str]) -> None:
        """Add the circles that there are not yet."""
        there = set(cls._base_manager.filter(requirements__in=requirements).values_list("requirements", flat=True))
        cls._base_manager.bulk_create(
            cls(lane=FIRST_CIRCLE + secrets.randbelow(LAST_CIRCLE - FIRST_CIRCLE), requirements=each)
            for each in sorted(set(requirements) - there)
        )
        cls.changes += 1

    @classmethod
    def there(cls) -> str:
        """Return what `THERE` says."""
        with connection.cursor() as cursor:
            cursor.execute(cls.THERE)
            return str(cursor.fetchone()[0])
