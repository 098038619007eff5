"""All rows that belong to a person, now and in the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from cases.models import (
    Actor,
    CcfEvent,
    CcfRequest,
    Citation,
    Demand,
    Duty,
    Incident,
    IncidentCountry,
    Involvement,
    LegalStatus,
    Notice,
    NoticeEvent,
    Person,
    PersonDetail,
    PersonName,
    Relationship,
    Stage,
    TacticUsed,
    Warrant,
)
from cases.vocabulary import InvolvementRole
from records.audit.redaction import Links, Place, past_rows, past_values
from records.models import Record
from seeds.derived_columns import project_models

#: What can hang on a person, each after everything that it can hang on.
MODELS_OF_PERSON: tuple[type[Record], ...] = (
    Person,
    PersonName,
    PersonDetail,
    LegalStatus,
    Relationship,
    Notice,
    Incident,
    IncidentCountry,
    TacticUsed,
    Actor,
    Involvement,
    NoticeEvent,
    Warrant,
    CcfRequest,
    CcfEvent,
    Stage,
    Demand,
    Duty,
    Citation,
)


@dataclass
class PersonData:
    """A person with everything that is theirs alone.

    `rows` are the keys by model, `places` the same and what was removed before by table and key, `refs` the references
    of all that, `names` what the person was ever called.
    """

    person: Person
    rows: dict[type[Any], set[int]] = field(default_factory=lambda: defaultdict(set))
    places: set[Place] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return sum(len(keys) for keys in self.rows.values())


def person_data(person: Person) -> PersonData:
    """Find everything of a person: first what is there, then what the history remembers."""
    theirs = PersonData(person)
    theirs.rows[Person] = {person.pk}
    theirs.rows[Incident] = set(incidents_of_nobody_else(person))
    for model in MODELS_OF_PERSON:
        for column, target in leading(model).items():
            theirs.rows[model] |= keys(model, column, theirs.rows[target])
    for model in MODELS_OF_PERSON:
        for link in model._meta.local_many_to_many:
            through: Any = link.remote_field.through
            theirs.rows[through] |= keys(through, link.m2m_field_name(), theirs.rows[model])
    own = {(model._meta.db_table, str(key)) for model, found in theirs.rows.items() for key in found}
    theirs.places, past = past_rows(own, links())
    theirs.refs = refs_of(theirs.rows) | (past - still_there(past))
    theirs.names = names_of(theirs)
    return theirs


def incidents_of_nobody_else(person: Person) -> Iterable[int]:
    """Return the incidents whose only subject is this person."""
    subjects = Involvement.objects.filter(role=InvolvementRole.SUBJECT)
    others = subjects.exclude(person=person.pk).values("incident")
    return subjects.filter(person=person.pk).exclude(incident__in=others).values_list("incident", flat=True)


def leading(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """Return the foreign keys by which a row belongs to another one that can belong to a person."""
    foreign: list[Any] = [each for each in model._meta.concrete_fields if each.related_model in MODELS_OF_PERSON]
    return {each.name: each.related_model for each in foreign}


def links() -> Links:
    """Return the same by table and column, as the history has them."""
    return {
        model._meta.db_table: {f"{name}_id": target._meta.db_table for name, target in leading(model).items()}
        for model in MODELS_OF_PERSON
    }


def keys(model: Any, column: str, of: set[int]) -> set[int]:
    return set(model._base_manager.filter(**{f"{column}__in": of}).values_list("pk", flat=True)) if of else set()


def refs_of(rows: dict[type[Any], set[int]]) -> set[str]:
    """Return the references of rows."""
    records: list[tuple[Any, set[int]]] = [each for each in rows.items() if issubclass(each[0], Record)]
    return {ref for model, found in records for ref in model.objects.filter(pk__in=found).values_list("ref", flat=True)}


def still_there(refs: set[str]) -> set[str]:
    """Return those of some references that a record has now."""
    records: list[Any] = [model for model in project_models() if issubclass(model, Record)]
    return {ref for model in records for ref in model.objects.filter(ref__in=refs).values_list("ref", flat=True)}


def names_of(theirs: PersonData) -> set[str]:
    """Return every form of the name that a person has or ever had."""
    labels = past_values(theirs.places, Person._meta.db_table, "label")
    forms = past_values(theirs.places, PersonName._meta.db_table, "text")
    present = PersonName.objects.filter(person=theirs.person.pk).values_list("text", flat=True)
    return {theirs.person.label, *present, *labels, *forms}
