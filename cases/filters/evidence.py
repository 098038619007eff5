"""The filters of sources, citations, countries, agreements and events."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.models import Agreement, Citation, Country, Event, Person
from cases.vocabulary import AgreementKind, Stance
from records.fields.names import search
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    DayFilter,
    ReferenceFilter,
    SearchFilter,
    SinceFilter,
    StrictFilterSet,
    UntilFilter,
    iso_day,
)
from records.models import ALPHABET
from sources.filters import SourceFilter


class EvidenceFilter(SourceFilter):
    """Sources, also by the people they name."""

    person = ReferenceFilter("PER", method="naming", label="Names person", help_text="A person whom the source names.")

    def naming(self, sources: QuerySet, name: str, value: str) -> QuerySet:
        named = Person.objects.visible_to(self.user).filter(ref=value)
        about = Q(person__in=named) | Q(person_name__person__in=named)
        return sources.filter(pk__in=Citation.objects.visible_to(self.user).filter(about).values("source"))


class CitationFilter(StrictFilterSet):
    source = ReferenceFilter("SRC", field_name="source__ref", help_text="The source that speaks.")
    record = django_filters.CharFilter(
        method="about",
        max_length=12,
        help_text="The record that the statement is about, of any kind.",
        validators=[RegexValidator(rf"\A[A-Z]{{3}}-[{ALPHABET}]{{8}}\Z", "Write a reference such as STG-8QX3M2VD.")],
    )
    field = django_filters.CharFilter(max_length=40, help_text="The column that the statement is about.")
    stance = CodesFilter(Stance, help_text="How the statement stands to the record's value.")

    class Meta:
        model = Citation
        fields: ClassVar[list[str]] = []

    def about(self, citations: Any, name: str, value: str) -> QuerySet:
        return citations.about(value)


class CountryListFilter(StrictFilterSet):
    q = SearchFilter("Words of the name, or of another name in use.", method="search")
    region = django_filters.CharFilter(
        lookup_expr="iexact", max_length=60, help_text="Sub-region of the UN's M49 standard, in full."
    )

    on = iso_day("On", "pk", DayFilter, "Countries that existed in the year of that day.", method="there_on")

    class Meta:
        model = Country
        fields: ClassVar[list[str]] = []

    def search(self, countries: Any, name: str, value: str) -> QuerySet:
        return countries.search(value)

    def there_on(self, countries: Any, name: str, value: date) -> QuerySet:
        return countries.there_on(value)


class AgreementFilter(StrictFilterSet):
    country = CountryFilter(
        lambda user: Agreement.objects.visible_to(user),
        "countries",
        field_name="countries",
        conjoined=True,
        several=True,
        help_text="A country that it is between. Given several times: all of them.",
    )
    kind = CodesFilter(AgreementKind, help_text="What it is about.")

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = []


class EventFilter(StrictFilterSet):
    q = SearchFilter("Words of the title; all of them must be found.", method="search")
    country = CountryFilter(lambda user: Event.objects.visible_to(user), "country", help_text="Where it took place.")
    since = iso_day("Began since", "start", SinceFilter, "Began on that day or later.")
    until = iso_day("Began until", "start", UntilFilter, "Began on that day or earlier.")
    certainty = CertaintyFilter()

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def search(self, events: QuerySet, name: str, value: str) -> QuerySet:
        return events.filter(search("folded", value))
