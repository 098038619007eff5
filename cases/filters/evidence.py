"""The questions a reader can ask about sources, citations, countries, agreements and events."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.models import Agreement, Citation, Country, Event, Person
from cases.vocabulary import AgreementKind, Stance
from sources.filters import (
    CertaintyFilter,
    CodesFilter,
    ReferenceFilter,
    SearchFilter,
    SinceFilter,
    SourceFilter,
    StrictFilterSet,
    UntilFilter,
    iso_day,
)
from sources.models import ALPHABET
from sources.names import search


class EvidenceFilter(SourceFilter):
    """Sources, also by the people they name."""

    person = ReferenceFilter("PER", method="naming", label="Names person")

    def naming(self, sources: QuerySet, name: str, value: str) -> QuerySet:
        named = Person.objects.visible_to(self.user).filter(ref=value)
        about = Q(person__in=named) | Q(person_name__person__in=named)
        return sources.filter(pk__in=Citation.objects.visible_to(self.user).filter(about).values("source"))


class CitationFilter(StrictFilterSet):
    source = ReferenceFilter("SRC", field_name="source__ref")
    record = django_filters.CharFilter(
        method="about",
        max_length=12,
        validators=[RegexValidator(rf"\A[A-Z]{{3}}-[{ALPHABET}]{{8}}\Z", "Write a reference such as STG-8QX3M2VD.")],
    )
    field = django_filters.CharFilter(max_length=40)
    stance = CodesFilter(Stance)

    class Meta:
        model = Citation
        fields: ClassVar[list[str]] = []

    def about(self, citations: Any, name: str, value: str) -> QuerySet:
        return citations.about(value)


class CountryListFilter(StrictFilterSet):
    q = SearchFilter(method="search")
    region = django_filters.CharFilter(lookup_expr="iexact", max_length=60)

    class Meta:
        model = Country
        fields: ClassVar[list[str]] = []

    def search(self, countries: Any, name: str, value: str) -> QuerySet:
        return countries.search(value)


class AgreementFilter(StrictFilterSet):
    country = CountryFilter(
        lambda user: Agreement.objects.visible_to(user).values("countries"), field_name="countries", conjoined=True
    )
    kind = CodesFilter(AgreementKind)

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = []


class EventFilter(StrictFilterSet):
    q = SearchFilter(method="search")
    country = CountryFilter(lambda user: Event.objects.visible_to(user).values("country"))
    since = iso_day("Began since", "start", SinceFilter)
    until = iso_day("Began until", "start", UntilFilter)
    certainty = CertaintyFilter()

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def search(self, events: QuerySet, name: str, value: str) -> QuerySet:
        return events.filter(search("folded", value))
