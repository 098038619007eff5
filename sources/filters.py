"""The filters of source documents."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    SearchFilter,
    SinceFilter,
    StrictFilterSet,
    TermsFilter,
    UntilFilter,
    iso_day,
)
from sources.models import SourceDocument, SourceKind
from sources.vocabulary import Derivation


class SourceFilter(StrictFilterSet):
    """The questions a reader can ask about source documents alone."""

    q = SearchFilter("Words of the title, the outlet or the author; all of them must be found.", method="search")
    outlet = django_filters.CharFilter(lookup_expr="iexact", max_length=150, help_text="Who published it, in full.")
    kind = TermsFilter(SourceKind, help_text="What sort of document it is.")
    derivation = CodesFilter(Derivation, help_text="How it descends from another document, or that it does not.")
    language = django_filters.CharFilter(lookup_expr="iexact", max_length=20, help_text="Its language tag, such as en.")
    since = iso_day("Published since", "published", SinceFilter, "Published on that day or later.")
    until = iso_day("Published until", "published", UntilFilter, "Published on that day or earlier.")
    certainty = CertaintyFilter()

    class Meta:
        model = SourceDocument
        fields: ClassVar[list[str]] = []

    def search(self, sources: Any, name: str, value: str) -> QuerySet:
        return sources.search(value)
