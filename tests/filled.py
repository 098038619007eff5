"""A case in which every column is filled in: each text and each date with one that stands nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import models

from cases.models import (
    Citation,
    DetentionKind,
    Duty,
    Incident,
    LegalStatusKind,
    Outcome,
    PerpetratorKind,
    Person,
    Tactic,
    TargetCategory,
)
from config.columns import entered, fields_of
from records.fields.uncertain_date import UncertainDateField
from records.models import Record
from sources.models import SourceDocument, SourceKind
from tests.factories import (
    make_actor,
    make_agreement,
    make_capture,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_demand,
    make_detail,
    make_duty,
    make_event,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_part,
    make_person,
    make_ratification,
    make_relationship,
    make_source,
    make_stage,
    make_tactic_used,
    make_warrant,
)

FIRST_DAY = date(2001, 1, 1)


def terms(model: Any, **more: Any) -> list[Any]:
    """Make two terms of an open list."""
    words = [f"{model.__name__} {which}" for which in ("one", "two")]
    made = [{"code": text.lower().replace(" ", "_"), "label": text, "meaning": f"{text}."} for text in words]
    return [model.objects.create(**each, **more) for each in made]


def filled_rows() -> list[Record]:
    """Make at least one row of every kind of record, with a value in every column that people enter."""
    (person, relative, group), documents = people(), sources()
    source = documents[-1]
    kind, goes_on = terms(PerpetratorKind)[0], make_incident()
    turkey, agreement = make_country("TR"), make_agreement()
    incident = make_incident(agreement=agreement)
    behind, place = incident.country_parts.order_by("-part")
    terms(Tactic, family="via_host")
    ministry = make_person("Ministry", kind="organisation", standing="other", role="official")
    involvement = make_involvement(incident, person, outcome=terms(Outcome)[0], accusation="separatism")
    earlier, first = make_notice(person), make_notice(person)
    notice = make_notice(person, replaces=earlier)
    request = make_ccf_request(notice, outcome="compliant")
    rows: list[Record] = [
        person,
        relative,
        group,
        *documents,
        make_name(person),
        make_detail(person),
        make_detail(person, kind="address"),
        make_legal_status(person),
        make_relationship(person, relative),
        ministry,
        incident,
        behind,
        place,
        make_part(incident, "transit", "MA"),
        make_part(incident, "destination", "CN"),
        make_tactic_used(incident, "tactic_one"),
        make_actor(incident, organisation=ministry, kind=kind, part="ordered", confidence="probable", answer="denies"),
        involvement,
        make_demand(involvement, channel="call"),
        goes_on,
        in_it := make_involvement(goes_on, person),
        make_stage(involvement, country=turkey, detention_kind=terms(DetentionKind)[0]),
        make_stage(
            involvement, "deportation", destination="CN", headcount=2, lawfulness="unlawful", host_part="cooperated"
        ),
        make_stage(involvement, "sentence", in_absentia=True),
        make_stage(involvement, "death", cause="killed"),
        earlier,
        first,
        notice,
        make_notice_event(notice),
        make_warrant(notice, accusation="fraud"),
        request,
        make_ccf_event(request, "extended"),
        make_duty(involvement, rhythm="weekly"),
        stands := make_duty(in_it, rhythm="weekly"),
        agreement,
        make_agreement("CN", "MA"),
        make_ratification(agreement),
        make_event(country=turkey),
        make_capture(source),
        make_citation(source, "occupation", person=person, credibility=2, preferred=False),
    ]
    terms(LegalStatusKind)
    fill(rows)
    Incident.objects.filter(pk=goes_on.pk).update(end="")
    Duty.objects.filter(pk=stands.pk).update(ended="")
    return [type(row)._base_manager.get(pk=row.pk) for row in rows]


def people() -> list[Person]:
    """Make a person, somebody of the standing “other”, who alone has a role, and a group, which alone is counted."""
    person = make_person(sex="male", residence=make_country("TR"))
    person.categories.set(terms(TargetCategory)[:1])
    relative = make_person("Gulnar Tursun", standing="other", role="relative")
    return [person, relative, make_person("Passengers", kind="group", headcount_min=2, headcount_max=5)]


def sources() -> list[SourceDocument]:
    """Make documents, of which the last, a copy of the first, alone says from what it descends."""
    terms(SourceKind)
    first, other = make_source(), make_source()
    return [
        first,
        other,
        make_source(derived_from=first, derivation="wire_copy", reliability="B", post=3, start=1, end=9),
    ]


def fill(rows: list[Record]) -> None:
    """Give each text and each date a value of its own; later columns and rows get later days."""
    number = count(1)
    for row in rows:
        told = [field for field in fields_of(type(row)) if field.name in entered(type(row)) and is_told(field)]
        values = {field.name: probe(field, next(number)) for field in told}
        type(row).objects.filter(pk=row.pk).update(**values)


def is_told(field: Any) -> bool:
    """Whether a column holds words or a date, which a page can only tell as they are."""
    return isinstance(field, models.CharField | models.TextField) and not field.choices and not is_name_of_column(field)


def is_name_of_column(field: Any) -> bool:
    return field.model is Citation and field.name == "field"


def probe(field: Any, number: int) -> str:
    if isinstance(field, UncertainDateField):
        return (FIRST_DAY + timedelta(number)).isoformat()
    if isinstance(field, models.URLField):
        return f"https://example.org/z{number:03}"
    return f"z{number:03}"
