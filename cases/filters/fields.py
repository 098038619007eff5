"""Filters that several records share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value

from cases.models import Country
from records.lists.filters import CodeListFilter


class CountryFilter(CodeListFilter):
    """One or more countries, by the codes of ISO 3166-1 alpha-2, or of ISO 3166-3 where they are no more.

    Offered are those that occur in `column` of the rows that a reader may see, `rows(user)`; every code is accepted.
    """

    pattern = "^[A-Z]{2}([A-Z]{2})?$"
    shape = "places"

    def __init__(self, rows: Callable[[Any], QuerySet], column: str, **options: Any) -> None:
        self.rows, self.column = rows, column
        super().__init__(**options, choices=lambda: Country.objects.values_list("code", "name"))

    def offered(self, user: Any) -> QuerySet:
        """Return the countries for which there is a row: one look for each, whatever their number."""
        return Country.objects.filter(Exists(self.rows(user).order_by().filter(**{self.column: OuterRef("pk")})))

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        return self.options_of({"": self}, user)[""]

    @classmethod
    def options_of(cls, filters: dict[str, Self], user: Any) -> dict[str, list[tuple[str, str, str]]]:
        """Return the countries that each filter offers, all asked for in one statement."""
        columns = ("asked_by", "code", "name", "region")
        rows = [
            each.offered(user).order_by().annotate(asked_by=Value(name, CharField())).values_list(*columns)
            for name, each in filters.items()
        ]
        found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in filters}
        for name, *country in rows[0].union(*rows[1:], all=True).order_by("name"):
            found[name].append(tuple(country))
        return found
