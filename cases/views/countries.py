"""The list of countries, and the page of one country."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from cases.codebook import AGREEMENTS, COUNTRIES, INCIDENTS
from cases.codebook.notices import notices_of_page
from cases.filters.incident_parts import parts_with
from cases.filters.people import citizens as citizens_of
from cases.models import Event, Person
from cases.views.agreements import agreement_row
from cases.views.chronology import country_names
from cases.views.incidents import IncidentRow, incident_row
from cases.views.notices import notice_row
from records.lists.pages import DetailPage, Export, ListPage

#: A country's page shows so many of each kind, and leads to the list for the rest.
SHOWN = 25


class CountriesList(ListPage):
    resource = COUNTRIES
    template_name = "cases/countries.html"
    columns = (
        ("name", "Country"),
        ("code", "Code"),
        ("region", "Region"),
        ("", "#Incidents hosted"),
        ("", "#Incidents behind"),
    )

    def context(self, listing: Any) -> dict[str, Any]:
        countries = listing.resource.rows(listing.user)
        return super().context(listing) | {
            "busiest": {
                "behind": countries.filter(behind__gt=0).order_by("-behind", "name")[:12],
                "hosted": countries.filter(hosted__gt=0).order_by("-hosted", "name")[:12],
            },
        }


class CountriesExport(Export):
    resource = COUNTRIES


class CountryPage(DetailPage):
    resource = COUNTRIES
    template_name = "cases/country.html"

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        countries = country_names()
        notices = notices_of_page(user).filter(requested_by=record)
        agreements = AGREEMENTS.table_rows_at(user, None).filter(countries=record)
        citizens = citizens_of(user).filter(country=record).values("person")
        return {
            **incidents_of(record, user, countries),
            "notices": [notice_row(notice, countries) for notice in notices[:SHOWN]],
            "agreements": [agreement_row(agreement, countries) for agreement in agreements[:SHOWN]],
            "events": Event.objects.visible_to(user).filter(country=record).defer("folded")[:SHOWN],
            "citizens": Person.objects.visible_to(user).filter(pk__in=citizens)[:SHOWN],
            "shown": SHOWN,
        }


def incidents_of(country: Any, user: Any, countries: dict[str, str]) -> dict[str, list[IncidentRow]]:
    """Return the latest incidents that a country hosted, and those that it was behind; their columns are read once."""
    latest = INCIDENTS.table_rows_at(user, None).order_by(F("start_earliest").desc(nulls_last=True), "ref")
    parts = {"hosted": "host", "behind": "origin"}
    having = {name: parts_with(part, [country.pk], user, None).values("incident") for name, part in parts.items()}
    found = {name: latest.filter(pk__in=incidents) for name, incidents in having.items()}
    keys = {name: list(rows.values_list("pk", flat=True)[:SHOWN]) for name, rows in found.items()}
    rows = {row.pk: incident_row(row, countries) for row in latest.filter(pk__in={*keys["hosted"], *keys["behind"]})}
    return {name: [rows[key] for key in shown] for name, shown in keys.items()}
