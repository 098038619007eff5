"""The filters of incidents and their stages."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.filters.people import in_phases, standing_at, subjects
from cases.models import Citation, Incident, Involvement, Stage, Tactic, over_by
from cases.vocabulary import IncidentStatus, Phase, Scope, StageKind
from records.fields.uncertain_date import Certainty, ended_by, started_by, until
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    DayFilter,
    ReferenceFilter,
    SearchFilter,
    SinceFilter,
    StrictFilterSet,
    TermsFilter,
    UntilFilter,
    as_of_filter,
    iso_day,
    known_on_filter,
)


def occurring(column: str) -> Any:
    """Return the function that gives the countries in a column of the incidents that a reader may see."""
    return lambda user: Incident.objects.visible_to(user).values(column)


def open_on(incidents: QuerySet, day: date, certainty: str, user: Any) -> QuerySet:
    """Return the incidents open on a day: begun by then, not over, and somebody had reached no terminal stage.

    What is possibly open had no ending certainly by that day; what is certainly open had none even possibly.
    """
    denied = Certainty.CERTAIN if certainty == Certainty.POSSIBLE else Certainty.POSSIBLE
    terminal = Stage.objects.visible_to(user).filter(kind__in=StageKind.terminal(), involvement=OuterRef("pk"))
    people = subjects(user).filter(incident=OuterRef("pk"))
    still_in_it = people.filter(~Exists(terminal.filter(ended_by("occurred", day, denied))))
    return incidents.filter(started_by("start", day, certainty), ~over_by(day, denied)).filter(
        Exists(still_in_it) | ~Exists(people)
    )


class IncidentFilter(StrictFilterSet):
    q = SearchFilter(
        "Words of the title, or the name of somebody in it, in any spelling; all of them must be found.",
        method="search",
    )
    scope = CodesFilter(Scope, help_text="Whether it reached across a border.")
    tactic = TermsFilter(Tactic, field_name="tactics", help_text="What was done.")
    origin = CountryFilter(occurring("origin"), label="State behind it", help_text="The state behind it.")
    host = CountryFilter(occurring("host"), help_text="The country where it happened, other than the state behind it.")
    location = CountryFilter(
        occurring("location"), help_text="The country where it happened, be it the state behind it."
    )
    phase = CodesFilter(
        Phase, method="in_phase", label="Present phase", help_text="The phase of a stage at which a case now stands."
    )
    stage = CodesFilter(
        StageKind,
        method="at_stage",
        label="Present stage",
        help_text="The stage at which a case now stands, or the step of a review that runs beside it.",
    )
    reached = CodesFilter(
        StageKind, method="has_reached", label="Stage ever reached", help_text="A stage that somebody ever reached."
    )
    status = CodesFilter(IncidentStatus, method="of_status", label="Status", help_text="Whether it goes on.")
    open_on = iso_day(
        "Open on",
        "start",
        DayFilter,
        "Begun on or before that day, and no ending by then. Conditional release is not an ending.",
        method="is_open_on",
    )
    since = iso_day("Began since", "start", SinceFilter, "Began on that day or later.")
    until = iso_day("Began until", "start", UntilFilter, "Began on that day or earlier.")
    certainty = CertaintyFilter()
    person = ReferenceFilter("PER", method="involving", label="Person", help_text="Somebody involved, in any role.")
    source = ReferenceFilter("SRC", method="cited_from", label="Source", help_text="A source cited for it.")

    as_of = as_of_filter()
    known_on = known_on_filter()

    class Meta:
        model = Incident
        fields: ClassVar[list[str]] = []

    def search(self, incidents: Any, name: str, value: str) -> QuerySet:
        return incidents.search(value, self.user)

    def at_stage(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return incidents
        standing = standing_at(subjects(self.user, self.day), value, self.user, self.day)
        return incidents.filter(pk__in=standing.values("incident"))

    def in_phase(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        return self.at_stage(incidents, name, in_phases(value))

    def has_reached(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return incidents
        reached = Stage.objects.visible_to(self.user).filter(kind__in=value)
        if self.day is not None:
            reached = reached.filter(occurred_latest__lte=self.day)
        return incidents.filter(pk__in=reached.values("incident"))

    def of_status(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        """As of a day, what was said of a later one is not known yet."""
        if not value or self.day is None:
            return incidents.filter(status__in=value) if value else incidents
        said_by_then = until("status_as_of", self.day, Certainty.POSSIBLE)
        wanted = said_by_then & Q(status__in=value)
        return incidents.filter(wanted | ~said_by_then if IncidentStatus.UNKNOWN in value else wanted)

    def is_open_on(self, incidents: QuerySet, name: str, value: date) -> QuerySet:
        return open_on(incidents, value, self.certainty, self.user)

    def involving(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        involved = Involvement.objects.visible_to(self.user).filter(person__ref=value)
        return incidents.filter(pk__in=involved.values("incident"))

    def cited_from(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        citations = Citation.objects.visible_to(self.user).filter(source__ref=value)
        cited = Q()
        for path in ("incident", "involvement__incident", "stage__incident"):
            cited |= Q(pk__in=citations.values(path))
        return incidents.filter(cited)


class StageFilter(StrictFilterSet):
    incident = ReferenceFilter("INC", field_name="incident__ref", help_text="The incident it belongs to.")
    person = ReferenceFilter("PER", field_name="involvement__person__ref", help_text="To whom it happened.")
    kind = CodesFilter(StageKind, help_text="What happened.")
    phase = CodesFilter(Phase, method="in_phase", help_text="The phase that the kind belongs to.")
    since = iso_day("Since", "occurred", SinceFilter, "Took place, or began, on that day or later.")
    until = iso_day("Until", "occurred", UntilFilter, "Took place, or began, on that day or earlier.")
    certainty = CertaintyFilter()

    as_of = as_of_filter()
    known_on = known_on_filter()

    class Meta:
        model = Stage
        fields: ClassVar[list[str]] = []

    def in_phase(self, stages: QuerySet, name: str, value: list[str]) -> QuerySet:
        return stages.filter(kind__in=in_phases(value)) if value else stages
