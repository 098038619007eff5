"""The list of people, and the page of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst

from cases.codebook import PEOPLE
from cases.codebook.notices import notices_of_page
from cases.codebook.people import citizenships, naming_sources, rows_of_page
from cases.codebook.situation import in_order, is_open, own_cases, reached_by
from cases.duties.deadlines import deadlines
from cases.duties.pages import resting_on, what_comes_next
from cases.models import Actor, Demand, Person, PersonName
from cases.return_risk.danger_signals import open_across, signals
from cases.return_risk.records import records_at_risk
from cases.situation.phrases import plain
from cases.situation.sentence import where_it_stands, who
from cases.views.chronology import chronology, country_names, is_case, stages_of
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Fact, Proof, known_and_not
from cases.views.incident_parts import demand_views
from cases.views.links import Item, country_item, open_term, page_of, term
from cases.views.notices import notice_row, parts_of
from cases.vocabulary import (
    DetailKind,
    InvolvementRole,
    NameKind,
    OtherRole,
    PersonKind,
    RelationKind,
    Sex,
    Standing,
)
from records.current_day import current_day
from records.lists.pages import DetailPage, Export, ListPage


@dataclass(frozen=True)
class PersonRow:
    """A person in a list: who it is, under which other names, and where each case stands."""

    person: Person
    standing: Standing
    role: OtherRole | None
    other_names: list[PersonName]
    citizenships: list[str]
    cases: list[tuple[str, str, str]]
    sources: int


def person_row(person: Any, countries: dict[str, str]) -> PersonRow:
    involved = own_cases(person)
    return PersonRow(
        person=person,
        standing=Standing(person.standing),
        role=OtherRole(person.role) if person.role else None,
        other_names=[name for name in person.visible_names if name.text != person.label],
        citizenships=[countries.get(code, code) for code in citizenships(person)],
        cases=[(where_it_stands(row, countries), row.incident.title, row.incident.ref) for row in involved],
        sources=len(naming_sources(person)),
    )


class PeopleList(ListPage):
    resource = PEOPLE
    template_name = "cases/people.html"
    columns = (
        ("label", "Name"),
        ("targets", "Standing"),
        ("", "Citizenship"),
        ("", "Where each case stands"),
        ("", "#Sources"),
    )

    def rows(self, records: list[Any], user: Any) -> list[PersonRow]:
        countries = country_names()
        return [person_row(person, countries) for person in records]


class PeopleExport(Export):
    resource = PEOPLE


@dataclass(frozen=True)
class NameRow:
    """One form of a name, what it is, and the sources that print it."""

    name: PersonName
    about: list[str]
    proof: Proof


@dataclass(frozen=True)
class RelativeRow:
    """Somebody close: what they are to this person, and who says so."""

    kind: str
    person: Person
    ref: str
    lasted: str
    proof: Proof


class PersonPage(DetailPage):
    resource = PEOPLE
    template_name = "cases/person.html"

    def rows(self, user: Any) -> QuerySet:
        return rows_of_page(user, self.moment.as_of)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        person, involved = record, in_order(record)
        stages = stages_of(involved)
        notices = list(notices_of_page(user, self.moment.as_of).filter(person=person))
        relations = [*person.visible_relations_out, *person.visible_relations_in]
        parts = [person, *person.visible_names, *person.visible_details, *person.visible_legal_statuses, *relations]
        noticed = [part for notice in notices for part in parts_of(notice)]
        incidents = [row.incident for row in involved]
        countries, today = country_names(), current_day()
        day = self.moment.as_of or today
        coming = deadlines(user, today, person=person, involvements=involved) if self.moment.as_of is None else []
        demands = list(demands_of(user, involved, self.moment.as_of))
        cited = [*parts, *involved, *stages, *demands, *incidents, *notices, *noticed, *resting_on(coming)]
        at_risk = records_at_risk(user, person, open_across(involved, day), day, countries, cited)
        evidence = at_risk.evidence
        return {
            "who": who(person),
            "overall": overall(person),
            "coming": what_comes_next(coming, evidence, today),
            "signals": signals(at_risk),
            "signals_day": day,
            "cases": chronology(involved, evidence, countries),
            "aimed_at": [(row, evidence.of(row)) for row in involved if is_aimed_at(row)],
            "appears_in": [(row, evidence.of(row)) for row in involved if not is_case(row) and not is_aimed_at(row)],
            "demands": demand_views(demands, evidence),
            "acts": acts_of(user, person),
            "names": names(person, evidence),
            "relatives": relatives(person, evidence),
            "notices": [notice_row(notice, countries, evidence) for notice in notices],
            "used": cited_sources(evidence.of_all([*parts, *involved, *stages, *demands, *notices, *noticed])),
            "standing": person.role_or_standing,
            **known_and_not(person_facts(person, evidence, countries)),
        }


def demands_of(user: Any, involved: list[Any], day: date | None) -> QuerySet:
    """Return the demands that were made of a person in these parts, as far as `user` may see them, by a day."""
    demands = Demand.objects.visible_to(user).filter(involvement__in=[row.pk for row in involved])
    return demands.possibly_by(day).in_order().select_related("involvement__person")


def acts_of(user: Any, person: Any) -> int:
    """Return in how many incidents an organisation is named as an actor, as far as `user` may see."""
    if person.kind != PersonKind.ORGANISATION:
        return 0
    actors = Actor.objects.visible_to(user).filter(organisation=person)
    return actors.values("incident").distinct().count()


def is_aimed_at(involvement: Any) -> bool:
    """Whether others were hit to reach the person: told at the head of the page, before other parts in incidents."""
    return involvement.role == InvolvementRole.AIMED_AT and not involvement.visible_stages


def overall(person: Any) -> str:
    """Return how far the pursuit of somebody with several cases has come, over all of them."""
    cases = own_cases(person)
    if len(cases) < 2:
        return ""
    verdicts = [is_open(row) for row in cases]
    unknown = f", {verdicts.count(None)} of which that is not known" if None in verdicts else ""
    return (
        f"{len(cases)} cases, {verdicts.count(True)} of them open{unknown}. "
        f"Highest step reached: {reached_by(person).label}."
    )


def names(person: Any, evidence: Evidence) -> list[NameRow]:
    return [NameRow(name, about_name(name), evidence.of(name)) for name in names_in_order(person)]


def names_in_order(person: Any) -> list[PersonName]:
    """Return the forms of the name, the primary one first, misprints last."""
    order = list(NameKind)
    return sorted(person.visible_names, key=lambda name: order.index(name.kind))


def about_name(name: Any) -> list[str]:
    """Return what is told beside a form of a name, here and in the dossier; the Latin script goes without saying."""
    cited = [NameKind(name.kind).label, "" if name.script == "Latn" else name.script, name.language]
    return [str(each) for each in cited if each]


def relatives(person: Any, evidence: Evidence) -> list[RelativeRow]:
    """Return those close to the person. A row that stands the other way round is read backwards."""
    out = [(row, row.kind, row.relative) for row in person.visible_relations_out]
    back = [(row, str(row.inverse), row.person) for row in person.visible_relations_in]
    return [
        RelativeRow(RelationKind(kind).label, other, row.ref, ", ".join(since_until(row)), evidence.of(row))
        for row, kind, other in out + back
    ]


def person_facts(person: Any, evidence: Evidence, countries: dict[str, str]) -> list[Fact]:
    """Return what is known of the person, fact by fact."""
    sex = term(Sex(person.sex)) if person.sex != Sex.UNKNOWN else None
    role = term(OtherRole(person.role)) if person.role else None
    categories = [item for category in person.categories.all() if (item := open_term(category))]
    facts = [
        evidence.fact("Standing", person, "standing", term(Standing(person.standing))),
        evidence.fact("Why hunted", person, "categories", categories),
        evidence.fact("Occupation", person, "occupation"),
        evidence.fact("Ethnicity", person, "ethnicity"),
        evidence.fact("Residence", person, "residence", country_item(person.residence_id, countries) or ""),
    ]
    if person.role:
        facts.insert(1, evidence.fact("Role", person, "role", role))
    if person.kind == PersonKind.GROUP:
        size = Fact("How many", headcount(person), evidence.of(person, "headcount_min", "headcount_max"))
        return [*facts, size, *status_facts(person, evidence, countries), *detail_facts(person, evidence)]
    if person.kind == PersonKind.INDIVIDUAL:
        facts.append(evidence.fact("Sex", person, "sex", sex or ""))
    return [*facts, *status_facts(person, evidence, countries), *detail_facts(person, evidence)]


def headcount(person: Person) -> list[Item]:
    """Return how many people a group counts, as far as that is known."""
    least, most = person.headcount_min, person.headcount_max
    if least is None and most is None:
        return []
    if least == most:
        return [Item(f"{least:,}")]
    if most is None:
        return [Item(f"at least {least:,}")]
    return [Item(f"at most {most:,}" if least is None else f"{least:,} to {most:,}")]


def status_facts(person: Any, evidence: Evidence, countries: dict[str, str]) -> list[Fact]:
    """Return how the person stands towards countries in law."""
    facts = []
    for status in person.visible_legal_statuses:
        country = Item(countries.get(status.country_id, status.country_id), page_of("country", status.country_id))
        facts.append(Fact(status.kind.label, [country, *map(Item, since_until(status))], evidence.of(status)))
    return facts


def since_until(row: Any) -> list[str]:
    """Return since when and until when a status or a relationship lasted, as far as that is known."""
    return [f"{word} {plain(date)}" for word, date in (("since", row.since), ("until", row.until)) if date]


def detail_facts(person: Any, evidence: Evidence) -> list[Fact]:
    """Return the facts with a protection of their own, as far as the reader may see them."""
    facts = []
    for detail in person.visible_details:
        texts = [detail.date.label if detail.date else "", detail.value]
        label = DetailKind(detail.kind).label
        if detail.age is not None and detail.date:
            texts = [detail.birth.label if detail.birth else "", age_words(detail)]
            label = DetailKind.BORN.label
        facts.append(Fact(capfirst(label), [Item(text) for text in texts if text], evidence.of(detail)))
    return facts


def age_words(detail: Any) -> str:
    """Return how old somebody was on a day: "34 years old on 19 July 2021"."""
    return f"{detail.age} year{'' if detail.age == 1 else 's'} old {detail.date.phrase}"
