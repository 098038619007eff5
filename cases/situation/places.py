"""The countries of an incident, by their parts in it, as far as a reader may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from cases.models.incident_parts import IncidentCountry
from cases.vocabulary import CountryPart


def countries_seen(user: Any, path: str = "") -> Prefetch:
    """Return the prefetch of the countries of incidents that `user` may see; `path` leads to the incident."""
    rows = IncidentCountry.objects.visible_to(user).order_by("country")
    return Prefetch(f"{path}country_parts", rows, to_attr="visible_countries")


def of_part(incident: Any, part: CountryPart) -> list[IncidentCountry]:
    """The countries that have a part in an incident, by code."""
    return [row for row in incident.visible_countries if row.part == part]


def codes(incident: Any, part: CountryPart) -> list[str]:
    return list(dict.fromkeys(row.country_id for row in of_part(incident, part)))


def origins(incident: Any) -> list[str]:
    """The states behind an incident, by code."""
    return codes(incident, CountryPart.ORIGIN)


def locations(incident: Any) -> list[str]:
    """The countries in which it happened, by code."""
    return codes(incident, CountryPart.LOCATION)


def hosts(incident: Any) -> list[str]:
    """The countries in which it happened that are not a state behind it, by code."""
    behind = origins(incident)
    return [code for code in locations(incident) if code not in behind]
