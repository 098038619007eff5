"""Rows that come with more than can be prefetched: with what hangs on several kinds of their parts at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Self

from django.db.models.query import ModelIterable

from records.fields.uncertain_date import DatedQuerySet

#: Adds something to rows that were fetched together, with what was prefetched for them.
Complete = Callable[[list[Any]], None]


class CompletedQuerySet(DatedQuerySet[Any]):
    """Rows of one model, which may be completed after they are fetched."""

    _complete: Complete | None = None

    def completed_by(self, complete: Complete) -> Self:
        """Have `complete` called with the rows whenever some are fetched, after all that is prefetched for them.

        Not for the rows of a Prefetch: what is prefetched for these is not there yet when they are.
        """
        rows = self.all()
        rows._complete = complete
        return rows

    def _clone(self) -> Self:
        rows: Self = super()._clone()  # type: ignore[misc]  # the stubs leave it out
        rows._complete = self._complete
        return rows

    def _fetch_all(self) -> None:
        is_fetched = self._result_cache is not None
        super()._fetch_all()
        if not is_fetched and self._gives_rows():
            self._completed(self._result_cache)

    def _iterator(self, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        rows = super()._iterator(use_chunked_fetch, chunk_size)  # type: ignore[misc]  # the stubs leave it out
        if not self._gives_rows():
            yield from rows
            return
        while some := list(islice(rows, chunk_size)):
            self._completed(some)
            yield from some

    def _gives_rows(self) -> bool:
        """Whether rows are asked for, and not values of theirs."""
        return self._iterable_class is ModelIterable

    def _completed(self, rows: Any) -> None:
        if self._complete is not None and rows:
            self._complete(rows)
