"""Rows that a stranger may not see: of every kind, hidden in every way, each full of a word found nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.db import models

from cases.models import (
    CITABLE,
    Agreement,
    Citation,
    Event,
    Incident,
    Involvement,
    LegalStatus,
    LegalStatusKind,
    Notice,
    NoticeEvent,
    Person,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
)
from sources.dates import UncertainDateField
from sources.models import Record, ReferenceField, SourceDocument, SourceKind
from tests.factories import (
    make_agreement,
    make_country,
    make_incident,
    make_involvement,
    make_notice,
    make_person,
    make_source,
    make_stage,
)

WORD = "Zzyqanary"
DAY = "1871-03-04"
NUMBER = 918273
TELLTALES = (WORD.lower(), DAY, str(NUMBER))
#: Columns of text that are no place for a word: codes, checksums and what the database keeps true itself.
NOT_FOR_WORDS = {"level", "review", "sha256", "script", "language", "field"}
_number = count(1)


def telltale(model: type[Record]) -> dict[str, Any]:
    """Values for all columns of a model that can tell: words, a day, and numbers."""
    told: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if not field.editable or field.choices or field.name in NOT_FOR_WORDS or isinstance(field, ReferenceField):
            continue
        if isinstance(field, UncertainDateField):
            told[field.name] = DAY
        elif isinstance(field, models.URLField):
            told[field.name] = f"https://{WORD.lower()}.example/{next(_number)}"
        elif isinstance(field, models.CharField | models.TextField):
            told[field.name] = f"{WORD} {next(_number)}"
        elif type(field) is models.PositiveIntegerField:
            told[field.name] = NUMBER
    return told | {name: NUMBER + 1 for name in ("end", "headcount_max") if told.get(name) == NUMBER}


def citizen() -> LegalStatusKind:
    return LegalStatusKind.objects.get_or_create(code="citizen", defaults={"label": "citizen", "meaning": "Citizen."})[
        0
    ]


def around(model: type[Record]) -> dict[str, Any]:
    """What else a row needs: visible rows of its own to belong to, and codes that would change what is told of them."""
    norway = make_country("NO")
    rests_on: dict[type[Record], Callable[[], dict[str, Any]]] = {
        SourceDocument: lambda: {"kind": SourceKind.objects.first(), "file": "", "derived_from": make_source()},
        Person: lambda: {"standing": "target", "kind": "group", "residence": norway},
        PersonName: lambda: {"person": make_person(), "kind": "misprint"},
        PersonDetail: lambda: {"person": make_person(), "kind": "born"},
        LegalStatus: lambda: {"person": make_person(), "country": norway, "kind": citizen()},
        Relationship: lambda: {"person": make_person(), "relative": make_person(), "kind": "spouse"},
        Incident: lambda: {"scope": "cross_border", "origin": make_country("CN"), "location": norway},
        Involvement: lambda: {"person": make_person(), "incident": make_incident()},
        Stage: lambda: {"involvement": visible_involvement(), "kind": "death", "country": norway},
        Notice: lambda: {"person": make_person(), "instrument": "red_notice", "requested_by": norway},
        NoticeEvent: lambda: {"notice": make_notice(make_person()), "state": "published"},
        Agreement: lambda: {"kind": "extradition"},
        Ratification: lambda: {"agreement": make_agreement(), "country": norway, "state": "ratified"},
        Event: lambda: {"country": norway},
    }
    return rests_on[model]()


def visible_involvement() -> Involvement:
    involvement = make_involvement(make_incident(), make_person())
    make_stage(involvement)
    return involvement


def make(model: type[Record], **fields: Any) -> Any:
    return model.objects.create(**telltale(model) | around(model) | fields)


def ways(model: type[Record]) -> list[dict[str, str]]:
    """The ways to hide a row itself."""
    published = {"review": "published"} if model.reviewed else {}
    hidden = [{"level": level} | published for level in ("partner", "team", "restricted")]
    states = ("draft", "in_review", "withheld", "withdrawn") if model.reviewed else ()
    return hidden + [{"level": "public", "review": state} for state in states]


def open_to_all(model: type[Record]) -> dict[str, str]:
    return {"level": "public"} | ({"review": "published"} if model.reviewed else {})


def hide_rows() -> Iterator[Record]:
    """Make the hidden rows: of each kind in each way, then public rows that belong to hidden ones, then citations."""
    hidden: dict[type[Record], list[Any]] = {}
    models_in_order: list[type[Record]] = [SourceDocument, *CITABLE.values()]
    for model in models_in_order:
        rows = [make(model, **way) for way in ways(model)]
        for parent in model.parents:
            of: Any = model._meta.get_field(parent).related_model
            rows += [make(model, **open_to_all(model), **{parent: hidden[of][1]})]
        hidden[model] = rows
        yield from rows
    for name, model in CITABLE.items():
        for row in hidden[model]:
            yield cite(make_source(), name, row, level="public")
    for row in hidden[SourceDocument]:
        yield cite(row, "person", make_person(), level="public")
    for way in ways(Citation):
        yield cite(make_source(), "incident", make_incident(), **way)
        yield cite(make_source(), "person", make_person(), **way)


def cite(source: SourceDocument, name: str, record: Record, **fields: Any) -> Citation:
    return Citation.objects.create(**telltale(Citation) | {"source": source, name: record, "field": "ref"} | fields)


def make_world() -> SimpleNamespace:
    """Return the hidden rows, and one visible row of each kind that has an address."""
    make_source()
    rows = list(hide_rows())
    return SimpleNamespace(hidden=rows, refs=[row.ref for row in rows])


def forget(world: SimpleNamespace) -> None:
    """Remove the hidden rows, as if they had never been."""
    for row in reversed(world.hidden):
        row.delete()
