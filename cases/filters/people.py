"""The filters of people."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.filters.incident_parts import country_filter, parts_with
from cases.filters.questions import QUESTIONS, held
from cases.filters.reasons import of_two_days
from cases.filters.tracks import followed_filter, last_pressure_filter, pending_procedure_filter, step_filter
from cases.models import Citation, LegalStatus, Person
from cases.situation.keys import leads_to
from cases.situation.standing import standing, subjects
from cases.vocabulary import Liberty, OtherRole, PersonKind, Phase, StageKind, Standing
from records.fields.uncertain_date import Certainty
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    DayFilter,
    KnownOrNotFilter,
    ReferenceFilter,
    SearchFilter,
    StrictFilterSet,
    as_of_filter,
    iso_day,
    known_on_filter,
)

#: Spellings of one name of a people, each as common in the press as the one in which it is stored here.
SPELLINGS = (("Uyghur", "Uighur", "Uygur", "Uigur"), ("Kazakh", "Kazak", "Qazaq"), ("Kyrgyz", "Kirghiz", "Kirgiz"))


def spellings_of(ethnicity: str) -> tuple[str, ...]:
    """Return every spelling of the name of a people; what is in no list has the one that was asked for."""
    asked = ethnicity.casefold()
    return next((each for each in SPELLINGS if asked in map(str.casefold, each)), (ethnicity,))


def citizens(user: Any) -> QuerySet:
    return LegalStatus.objects.visible_to(user).filter(kind="citizen")


def named_in(citations: QuerySet) -> Q:
    """Return the condition that one of the citations names a person, by label or by a form of the name."""
    return Q(pk__in=citations.values("person")) | Q(pk__in=citations.values("person_name__person"))


class PersonFilter(StrictFilterSet):
    q = SearchFilter(
        "A name, in any spelling or script; all its words must be found, or the whole must sound alike.",
        method="search",
    )
    standing = CodesFilter(Standing, help_text="Why the person is in the database.")
    role = CodesFilter(OtherRole, label="Role of “other”", help_text="What somebody of the standing “other” is.")
    kind = CodesFilter(PersonKind, help_text="One human being, or a group.")
    citizenship = CountryFilter(
        citizens,
        "country",
        method="of_citizenship",
        several=True,
        help_text="A country that the person is a citizen of.",
    )
    residence = CountryFilter(
        lambda user: Person.objects.visible_to(user),
        "residence",
        help_text="The country where the person lives.",
    )
    ethnicity = django_filters.CharFilter(
        method="of_ethnicity", max_length=60, help_text="As the sources state it; Uighur and Uygur find Uyghur."
    )
    phase = CodesFilter(
        Phase,
        method="stands",
        several=True,
        label="Present phase",
        help_text="The phase in which a case of the person now stands.",
    )
    stage = CodesFilter(
        StageKind,
        method="stands",
        several=True,
        label="Present stage",
        help_text="The kind of stage that decides the phase of a case, or at which a procedure is pending.",
    )
    liberty = CodesFilter(
        Liberty,
        method="stands",
        several=True,
        label="Liberty",
        help_text="Where the person is: free, held, removed, missing...",
    )
    procedure = pending_procedure_filter()
    pressure = last_pressure_filter()
    step = step_filter()
    open = KnownOrNotFilter("Open", "Whether a case of the person is open.", method="stands")
    followed = followed_filter()
    held_on = iso_day(
        "Held on",
        "pk",
        DayFilter,
        "Deprived of liberty on that day. Certain: whatever vague dates may mean; possible: perhaps too.",
        method="held",
    )
    certainty = CertaintyFilter()
    host = country_filter(
        "host", "Host", "A country, other than a state behind it, where an incident happened to the person."
    )
    origin = country_filter("origin", "State behind it", "A state behind an incident that happened to the person.")
    source = ReferenceFilter(
        "SRC", method="named_by", label="Named in source", help_text="A source that names the person."
    )

    as_of = as_of_filter()
    known_on = known_on_filter()

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = []

    def reasons(self) -> list[str]:
        roles, standings = self.form.cleaned_data["role"], self.form.cleaned_data["standing"]
        apart = roles and standings and Standing.OTHER not in standings
        message = "role is told of people of the standing other alone. Leave role or standing out."
        return [*super().reasons(), *([message] if apart else []), *of_two_days(self, "held_on")]

    def search(self, people: Any, name: str, value: str) -> QuerySet:
        return people.search(value, self.user)

    def of_citizenship(self, people: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return people
        return people.filter(leads_to("pk", citizens(self.user).filter(country__in=value), "person"))

    def of_ethnicity(self, people: QuerySet, name: str, value: str) -> QuerySet:
        found = Q()
        for spelling in spellings_of(value):
            found |= Q(ethnicity__iexact=spelling)
        return people.filter(found)

    def has_part(self, people: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return people
        in_incidents = leads_to("incident", parts_with(name, value, self.user, self.day), "incident")
        return people.filter(leads_to("pk", subjects(self.user, self.day).filter(in_incidents), "person"))

    def stands(self, people: QuerySet, name: str, value: Any) -> QuerySet:
        if value in (None, "", []):
            return people
        return people.filter(standing(QUESTIONS[name](value), self.user, self.day).through("pk", "person"))

    def held(self, people: QuerySet, name: str, value: date) -> QuerySet:
        asked = held(perhaps=self.certainty == Certainty.POSSIBLE)
        return people.filter(standing(asked, self.user, value).through("pk", "person"))

    def named_by(self, people: QuerySet, name: str, value: str) -> QuerySet:
        return people.filter(named_in(Citation.objects.visible_to(self.user).filter(source__ref=value)))
