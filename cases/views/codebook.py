"""The codebook as a page: every public column of every resource, and every term with its meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

import cases.vocabulary
from cases.codebook import RESOURCES
from cases.models import DetentionKind, LegalStatusKind, Outcome, PerpetratorKind, Tactic, TargetCategory
from cases.vocabulary import CountingCondition
from records.fields.edtf import Precision
from records.lists.codebook import DATE_PARTS, TYPES, Column
from records.lists.pages import PageWithoutParameters
from records.models import Term
from records.vocabulary import Level, Review, Vocabulary
from sources.models import SourceKind
from sources.vocabulary import Derivation, Reliability

CLOSED: list[type[Vocabulary]] = [
    *(getattr(cases.vocabulary, name) for name in cases.vocabulary.__all__),
    Derivation,
    Reliability,
    Level,
    Review,
]
OPEN: list[type[Term]] = [
    SourceKind,
    Tactic,
    TargetCategory,
    LegalStatusKind,
    PerpetratorKind,
    Outcome,
    DetentionKind,
]


@dataclass(frozen=True)
class CodebookEntry:
    """A column as the codebook prints it; the parts of an object follow it, one level in."""

    column: Column
    depth: int
    csv: str
    vocabulary: str


@dataclass(frozen=True)
class TermRow:
    """A term: code, label, meaning, and what more its list says of it."""

    code: str
    label: str
    meaning: str
    remark: str


@dataclass(frozen=True)
class TermList:
    """A controlled list: its anchor, its title, what it is about, and its terms."""

    anchor: str
    title: str
    meaning: str
    terms: list[TermRow]


class Codebook(PageWithoutParameters):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"section": "codebook", "of_program": of_program(), "open": [open_list(terms) for terms in OPEN]}
        return render(request, "cases/codebook.html", context)


@cache
def of_program() -> str:
    """Return the columns and the closed lists as the page shows them: part of the program, and drawn once."""
    context = {
        "resources": [
            (resource, [row for column in resource.columns for row in entries(column)]) for resource in RESOURCES
        ],
        "types": TYPES.items(),
        "date_parts": DATE_PARTS,
        "precisions": list(Precision),
        "closed": [closed_list(vocabulary) for vocabulary in CLOSED],
        "open": [(terms.__name__, title_of(terms)) for terms in OPEN],
    }
    return render_to_string("includes/codebook_of_program.html", context)


def entries(column: Column, depth: int = 0) -> list[CodebookEntry]:
    """Return a column and, for an object, its parts."""
    csv = "" if depth else ", ".join(column.flat_names())
    vocabulary = column.vocabulary.__name__ if column.vocabulary else ""
    parts = [row for part in column.parts for row in entries(part, depth + 1)]
    return [CodebookEntry(column, depth, csv, vocabulary), *parts]


def title_of(list_type: type) -> str:
    """Return the name of a list as people read it: StageKind is "Stage kind"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", list_type.__name__)
    return words.capitalize()


def closed_list(vocabulary: type[Vocabulary]) -> TermList:
    terms = [TermRow(member.value, str(member.label), member.meaning, remark(member)) for member in vocabulary]
    return TermList(vocabulary.__name__, title_of(vocabulary), vocabulary.__doc__ or "", terms)


def remark(member: Any) -> str:
    """Return the phase of a stage kind, and whether it closes the case; nothing for other terms."""
    if not isinstance(member, cases.vocabulary.StageKind):
        return ""
    return f"phase: {member.phase.label}{'; closes the case' if member in member.terminal() else ''}"


def open_list(terms: type[Term]) -> TermList:
    rows = [TermRow(term.code, term.label, term.meaning, remark_on(term)) for term in terms.objects.all()]
    return TermList(terms.__name__, title_of(terms), terms.__doc__ or "", rows)


def counting(tactic: Tactic) -> str:
    """Return whether Freedom House counts a tactic, under which condition, and who says so."""
    if not tactic.freedom_house:
        return ""
    condition = f" {CountingCondition(tactic.freedom_house_if).label}" if tactic.freedom_house_if else ""
    source = f" ({tactic.freedom_house_source})" if tactic.freedom_house_source else ""
    return f"counted by Freedom House: {tactic.freedom_house}{condition}{source}"


def remark_on(term: Any) -> str:
    """Return what else the row says: of a tactic its family and whether it is counted; whether the term is retired."""
    said = []
    if isinstance(term, Tactic):
        said.append(f"family: {term.get_family_display()}")
        said.append(counting(term))
    said.append("retired: kept for old records only" if term.retired else "")
    return "; ".join(filter(None, said))
