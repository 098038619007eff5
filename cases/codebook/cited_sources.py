"""The column of the sources cited for a record, read from its citations and built by the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, QuerySet

from cases.models import Citation
from cases.situation.cited import sources_of
from records.lists.codebook import Column


def refs_of_sources(record: Any) -> list[str]:
    return [source.ref for source in sources_of(record.visible_citations)]


def sources_cited(*links: str, key: str = "pk") -> Callable[[Any], QuerySet]:
    """Return the function that gives the references of the sources cited for a record, each once, by what `user` sees.

    The links of a citation lead to the record itself, or through one of its parts: "notice", "warrant__notice". The
    record's `key` is its own, or leads to one that it points to.
    """

    def rows(user: Any) -> QuerySet:
        found = [
            Citation.objects.visible_to(user).filter(**{link: OuterRef(key)}).order_by().values(item=F("source__ref"))
            for link in links
        ]
        return (found[0].union(*found[1:]) if len(found) > 1 else found[0].distinct()).order_by("item")

    return rows


def cited_sources(
    *links: str, source: Callable[[Any], list[str]] = refs_of_sources, of: tuple[str, ...] = ("citations.source.ref",)
) -> Column:
    """Return the column of the sources to which these links of citations lead; `source` reads them in Python."""
    meaning = "The sources cited for it."
    return Column("sources", meaning, "reference", source, many=True, of=of, rows=sources_cited(*links))
