"""The list of incidents, and the page of one incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.codebook import INCIDENTS
from cases.codebook.incident_parts import agreement_seen, parts_of
from cases.codebook.incidents import citations_of
from cases.codebook.notices import notices_of_page
from cases.duties.deadlines import deadlines
from cases.duties.pages import resting_on, what_comes_next
from cases.models import Incident, Stage
from cases.situation.cited import independent, with_citations
from cases.situation.counted import counted_people
from cases.situation.places import hosts, of_part
from cases.situation.sentence import where_it_stands
from cases.situation.standing import undated_stages
from cases.views.chronology import chronology, country_names, is_case, stages_of
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Fact, known_and_not
from cases.views.incident_parts import actor_views, agreement_fact, country_facts, demand_views, tactic_facts
from cases.views.links import Item, term
from cases.views.notices import notice_row
from cases.views.notices import parts_of as parts_of_notice
from cases.vocabulary import Attribution, CountryPart, InvolvementRole, Scope
from records.current_day import current_day
from records.lists.pages import DetailPage, Export, ListPage


@dataclass(frozen=True)
class IncidentRow:
    """An incident in a list: what, between which states, and where each person's case stands.

    `origins` are the states behind it, each with how far it is tied to that.
    """

    incident: Incident
    scope: Scope
    tactics: list[str]
    origins: list[tuple[str, Attribution]]
    hosts: list[str]
    people: list[tuple[str, str, str]]
    sources: int


def subjects(incident: Any) -> list[Any]:
    """The involvements of the people to whom the incident happened."""
    return [row for row in incident.visible_involvements if row.role == InvolvementRole.SUBJECT]


def incident_row(incident: Any, countries: dict[str, str]) -> IncidentRow:
    return IncidentRow(
        incident=incident,
        scope=Scope(incident.scope),
        tactics=list(dict.fromkeys(used.tactic.label for used in incident.visible_tactics)),
        origins=[
            (countries.get(row.country_id, row.country_id), Attribution(row.attribution))
            for row in of_part(incident, CountryPart.ORIGIN)
        ],
        hosts=[countries.get(code, code) for code in hosts(incident)],
        people=[(where_it_stands(row, countries), row.person.label, row.person.ref) for row in subjects(incident)],
        sources=independent(citations_of(incident)),
    )


class IncidentsList(ListPage):
    resource = INCIDENTS
    template_name = "cases/incidents.html"
    columns = (
        ("title", "Incident"),
        ("start", "Began"),
        ("origin", "State behind it"),
        ("host", "Host"),
        ("", "People, and where each stands"),
        ("", "#Independent sources"),
    )

    def rows(self, records: list[Any], user: Any) -> list[IncidentRow]:
        countries = country_names()
        return [incident_row(incident, countries) for incident in records]


class IncidentsExport(Export):
    resource = INCIDENTS


class IncidentPage(DetailPage):
    resource = INCIDENTS
    template_name = "cases/incident.html"

    def rows(self, user: Any) -> QuerySet:
        incidents = INCIDENTS.table_rows_at(user, self.moment.as_of).prefetch_related(agreement_seen(user))
        return with_citations(incidents, user, undated_stages_of)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        involved = record.visible_involvements
        by_involvement = stages_of(involved)
        people = [row.person_id for row in subjects(record)]
        notices = list(notices_of_page(user, self.moment.as_of).filter(person__in=people))
        noticed = [part for notice in notices for part in parts_of_notice(notice)]
        countries, today, subject_rows = country_names(), current_day(), subjects(record)
        coming = deadlines(user, today, involvements=subject_rows) if self.moment.as_of is None else []
        cited = [record, *parts_of(record), *involved, *by_involvement, *notices, *noticed, *resting_on(coming)]
        evidence = Evidence(user, cited)
        return {
            "coming": what_comes_next(coming, evidence, today),
            "naming": len(subject_rows) > 1,
            "cases": chronology(involved, evidence, countries),
            "others": [(row, evidence.of(row)) for row in involved if not is_case(row)],
            "notices": [notice_row(notice, countries, evidence) for notice in notices],
            "actors": actor_views(record, evidence),
            "demands": demand_views(record.visible_demands, evidence),
            "summary_proof": evidence.of(record, "summary", "title"),
            "used": cited_sources(evidence.of_all([record, *parts_of(record), *involved, *by_involvement])),
            **known_and_not(incident_facts(record, evidence, countries)),
        }


def undated_stages_of(incidents: list[Any]) -> list[Stage]:
    """The stages of incidents that nothing but sources dates: other citations are fetched with the evidence."""
    return undated_stages(row for incident in incidents for row in incident.visible_involvements)


def counting_words(incident: Any) -> list[str]:
    """Return whether Freedom House would count what happened, and why; of several people by name."""
    found = counted_people(incident)
    named = len(found) > 1
    return [
        f"{f'{each.person.label}: ' if named else ''}{each.verdict.value.label}, {each.verdict.reason}"
        for each in found
    ]


def incident_facts(incident: Any, evidence: Evidence, countries: dict[str, str]) -> list[Fact]:
    """Return what is known of the incident, fact by fact."""
    return [
        *country_facts(incident, evidence, countries),
        evidence.fact("Began", incident, "start"),
        evidence.fact("Ended", incident, "end"),
        evidence.fact("Scope", incident, "scope", term(Scope(incident.scope))),
        *tactic_facts(incident, evidence),
        Fact("Counted by Freedom House", [Item(words) for words in counting_words(incident)]),
        evidence.fact("Legal basis", incident, "legal_basis"),
        agreement_fact(incident, evidence),
    ]
