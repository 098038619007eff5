"""Filters that several records share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from cases.models import Country
from records.lists.filters import CodeListFilter


class CountryFilter(CodeListFilter):
    """One or more countries, by the codes of ISO 3166-1 alpha-2, or of ISO 3166-3 where they are no more.

    `occurring(user)` gives the codes that occur in the rows a reader may see. Those are offered; every code
    is accepted.
    """

    pattern = "^[A-Z]{2}([A-Z]{2})?$"
    shape = "places"

    def __init__(self, occurring: Callable[[Any], QuerySet], **options: Any) -> None:
        self.occurring = occurring
        super().__init__(**options, choices=lambda: Country.objects.values_list("code", "name"))

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        countries = Country.objects.filter(pk__in=self.occurring(user))
        return [(country.pk, country.name, country.region) for country in countries]
