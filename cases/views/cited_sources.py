"""The sources behind a page, gathered into independent groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

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


def cited_sources(proof: Proof) -> CitedSources:
    """Return the sources of the citations in `proof`, group by group, the one with most to say first.

    Whoever sees a citation sees its source.
    """
    statements = Counter(citation.source_id for citation in proof.citations)
    sources = {citation.source_id: citation.source for citation in proof.citations}
    groups: dict[int, list[CitedSource]] = defaultdict(list)
    for source in sorted(sources.values(), key=latest_first):
        groups[source.independent_group].append(CitedSource(source, statements[source.pk]))
    most_first = sorted(groups.values(), key=lambda group: -sum(used.statements for used in group))
    return CitedSources(most_first, proof.independent)


def latest_first(source: SourceDocument) -> tuple[int, str]:
    """Return the key that puts what was published last first, and what nobody dates last."""
    published = source.published
    return -published.earliest.toordinal() if published and published.earliest else 0, source.ref
