"""A listing: one question put to a resource, the same for page, API and export."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from records.history.time_travel import tables_as_known_on
from records.lists.codebook import Resource
from records.lists.counting import Count, counted
from records.lists.filters import StrictFilterSet, TimeAsked, wrong_parameters
from records.lists.paging import (
    CursorError,
    Ordering,
    Page,
    decode,
    in_order,
    page,
)
from records.lists.reasons import NOTE
from records.models import Record, lanes_read_by


class InvalidQuery(ValueError):
    """The question makes no sense as it stands; `problems` says why, by parameter."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(message for messages in problems.values() for message in messages))
        self.problems = problems


def as_known_on(user: Any, moment: TimeAsked) -> AbstractContextManager[None]:
    """Return a context in which the records are what was known on the day asked about, if one was."""
    return tables_as_known_on(user, moment.known_on) if moment.known_on else nullcontext()


def time_asked(request: Any, resource: Resource, *also: str) -> TimeAsked:
    """Return the day about which a record is asked; `also` names what the surface itself reads. Raises InvalidQuery."""
    asked = resource.filterset(request.GET, resource.model._default_manager.none(), request=request, also=also)
    if problems := asked.problems | wrong_parameters(request.GET, (*also, *resource.moments)):
        raise InvalidQuery(problems)
    return asked.moment


class Listing:
    """The rows of a resource that a request asks for, as far as its reader may see them.

    `also` names the parameters, beside the filters, that the surface takes: "ordering", "cursor" and its own. Where it
    `is_table`, the rows come with what a table tells of them, else with all that the columns read. `opens_with` is the
    ordering where none is asked for; without it the resource's own.
    """

    def __init__(
        self,
        resource: Resource,
        request: Any,
        also: tuple[str, ...] = (),
        *,
        is_table: bool = False,
        opens_with: str = "",
    ) -> None:
        self.resource, self.is_table, self.opens_with = resource, is_table, opens_with
        self.parameters, self.user = request.GET, request.user
        # A question is checked before its rows are put together: to refuse one costs next to nothing.
        nothing = resource.model._default_manager.none()
        self.filterset: StrictFilterSet = resource.filterset(request.GET, nothing, request=request, also=also)

    @cached_property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with the question, by parameter; empty where it can be answered."""
        problems = dict(self.filterset.problems)
        if "ordering" not in problems and self.ordering is None:
            known = ", ".join(ordering.name for ordering in self.resource.orderings)
            problems["ordering"] = [f"Order by one of: {known}; with - in front to turn it round."]
        if self.ordering and self.cursor and "cursor" not in problems:
            try:
                decode(self.ordering, self.cursor)
            except CursorError as error:
                problems["cursor"] = [str(error)]
        return problems

    @cached_property
    def ordering(self) -> Ordering | None:
        """The order asked for, the resource's own without one, None for one that does not exist."""
        try:
            return self.resource.ordering(self.parameters.get("ordering") or self.opens_with)
        except KeyError:
            return None

    @property
    def cursor(self) -> str:
        return self.parameters.get("cursor", "")

    @cached_property
    def rows(self) -> QuerySet:
        """The rows, in no order. Raises InvalidQuery."""
        if self.problems:
            raise InvalidQuery(self.problems)
        rows_at = self.resource.table_rows_at if self.is_table else self.resource.rows_at
        self.filterset.queryset = rows_at(self.user, self.moment.as_of)
        return self.filterset.qs

    @property
    def moment(self) -> TimeAsked:
        """The day that is asked about; now, where the question makes no sense."""
        return TimeAsked() if self.problems else self.filterset.moment

    def recall(self) -> AbstractContextManager[None]:
        """Return a context in which the rows are those that were known on the day asked about."""
        return as_known_on(self.user, self.moment)

    def count(self) -> Count:
        """Return how many rows there are on all pages together, up to a bound. Raises InvalidQuery."""
        return counted(self.rows)

    def reasons(self) -> list[str]:
        """Return why nothing can be found, in sentences; none where something is. Raises InvalidQuery."""
        return [] if self.bare_rows.exists() else self.filterset.reasons()

    def note(self) -> dict[str, str]:
        """Return the response header that says why nothing can be found, if anything does. Raises InvalidQuery."""
        reasons = self.reasons()
        return {NOTE: " ".join(reasons)} if reasons else {}

    def sorted(self) -> QuerySet:
        """Return all the rows, in the order asked for. Raises InvalidQuery."""
        return in_order(self.rows, self._known_ordering(), self.resource.key)

    def sorted_keys(self) -> QuerySet:
        """Return the keys of all the rows, in the order asked for. Raises InvalidQuery."""
        rows = in_order(self._rows_for_keys(), self._known_ordering(), self.resource.key)
        return rows.values_list("sort_ref", flat=True)

    def page(self, size: int) -> Page:
        """Return one page of the rows. Raises InvalidQuery."""
        return self._page(self.rows, size)

    def keys(self, size: int) -> Page:
        """Return the same page, of each row its key (`sort_ref`) and no more. Raises InvalidQuery."""
        return self._page(self._rows_for_keys(), size, keys=True)

    @property
    def bare_rows(self) -> QuerySet:
        """The rows, of which is asked whether there are any, or how many. Raises InvalidQuery."""
        return self.rows if self.moment or not self.resource.is_built else self._rows_for_keys()

    def _rows_for_keys(self) -> QuerySet:
        if self.problems:
            raise InvalidQuery(self.problems)
        self.filterset.queryset = self.resource.rows_for_keys(self.user)
        return self.filterset.filter_queryset(self.filterset.queryset)

    def _page(self, rows: QuerySet, size: int, *, keys: bool = False) -> Page:
        try:
            ordering = self._known_ordering()
            return page(rows, ordering, self.cursor, size, self.resource.key, self._lanes(), keys=keys)
        except CursorError as error:
            raise InvalidQuery({"cursor": [str(error)]}) from error

    def _lanes(self) -> Sequence[int]:
        """Return the lanes to be walked side by side."""
        return lanes_read_by(self.user) if issubclass(self.resource.model, Record) else ()

    def _known_ordering(self) -> Ordering:
        if self.ordering is None:
            raise InvalidQuery(self.problems)
        return self.ordering
