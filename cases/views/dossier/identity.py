"""The identity part of a dossier: names, citizenships, birth, and why the person is in the database."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst

from cases.views.chronology import is_case
from cases.views.dossier.content import DossierFact
from cases.views.dossier.statements import Statements
from cases.views.people import about_name, age_words, headcount, names_in_order, since_until
from cases.vocabulary import DetailKind, InvolvementRole, PersonKind


def births(person: Any) -> list[Any]:
    """Return what the reader may see of the birth, stated or as an age; no other detail is told."""
    return [detail for detail in person.visible_details if detail.kind in (DetailKind.BORN, DetailKind.AGE)]


def birth_words(detail: Any) -> str:
    """Return when somebody was born, by one detail: "10 May 1987", "between ... and ... (34 years old on ...)"."""
    if detail.age is None or detail.date is None:
        return detail.date.label if detail.date else detail.value
    return f"{detail.birth.label} ({age_words(detail)})" if detail.birth else age_words(detail)


def names_of(person: Any, statements: Statements) -> tuple[DossierFact, ...]:
    """Return the forms of the name, the primary one first and misprints last, each under what it is."""

    def fact(name: Any) -> DossierFact:
        cited = statements.of(name, f"The name {name.text}")
        return DossierFact(capfirst(", ".join(about_name(name))), name.text, cited, name.language)

    return tuple(fact(name) for name in names_in_order(person))


def facts_of(person: Any, statements: Statements, countries: dict[str, str]) -> tuple[DossierFact, ...]:
    """Return the facts with anything to tell: a value, or a source that speaks about it."""

    def fact(label: str, text: str, *fields: str) -> DossierFact:
        return DossierFact(label, text, statements.of(person, person.label, *fields))

    facts = [fact("Name to use", person.label, "label")]
    if person.kind == PersonKind.GROUP:
        size = ", ".join(item.text for item in headcount(person))
        facts.append(fact("A group of", size, "headcount_min", "headcount_max"))
    facts += statuses(person, statements, countries)
    facts += [
        DossierFact("Born", birth_words(birth), statements.of(birth, "Date of birth")) for birth in births(person)
    ]
    categories = ", ".join(category.label for category in person.categories.all())
    facts += [
        fact("Why hunted", categories, "categories"),
        fact("Occupation", person.occupation, "occupation"),
        fact("Ethnicity", person.ethnicity, "ethnicity"),
        fact("Residence", countries.get(person.residence_id, ""), "residence"),
    ]
    return tuple(each for each in facts if each.text)


def statuses(person: Any, statements: Statements, countries: dict[str, str]) -> list[DossierFact]:
    """Return the citizenships, and how else the person stands towards countries in law, with their dates."""
    facts = []
    for status in sorted(person.visible_legal_statuses, key=lambda status: status.kind_id != "citizen"):
        label = "Citizenship" if status.kind_id == "citizen" else capfirst(status.kind.label)
        country = countries.get(status.country_id, status.country_id)
        cited = statements.of(status, f"{label}, {country}")
        facts.append(DossierFact(label, ", ".join([country, *since_until(status)]), cited))
    return facts


def standing_of(person: Any, statements: Statements) -> DossierFact:
    """Return why the person is in the database, with what that means: of somebody of the standing “other”, the role."""
    why = person.role_or_standing
    return DossierFact(capfirst(why.label), why.meaning, statements.of(person, person.label, "standing", "role"))


def appearances(person: Any, statements: Statements) -> tuple[DossierFact, ...]:
    """Return the incidents in which the person has a part but no case."""
    return tuple(
        DossierFact(
            capfirst(InvolvementRole(row.role).label),
            f"{row.incident.title} ({row.incident.ref})",
            statements.of(row, f"Part in {row.incident.title}"),
        )
        for row in person.visible_involvements
        if not is_case(row)
    )
