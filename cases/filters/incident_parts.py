"""Filters by the parts of an incident, which incidents, people and the list of silent cases share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.filters.fields import CountryFilter
from cases.models import Actor, Demand, IncidentCountry, TacticUsed
from cases.vocabulary import CountryPart

Rows = Callable[[Any, date | None], QuerySet]


def _countries(part: CountryPart) -> Rows:
    return lambda user, day: IncidentCountry.objects.visible_to(user).of_part(part)


#: What a filter asks of: the column in which a value stands, and the parts that a reader may see, as of a day.
PARTS: dict[str, tuple[str, Rows]] = {
    "origin": ("country", _countries(CountryPart.ORIGIN)),
    "attribution": ("attribution", _countries(CountryPart.ORIGIN)),
    "host": ("country", lambda user, day: IncidentCountry.objects.visible_to(user).hosts(user)),
    "location": ("country", _countries(CountryPart.LOCATION)),
    "transit": ("country", _countries(CountryPart.TRANSIT)),
    "destination": ("country", _countries(CountryPart.DESTINATION)),
    "tactic": ("tactic", lambda user, day: TacticUsed.objects.visible_to(user).possibly_by(day)),
    "actor_kind": ("kind", lambda user, day: Actor.objects.visible_to(user)),
    "demand": ("kind", lambda user, day: Demand.objects.visible_to(user).possibly_by(day)),
}


def parts_with(name: str, values: list[str], user: Any, day: date | None) -> QuerySet:
    """Return the parts of incidents that have one of some values, as far as `user` may see them."""
    column, rows = PARTS[name]
    return rows(user, day).filter(**{f"{column}__in": values})


def country_filter(name: str, label: str, help_text: str) -> Any:
    """Return the filter called `name`, by countries that have a part in an incident."""
    column, rows = PARTS[name]
    return CountryFilter(
        lambda user: rows(user, None), column, method="has_part", several=True, label=label, help_text=help_text
    )
