"""The citations of records, as far as a reader may see them, and the sources behind them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from cases.models import Citation
from sources.models import SourceDocument


def cited_by(user: Any, **among: Any) -> Prefetch:
    """Return the prefetch of a visible record's visible citations, with their sources, as far as they are `among`."""
    citations = Citation.objects.of_visible_records(user).filter(**among).select_related("source")
    return Prefetch("citations", citations.defer("source__text"), to_attr="visible_citations")


def sources_of(citations: list[Citation]) -> list[SourceDocument]:
    """The sources of the citations, each once, by reference."""
    return sorted({citation.source for citation in citations}, key=lambda source: source.ref)
