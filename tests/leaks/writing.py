"""What is written through the API: bodies whose references lead to something visible, hidden, and missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.models import CITABLE, Involvement, Notice, Person, PersonName
from config.surfaces import Surface
from records.api.request_body import WritableResource
from sources.models import SourceDocument
from tests.leaks.request import Asked, Grammar, Request

#: The references that stand in the examples of the documentation.
PERSON, INCIDENT = "PER-8QX3M2VD", "INC-4M7QZ0XK"


def submissions(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    """Submit what the documentation shows, with each reference in turn led elsewhere."""
    entry = next((entry for entry in WRITABLE_RESOURCES if entry.resource is surface.of), None)
    for body in bodies(grammar, entry) if entry else ():
        yield Asked(Request("POST", f"/{surface.pattern}", json=json.dumps(body)), 2)


def bodies(grammar: Grammar, entry: WritableResource) -> Iterator[dict[str, Any]]:
    parts = grammar.world.shown_to(grammar.role, Involvement)[:1]
    shown = {PERSON: parts[0].row.person.ref, INCIDENT: parts[0].row.incident.ref} if parts else {}
    text = json.dumps(entry.example)
    yield json.loads(led(text, shown))
    models = {PERSON: CITABLE["person"], INCIDENT: CITABLE["incident"]}
    for reference, model in models.items():
        for key in grammar.keys(model, 2) if reference in text else ():
            yield json.loads(led(text, shown | {reference: key}))
    plain = json.loads(led(text, shown))
    if entry.resource.name == "citations":
        for key in grammar.keys(SourceDocument, 2):
            yield plain | {"source": key}
        for model in CITABLE.values():
            for key in grammar.hidden(model, 1):
                yield plain | {"record": key, "field": "nothing"}
    if entry.resource.name == "sources":
        # Of a visible source the new one would be a relative, and the group the first of two references, one random.
        for key in (*grammar.hidden(SourceDocument, 2), grammar.missing(SourceDocument)):
            yield plain | {"derived_from": key}
            yield plain | {"different_from": [key]}
        for each in grammar.hidden_rows(SourceDocument, 2):
            yield plain | {"url": each.row.url or "https://example.org/"}
    if entry.resource.name == "people":
        # What is asked of people who are alike must tell of nobody hidden, and of no hidden name.
        for each in grammar.hidden_rows(Person, 2):
            yield plain | {"label": each.row.label}
        for each in grammar.hidden_rows(PersonName, 2):
            yield plain | {"names": [{"text": each.row.text, "kind": "primary"}]}
        for key in (*grammar.hidden(Person, 1), grammar.missing(Person)):
            yield plain | {"different_from": [key]}
    if entry.resource.name == "notices":
        for notice in grammar.hidden_rows(Notice, 2) + grammar.world.shown_to(grammar.role, Notice)[:1]:
            asked_by = {"instrument": notice.row.instrument, "requested_by": notice.row.requested_by_id}
            yield plain | asked_by | {"number": notice.row.number}


def led(text: str, references: dict[str, str]) -> str:
    for reference, key in references.items():
        text = text.replace(reference, key)
    return text
