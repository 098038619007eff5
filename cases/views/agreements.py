"""The lists and pages of agreements between states and of the events that cases refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.codebook import AGREEMENTS, EVENTS
from cases.models import Agreement, Ratification
from cases.views.chronology import country_names, where
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Proof, known_and_not
from cases.views.links import Item, country_item, term
from cases.vocabulary import AgreementKind, RatificationState
from records.lists.pages import DetailPage, Export, ListPage


@dataclass(frozen=True)
class RatificationRow:
    """Whether one country has ratified, and who says so."""

    ratification: Ratification
    country: Item | None
    state: RatificationState
    proof: Proof


@dataclass(frozen=True)
class AgreementRow:
    """An agreement with its countries and who of them has ratified it."""

    agreement: Agreement
    kind: AgreementKind
    countries: list[Item]
    ratifications: list[RatificationRow]


def agreement_row(agreement: Any, countries: dict[str, str], evidence: Evidence | None = None) -> AgreementRow:
    """Return an agreement as pages show it; without `evidence`, without its sources."""
    ratifications = [
        RatificationRow(
            row,
            country_item(row.country_id, countries),
            RatificationState(row.state),
            evidence.of(row) if evidence else Proof([]),
        )
        for row in agreement.visible_ratifications
    ]
    parties = [item for country in agreement.countries.all() if (item := country_item(country.pk, countries))]
    return AgreementRow(agreement, AgreementKind(agreement.kind), parties, ratifications)


class AgreementsList(ListPage):
    resource = AGREEMENTS
    template_name = "cases/agreements.html"
    columns = (("title", "Agreement"), ("", "Kind"), ("", "Between"), ("signed", "Signed"), ("", "Ratified by"))

    def rows(self, records: list[Any], user: Any) -> list[AgreementRow]:
        countries = country_names()
        return [agreement_row(agreement, countries) for agreement in records]


class AgreementsExport(Export):
    resource = AGREEMENTS


class AgreementPage(DetailPage):
    resource = AGREEMENTS
    template_name = "cases/agreement.html"

    def rows(self, user: Any) -> QuerySet:
        return AGREEMENTS.table_rows_at(user, None)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        parts = [record, *record.visible_ratifications]
        evidence = Evidence(user, parts)
        row = agreement_row(record, country_names(), evidence)
        return {
            "row": row,
            "used": cited_sources(evidence.of_all(parts)),
            **known_and_not(
                [
                    evidence.fact("Kind", record, "kind", term(row.kind)),
                    evidence.fact("Between", record, "countries", row.countries),
                    evidence.fact("Signed", record, "signed"),
                    evidence.fact("In force since", record, "in_force"),
                    evidence.fact("Note", record, "note"),
                ]
            ),
        }


class EventsList(ListPage):
    resource = EVENTS
    template_name = "cases/events.html"
    columns = (("title", "Event"), ("start", "Began"), ("", "Ended"), ("", "Organiser"), ("", "Where"))

    def rows(self, records: list[Any], user: Any) -> list[dict[str, Any]]:
        countries = country_names()
        return [{"event": event, "where": where(event.place, event.country_id, countries)} for event in records]


class EventsExport(Export):
    resource = EVENTS


class EventPage(DetailPage):
    resource = EVENTS
    template_name = "cases/event.html"

    def rows(self, user: Any) -> QuerySet:
        return EVENTS.table_rows_at(user, None)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        evidence, countries = Evidence(user, [record]), country_names()
        return {
            "used": cited_sources(evidence.of(record)),
            **known_and_not(
                [
                    evidence.fact("What", record, "title"),
                    evidence.fact("Organiser", record, "organiser"),
                    evidence.fact("Country", record, "country", country_item(record.country_id, countries) or ""),
                    evidence.fact("Place", record, "place"),
                    evidence.fact("Began", record, "start"),
                    evidence.fact("Ended", record, "end"),
                    evidence.fact("Note", record, "note"),
                ]
            ),
        }
