"""The citations of records, as far as a reader may see them, and the sources behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.models import CITABLE, Citation, Target, target_of
from cases.vocabulary import Stance
from records.fields.names import fold
from records.models import Record
from sources.models import SourceDocument

Fact = tuple[tuple[int | None, ...], str]
#: The keys of everything that a citation can be about, of which one is filled in.
keys_of = itemgetter(*(f"{name}_id" for name in CITABLE))


#: What lists and situations read of a citation and its source: to fetch all of it takes three times as long.
READ = (
    *CITABLE,
    *("ref", "level", "source", "field", "said_by", "stance"),
    *("source__ref", "source__level", "source__outlet", "source__origin", "source__published"),
)


def cited_by(user: Any, **among: Any) -> Prefetch:
    """Return the prefetch of a visible record's visible citations, with their sources, as far as they are `among`.

    Each holds `READ`, by which sources are named and counted and undated steps dated.
    """
    citations = Citation.objects.visible_to(user).filter(**among).select_related("source")
    return Prefetch("citations", citations.only(*READ), to_attr="visible_citations")


def cite(user: Any, records: Iterable[Record]) -> None:
    """Give records of any kinds the same as `cited_by`, all of them in one statement."""
    cited = list(records)
    citations = Citation.objects.visible_to(user).about_each(cited).select_related("source").only(*READ)
    found: dict[Target, list[Citation]] = defaultdict(list)
    for citation in citations.order_by("pk"):
        found[citation.target].append(citation)
    for record in cited:
        record.visible_citations = found[target_of(record)]  # type: ignore[attr-defined]


def with_citations(rows: Any, user: Any, parts: Callable[[list[Any]], Iterable[Record]]) -> QuerySet:
    """Have `cite` called with the `parts` of rows that are fetched, which count themselves among them."""
    return rows.completed_by(lambda fetched: cite(user, parts(fetched)))


def sources_of(citations: list[Citation]) -> list[SourceDocument]:
    """The sources of the citations, each once, by reference."""
    return sorted({citation.source for citation in citations}, key=lambda source: source.ref)


def independent(citations: Iterable[Citation]) -> int:
    """Return how many independent sources support a fact, or several facts, given all the citations about them.

    They are counted by who says it first: the one whose words a source passes on, else the origin from which the source
    descends. What contradicts supports nothing. Over several facts there are never more than origins: one paper that
    asks many people stays one paper.
    """
    supporting = [citation for citation in citations if citation.stance == Stance.SUPPORTS]
    passing_on = [citation for citation in supporting if fold(citation.said_by)]
    origins = {citation.source.independent_group for citation in supporting}
    # A copy of what was passed on is no word of its own, and who quotes an outlet that is cited itself counts with it.
    own = origins - {citation.source.independent_group for citation in passing_on}
    # Of an outlet with several origins the first by the text of its key counts, as in `codebook.independent_sources`.
    by_origin = sorted(supporting, key=lambda citation: str(citation.source.independent_group), reverse=True)
    origin_of = {fold(citation.source.outlet): citation.source.independent_group for citation in by_origin}
    passed_on = {fold(citation.said_by) for citation in passing_on}
    voices = own | {origin_of.get(said_by, said_by) for said_by in passed_on}
    facts = {fact_of(citation) for citation in supporting}
    return len(voices) if len(facts) == 1 else min(len(voices), len(origins))


def least_independent(citations: Iterable[Citation]) -> int:
    """Return how many independent sources support what is told in several facts: as many as the least supported one."""
    about: dict[Fact, list[Citation]] = {}
    for citation in citations:
        about.setdefault(fact_of(citation), []).append(citation)
    return min(map(independent, about.values()), default=0)


def fact_of(citation: Citation) -> Fact:
    """Return what a citation is about: one field of one record."""
    return keys_of(vars(citation)), citation.field
