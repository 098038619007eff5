"""The sources behind a page, gathered into independent groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from cases.views.evidence import Proof
from sources.models import SourceDocument


@dataclass(frozen=True)
class CitedSource:
    """A source, and how many statements of it a page rests on."""

    source: SourceDocument
    statements: int


@dataclass(frozen=True)
class CitedSources:
    """All the sources behind a page, those of one origin together; and how many of them are `independent` support."""

    groups: list[list[CitedSource]]
    independent: int

    @property
    def documents(self) -> int:
        return sum(len(group) for group in self.groups)


def cited_sources(proof: Proof, user: Any) -> CitedSources:
    """Return the sources of the citations in `proof`, group by group, the one with most to say first."""
    statements = Counter(citation.source_id for citation in proof.citations)
    sources = SourceDocument.objects.visible_to(user).filter(pk__in=statements).defer("text", "folded")
    groups: dict[int, list[CitedSource]] = defaultdict(list)
    for source in sources:
        groups[source.independent_group].append(CitedSource(source, statements[source.pk]))
    most_first = sorted(groups.values(), key=lambda group: -sum(used.statements for used in group))
    return CitedSources(most_first, proof.independent)
