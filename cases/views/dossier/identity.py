"""The identity part of a dossier: names, citizenships, birth, and why the person is in the database."""

from __future__ import annotations

from typing import Any

from cases.situation.sentence import plain
from cases.views.dossier.content import DossierFact, capital
from cases.views.dossier.statements import Statements
from cases.views.people import about_name, headcount
from cases.vocabulary import DetailKind, InvolvementRole, NameKind, OtherRole, PersonKind, Standing


def births(person: Any) -> list[Any]:
    """Return the dates of birth that the reader may see; of all details with a level of their own, no other is told."""
    return [detail for detail in person.visible_details if detail.kind == DetailKind.BORN]


def names_of(person: Any, statements: Statements) -> tuple[DossierFact, ...]:
    """Return the forms of the name, the primary one first and misprints last, each under what it is."""
    order = list(NameKind)
    names = sorted(person.visible_names, key=lambda name: order.index(name.kind))

    def fact(name: Any) -> DossierFact:
        cited = statements.of(name, f"The name {name.text}")
        return DossierFact(capital(", ".join(about_name(name))), name.text, cited, name.language)

    return tuple(fact(name) for name in names)


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
        DossierFact("Born", birth.date.label if birth.date else birth.value, statements.of(birth, "Date of birth"))
        for birth in births(person)
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
        dates = [f"{word} {plain(when)}" for word, when in (("since", status.since), ("until", status.until)) if when]
        label = "Citizenship" if status.kind_id == "citizen" else capital(status.kind.label)
        country = countries.get(status.country_id, status.country_id)
        cited = statements.of(status, f"{label}, {country}")
        facts.append(DossierFact(label, ", ".join([country, *dates]), cited))
    return facts


def standing_of(person: Any, statements: Statements) -> DossierFact:
    """Return why the person is in the database, with what that means: of somebody of the standing “other”, the role."""
    standing = OtherRole(person.role) if person.role else Standing(person.standing)
    return DossierFact(
        capital(standing.label), standing.meaning, statements.of(person, person.label, "standing", "role")
    )


def appearances(person: Any, cases: list[Any], statements: Statements) -> tuple[DossierFact, ...]:
    """Return the incidents in which the person has a part but no case."""
    with_case = {row.pk for row in cases}
    return tuple(
        DossierFact(
            capital(InvolvementRole(row.role).label),
            f"{row.incident.title} ({row.incident.ref})",
            statements.of(row, f"Part in {row.incident.title}"),
        )
        for row in person.visible_involvements
        if row.pk not in with_case
    )
