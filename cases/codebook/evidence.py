"""The public columns of sources, citations, countries, agreements and events."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from cases.codebook.cited_sources import cited_sources
from cases.filters import (
    AgreementFilter,
    CitationFilter,
    CountryListFilter,
    EventFilter,
    EvidenceFilter,
)
from cases.models import (
    CITABLE,
    Agreement,
    Citation,
    Country,
    Event,
    IncidentCountry,
    Ratification,
    record_ref,
)
from cases.situation.cited import cited_by
from cases.vocabulary import AgreementKind, CountryPart, RatificationState, Stance
from records.fields.sort_keys import by_date, by_text, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource, itself
from records.lists.json_sql import StoredTexts
from records.lists.paging import Ordering
from sources.codebook import SOURCES


def evidence_rows(user: Any) -> QuerySet:
    """Return the sources that `user` may see, with the people whom they name."""
    citations = Citation.objects.visible_to(user).select_related("person", "person_name__person")
    naming = citations.filter(Q(person__isnull=False) | Q(person_name__isnull=False))
    return SOURCES.rows(user).prefetch_related(Prefetch("citations", naming, to_attr="visible_naming"))


def refs_of_people_named(user: Any) -> QuerySet:
    """Return the references of the people whom a source names, each once, by what `user` sees."""
    named = Coalesce("person__ref", "person_name__person__ref", output_field=TextField())
    rows = Citation.objects.visible_to(user).filter(source=OuterRef("pk")).order_by().values(item=named)
    return rows.exclude(item=None).distinct().order_by("item")


def people_named(source: Any) -> list[str]:
    return sorted({(row.person or row.person_name.person).ref for row in source.visible_naming})


EVIDENCE = Resource(
    name=SOURCES.name,
    singular=SOURCES.singular,
    model=SOURCES.model,
    meaning=SOURCES.meaning,
    filterset=EvidenceFilter,
    rows=evidence_rows,
    orderings=SOURCES.orderings,
    columns=(
        *SOURCES.columns,
        Column(
            "people",
            "The people whom it names.",
            "reference",
            people_named,
            many=True,
            of=("citations.person.ref", "citations.person_name.person.ref"),
            rows=refs_of_people_named,
        ),
    ),
)


def citation_rows(user: Any) -> QuerySet:
    """Return the citations that `user` may see, with their source and the reference of their record."""
    return Citation.objects.visible_to(user).with_record_refs().select_related("source").defer("source__text")


CITATIONS = Resource(
    name="citations",
    singular="citation",
    model=Citation,
    meaning="What one source says about one field of one record, and where it says so.",
    filterset=CitationFilter,
    rows=citation_rows,
    orderings=(Ordering("ref", by_text("ref")), Ordering("field", by_text("field"))),
    columns=(
        Column("ref", "The citation's public reference.", "reference", filled=True),
        Column("source", "The source that speaks.", "reference", "source.ref", filled=True),
        Column(
            "record",
            "The record that it speaks about.",
            "reference",
            "record_ref",
            filled=True,
            of=tuple(f"{name}.ref" for name in CITABLE),
            built=lambda user: record_ref(),
        ),
        Column("field", "The column of that record.", filled=True),
        Column("stated_value", "The value as this source states it."),
        Column("said_by", "Whose words the source passes on, where they are not its own."),
        Column("stance", "How the statement stands to the record's value.", "code", vocabulary=Stance, filled=True),
        Column("preferred", "Whether the record follows this statement.", "boolean", filled=True),
        Column("reason", "Why it does, or does not."),
        Column("credibility", "1 confirmed to 6 cannot be judged (Admiralty code).", "integer"),
        Column("paragraph", "The line of the source's text, not counting blank ones, from 1.", "integer"),
        Column("start", "First character of the passage in the source's text, in code points from 0.", "integer"),
        Column("end", "The character after the last one of the passage.", "integer"),
        Column("sha256", "SHA-256 of the passage in UTF-8, in hexadecimal."),
        Column(
            "one_person",
            "Whether nobody confirmed that two people stand behind its source; its record tells that of itself.",
            "boolean",
            "source.one_person",
            filled=True,
        ),
    ),
)


def country_rows(user: Any) -> QuerySet:
    """Return all countries, with how many incidents that `user` may see each one hosted and was behind."""
    parts = IncidentCountry.objects.visible_to(user).order_by()

    def number(rows: QuerySet) -> Case:
        """Count all countries at once: asked country by country, the incidents would be gone through for each."""
        counted = rows.values_list("country").annotate(number=Count("incident", distinct=True))
        found = [When(pk=code, then=Value(number)) for code, number in counted]
        return Case(*found, default=Value(0), output_field=IntegerField())

    hosted, behind = number(parts.hosts(user)), number(parts.of_part(CountryPart.ORIGIN))
    return Country.objects.visible_to(user).annotate(hosted=hosted, behind=behind).defer("folded")


def of_country(user: Any) -> Any:
    """Return the parts that a country has in incidents, as far as `user` sees them."""
    return IncidentCountry.objects.visible_to(user).filter(country=OuterRef("pk")).order_by()


def number_of_incidents(parts: Any) -> Coalesce:
    """Return in how many incidents a country has some parts."""
    return Coalesce(Subquery(parts.values("country").annotate(n=Count("incident", distinct=True)).values("n")), 0)


COUNTRIES = Resource(
    name="countries",
    singular="country",
    model=Country,
    meaning="Countries and territories of ISO 3166-1, Kosovo, and countries that are no more, with their years.",
    filterset=CountryListFilter,
    rows=country_rows,
    orderings=(
        Ordering("name", by_title("folded")),
        Ordering("code", by_text("code")),
        Ordering("region", by_text("region")),
    ),
    key="code",
    columns=(
        Column(
            "code",
            "ISO 3166-1 alpha-2, or XK; of a country that is no more the four letters of ISO 3166-3.",
            "country",
            filled=True,
        ),
        Column("alpha3", "ISO 3166-1 alpha-3, present or former, or XKX.", filled=True),
        Column("name", "Its common name in English.", filled=True),
        Column("aliases", "Other names in use.", many=True, built=lambda user: StoredTexts("aliases")),
        Column("region", "Sub-region of the UN's M49 standard.", filled=True),
        Column(
            "years",
            "In which years it existed; empty where it does, and where no year is recorded.",
            "object",
            itself,
            of=("",),
            parts=(
                Column("from", "The first year.", "integer", "first_year"),
                Column("to", "The last year.", "integer", "last_year"),
            ),
        ),
        Column(
            "latitude",
            "Degrees north of the centroid.",
            "number",
            lambda country: float(country.latitude),
            filled=True,
            of=("latitude",),
            built=lambda user: Cast("latitude", FloatField()),
        ),
        Column(
            "longitude",
            "Degrees east of the centroid.",
            "number",
            lambda country: float(country.longitude),
            filled=True,
            of=("longitude",),
            built=lambda user: Cast("longitude", FloatField()),
        ),
        Column(
            "hosted",
            "Incidents that took place there for another state.",
            "integer",
            filled=True,
            of=("incident_parts",),
            built=lambda user: number_of_incidents(of_country(user).hosts(user)),
        ),
        Column(
            "behind",
            "Incidents that it was behind.",
            "integer",
            filled=True,
            of=("incident_parts",),
            built=lambda user: number_of_incidents(of_country(user).of_part(CountryPart.ORIGIN)),
        ),
    ),
)


def agreement_rows(user: Any) -> QuerySet:
    """Return the agreements that `user` may see, with their ratifications and citations."""
    return agreements_of_table(user).prefetch_related(cited_by(user))


def agreements_of_table(user: Any) -> QuerySet:
    """Return the same with their ratifications."""
    ratifications = Prefetch("ratifications", Ratification.objects.visible_to(user), to_attr="visible_ratifications")
    return Agreement.objects.visible_to(user).prefetch_related("countries", ratifications)


AGREEMENTS = Resource(
    name="agreements",
    singular="agreement",
    model=Agreement,
    meaning="What states agreed with each other, and who has ratified it.",
    filterset=AgreementFilter,
    rows=agreement_rows,
    table_rows=agreements_of_table,
    orderings=(Ordering("title", by_title("title")), Ordering("signed", by_date("signed"))),
    columns=(
        Column("ref", "The agreement's public reference.", "reference", filled=True),
        Column("title", "What it is called, in our words.", filled=True),
        Column("kind", "What it is about.", "code", vocabulary=AgreementKind, filled=True),
        Column(
            "countries",
            "Between whom.",
            "country",
            lambda agreement: sorted(country.pk for country in agreement.countries.all()),
            many=True,
            of=("countries",),
            rows=lambda user: (
                Country.objects.visible_to(user).filter(agreements=OuterRef("pk")).order_by("pk").values(item=F("pk"))
            ),
        ),
        Column("signed", "When it was signed.", "date"),
        Column(
            "ratifications",
            "Whether each country has ratified it, and the day for which that is said.",
            "object",
            "visible_ratifications",
            many=True,
            rows=lambda user: (
                Ratification.objects.visible_to(user).filter(agreement=OuterRef("pk")).order_by("country__name")
            ),
            parts=(
                Column("country", "The country.", "country", "country_id", filled=True),
                Column("on", "When it ratified.", "date"),
                Column("state", "Whether it has.", "code", vocabulary=RatificationState, filled=True),
                Column("as_of", "The day for which that is said.", "date"),
            ),
        ),
        Column("in_force", "Since when it has been in force; empty where that is not known.", "date"),
        Column("note", "What else a reader must know."),
        cited_sources("agreement"),
        ONE_PERSON,
    ),
)


def event_rows(user: Any) -> QuerySet:
    """Return the events that `user` may see, with their citations."""
    return events_of_table(user).prefetch_related(cited_by(user))


def events_of_table(user: Any) -> QuerySet:
    """Return the same without their citations."""
    return Event.objects.visible_to(user).defer("folded")


EVENTS = Resource(
    name="events",
    singular="event",
    model=Event,
    meaning="Assemblies, votes and reviews that cases refer to: context, never an act against anyone.",
    filterset=EventFilter,
    rows=event_rows,
    table_rows=events_of_table,
    orderings=(Ordering("start", by_date("start"), descending=True), Ordering("title", by_title("folded"))),
    columns=(
        Column("ref", "The event's public reference.", "reference", filled=True),
        Column("title", "What it was.", filled=True),
        Column("organiser", "Who held it."),
        Column("country", "Where.", "country", "country_id"),
        Column("place", "Where, more closely."),
        Column("start", "When it began.", "date"),
        Column("end", "When it ended.", "date"),
        Column("note", "What else a reader must know."),
        cited_sources("event"),
        ONE_PERSON,
    ),
)
