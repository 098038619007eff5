"""How many rows a question finds, counted so far as it costs about the same however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from records.lists.together import asked_together

#: So many rows are counted one by one, and no more.
MOST_COUNTED = 10_000


class Count(NamedTuple):
    """How many rows there are: `number`, or more than that where `is_more`."""

    number: int
    is_more: bool = False

    @property
    def words(self) -> str:
        """The count as people read it: "1,234" or "more than 10,000"."""
        return f"more than {self.number:,}" if self.is_more else f"{self.number:,}"

    def as_json(self) -> dict[str, int | bool]:
        """Return the count for the API, which tells of more only where there is more."""
        return {"count": self.number, "more": True} if self.is_more else {"count": self.number}


def counted(rows: QuerySet | Sequence[Any]) -> Count:
    """Return how many rows there are, up to MOST_COUNTED.

    The keys are fetched: to have the database count what a question within a question finds, SQLite takes for too deep.
    """
    return _up_to_most(_keys(rows) if isinstance(rows, QuerySet) else rows)


def counted_together(questions: Iterable[QuerySet]) -> list[Count]:
    """Return the same of several questions, in one statement."""
    return list(map(_up_to_most, asked_together(map(_keys, questions))))


def _keys(rows: QuerySet) -> QuerySet:
    return rows.order_by().values_list("pk")[: MOST_COUNTED + 1]


def _up_to_most(rows: QuerySet | Sequence[Any]) -> Count:
    found = len(rows)
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)
