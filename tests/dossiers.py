"""Dossiers for tests: a person to make one of, the two surfaces that show it, and what either of them says."""

from __future__ import annotations

import html
import io
import zipfile
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.models import Person
from cases.views.dossier.content import Dossier
from cases.views.dossier.gather import gather
from tests.factories import (
    make_actor,
    make_citation,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
)

DAY = date(2026, 11, 22)
SURFACES = ("dossier/", "dossier.docx")


def dossier_of(person: Person, reader: Any = None, **options: Any) -> Dossier:
    found = gather(reader or AnonymousUser(), person.ref, DAY, "the public", **options)
    assert found is not None
    return found


def text_of(response: Any) -> str:
    """Everything that a page or a document holds, as text; a document unzipped."""
    assert response.status_code == 200, response.content
    if not response.content.startswith(b"PK"):
        return html.unescape(response.content.decode())
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return html.unescape("\n".join(parts.read(name).decode() for name in parts.namelist()))


def take(client: Client, person: Person, surface: str = "dossier/", query: str = "") -> Any:
    return client.get(f"/people/{person.ref}/{surface}{query}")


@pytest.fixture
def tursun() -> SimpleNamespace:
    """A person of two cases whose dates overlap, with three documents of two origins that disagree."""
    person = make_person("Aybek Tursun")
    abroad, home = make_incident("Held in Istanbul"), make_incident("Watched at home", location="CN", start="2018")
    held, watched = make_involvement(abroad, person), make_involvement(home, person)
    wire = make_source(title="The wire report", outlet="Agency", author="A. Writer", language="en", sha256="a" * 64)
    copy = make_source(title="The copy", derived_from=wire, derivation="wire_copy")
    other = make_source(title="Another paper")
    make_actor(abroad, "a police unit")
    stages = SimpleNamespace(
        arrest=make_stage(
            held, "detention", "2018-10-31", position=1, place="a police station", actor="the police", note="At dawn."
        ),
        watched=make_stage(watched, "monitored", "2018"),
        freed=make_stage(held, "conditional_release", "2019-01-25"),
        threat=make_stage(watched, "threatened", ""),
    )
    make_citation(wire, "occurred", stage=stages.arrest, stated_value="31 October", paragraph=4, start=120, end=180)
    make_citation(copy, "occurred", stage=stages.arrest, stated_value="October 31")
    contradicting = {"stance": "contradicts", "preferred": False, "reason": "The family names the day before."}
    make_citation(other, "occurred", stage=stages.arrest, stated_value="1 November", **contradicting)
    make_citation(wire, "occurred", stage=stages.freed)
    return SimpleNamespace(person=person, abroad=abroad, held=held, stages=stages, wire=wire, copy=copy, other=other)
