"""The list of sources, and the page of one source. Never its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from cases.codebook import EVIDENCE
from cases.models import Citation
from cases.passage_pages import is_read_by, passage_address
from cases.views.evidence import Statement, leading_to_words, statement
from cases.views.links import Item, open_term, page_of, term
from cases.views.subjects import WITH_PARENTS, subject
from records.lists.pages import DetailPage, Export, ListPage
from sources.models import Capture, SourceDocument, SourceKind
from sources.vocabulary import Derivation, Reliability


@dataclass(frozen=True)
class SourceRow:
    """A source in a list, with the people whom it names."""

    source: SourceDocument
    kind: str
    derivation: Derivation
    people: list[tuple[str, str]]


def people_of(source: Any) -> list[tuple[str, str]]:
    """Return label and reference of the people whom a source names."""
    named = {(citation.person or citation.person_name.person) for citation in source.visible_naming}
    return sorted((person.label, person.ref) for person in named)


class SourcesList(ListPage):
    resource = EVIDENCE
    template_name = "cases/sources.html"
    columns = (
        ("title", "Title"),
        ("outlet", "Outlet"),
        ("published", "Published"),
        ("", "Kind"),
        ("", "Derivation"),
        ("", "Independent group"),
        ("", "#People named"),
    )

    def rows(self, records: list[Any], user: Any) -> list[SourceRow]:
        kinds = {kind.code: kind.label for kind in SourceKind.objects.all()}
        return [
            SourceRow(source, kinds[source.kind_id], Derivation(source.derivation), people_of(source))
            for source in records
        ]


class SourcesExport(Export):
    resource = EVIDENCE


@dataclass(frozen=True)
class Drawn:
    """What a source says about one record."""

    subject: Item
    statements: list[Statement]


class SourcePage(DetailPage):
    resource = EVIDENCE
    template_name = "cases/source.html"

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        origin = record.independent_group
        same_origin = SourceDocument.objects.visible_to(user).filter(Q(pk=origin) | Q(origin_id=origin))
        citations = record.citations.visible_to(user).select_related(*WITH_PARENTS)
        captures = Capture.objects.visible_to(user).filter(source=record)
        drawn = drawn_from(leading_to_words(citations.order_by("start", "pk"), user))
        return {
            "kind": open_term(record.kind),
            "derivation": term(Derivation(record.derivation)),
            "reliability": term(Reliability(record.reliability)) if record.reliability else None,
            "ancestor": Item(record.ancestor_ref, page_of("source", record.ancestor_ref))
            if record.ancestor_ref
            else None,
            "same_origin": same_origin.exclude(pk=record.pk).defer("text", "folded"),
            "people": people_of(record),
            "captures": captures.select_related("source"),
            "sealed": {*captures.sealed_for(user).values_list("pk", flat=True)},
            "drawn": drawn,
            "words": passage_address(record.ref) if is_read_by(record, user) else "",
            "statements": sum(len(about.statements) for about in drawn),
        }


def drawn_from(citations: Iterable[Citation]) -> list[Drawn]:
    """Gather citations by the record they are about, the records in the order in which the source comes to them."""
    first: dict[str, int] = {}
    for place, citation in enumerate(citations):
        first.setdefault(citation.record.ref, place)
    in_order = sorted(citations, key=lambda citation: first[citation.record.ref])
    grouped = groupby(in_order, key=lambda citation: citation.record)
    return [Drawn(subject(record), [statement(citation) for citation in about]) for record, about in grouped]
