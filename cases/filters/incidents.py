"""The filters of incidents and their stages."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from cases.filters.incident_parts import country_filter, parts_with
from cases.filters.questions import QUESTIONS, counted, held, was_open
from cases.filters.reasons import of_two_days, said_by, status_said_later
from cases.filters.tracks import followed_filter, last_pressure_filter, pending_procedure_filter, step_filter
from cases.models import (
    Actor,
    Agreement,
    Citation,
    Incident,
    IncidentCountry,
    Involvement,
    PerpetratorKind,
    Person,
    Stage,
    Tactic,
)
from cases.situation.counted import standing_counted
from cases.situation.keys import leads_to
from cases.situation.standing import standing, subjects
from cases.vocabulary import (
    Accusation,
    Attribution,
    CaseStatus,
    Counted,
    CountryPart,
    DemandKind,
    Lawfulness,
    Liberty,
    Phase,
    Scope,
    StageKind,
)
from records.current_day import is_past
from records.fields.uncertain_date import Certainty
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    DayFilter,
    KnownOrNotFilter,
    ReferenceFilter,
    SearchFilter,
    SinceFilter,
    StrictFilterSet,
    TermsFilter,
    UntilFilter,
    YesNoFilter,
    as_of_filter,
    iso_day,
    known_on_filter,
)
from records.lists.reasons import listed

#: The ways from a citation to the incident that it is about.
CITED_THROUGH = (
    "incident",
    *(f"{part}__incident" for part in ("incident_country", "actor", "tactic_used", "demand", "involvement", "stage")),
)


class IncidentFilter(StrictFilterSet):
    q = SearchFilter(
        "Words of the title, or the name of somebody in it, in any spelling; all of them must be found.",
        method="search",
    )
    scope = CodesFilter(Scope, help_text="Whether it reached across a border.")
    tactic = TermsFilter(Tactic, method="has_part", several=True, help_text="What was done.")
    origin = country_filter("origin", "State behind it", "A state behind it.")
    origin_known = YesNoFilter("Origin known", "Whether a state behind it is known.", method="has_known_origin")
    attribution = CodesFilter(
        Attribution, method="has_part", several=True, help_text="How far it is tied to a state behind it."
    )
    host = country_filter("host", "Host", "A country where it happened, other than a state behind it.")
    location = country_filter(
        "location", "Location", "A country where it happened, be it a state behind it or another one."
    )
    transit = country_filter("transit", "Transit", "A country through which somebody was taken.")
    destination = country_filter(
        "destination", "Destination", "A country to which somebody was taken, or was to be taken."
    )
    actor_kind = TermsFilter(
        PerpetratorKind, method="has_part", several=True, label="Kind of actor", help_text="What sort of actor did it."
    )
    actor = ReferenceFilter(
        "PER", method="done_by", label="Organisation", help_text="An organisation that had a part in doing it."
    )
    demand = CodesFilter(DemandKind, method="has_part", several=True, help_text="What was asked of somebody.")
    agreement = ReferenceFilter(
        "AGR", method="relying_on", label="Agreement", help_text="The agreement between states that was relied on."
    )
    phase = CodesFilter(
        Phase,
        method="stands",
        several=True,
        label="Present phase",
        help_text="The phase in which somebody's case now stands.",
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
        help_text="Where somebody is: free, held, removed, missing...",
    )
    procedure = pending_procedure_filter()
    pressure = last_pressure_filter()
    step = step_filter()
    open = KnownOrNotFilter("Open", "Whether somebody's case is open.", method="stands")
    followed = followed_filter()
    reached = CodesFilter(
        StageKind,
        method="has_reached",
        several=True,
        label="Stage ever reached",
        help_text="A stage that somebody ever reached.",
    )
    status = CodesFilter(
        CaseStatus,
        method="of_status",
        several=True,
        label="Status",
        help_text="Whether somebody's case is said to go on.",
    )
    lawfulness = CodesFilter(
        Lawfulness,
        method="was_lawful",
        several=True,
        label="Lawfulness",
        help_text="Whether a removal in it kept to the law, as somebody says.",
    )
    accusation = CodesFilter(
        Accusation,
        method="accused_of",
        several=True,
        label="Accusation",
        help_text="What the pursuing state accuses somebody of to whom it happened.",
    )
    freedom_house = CodesFilter(
        Counted,
        method="would_count",
        several=True,
        label="Freedom House",
        help_text="Whether Freedom House's count of physical acts would take in what happened to somebody.",
    )
    open_on = iso_day(
        "Open on",
        "start",
        DayFilter,
        "Begun on or before that day, and somebody's case open then. Conditional release is not an ending.",
        method="is_open_on",
    )
    held_on = iso_day(
        "Held on",
        "start",
        DayFilter,
        "Somebody deprived of liberty on that day. Certain: whatever vague dates may mean; possible: perhaps too.",
        method="is_held_on",
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

    def reasons(self) -> list[str]:
        people = subjects(self.user, self.day)
        return [*super().reasons(), *of_two_days(self, "open_on", "held_on"), *status_said_later(self, people)]

    def search(self, incidents: Any, name: str, value: str) -> QuerySet:
        return incidents.search(value, self.user)

    def has_part(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return incidents
        return incidents.filter(leads_to("pk", parts_with(name, value, self.user, self.day), "incident"))

    def has_known_origin(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        known = Q(pk__in=IncidentCountry.objects.visible_to(self.user).of_part(CountryPart.ORIGIN).values("incident"))
        return incidents.filter(known if value == "true" else ~known)

    def done_by(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        organisation = Person.objects.visible_to(self.user).filter(ref=value)
        actors = Actor.objects.visible_to(self.user).filter(organisation__in=organisation)
        return incidents.filter(pk__in=actors.values("incident"))

    def relying_on(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        return incidents.filter(agreement__in=Agreement.objects.visible_to(self.user).filter(ref=value))

    def stands(self, incidents: QuerySet, name: str, value: Any) -> QuerySet:
        if value in (None, "", []):
            return incidents
        return incidents.filter(standing(QUESTIONS[name](value), self.user, self.day).through("pk", "incident"))

    def has_reached(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        return self._with_stage(incidents, Q(kind__in=value)) if value else incidents

    def was_lawful(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        return self._with_stage(incidents, Q(lawfulness__in=value)) if value else incidents

    def _with_stage(self, incidents: QuerySet, condition: Q) -> QuerySet:
        """Return the incidents with a stage that had certainly come by the day asked about."""
        stages = Stage.objects.visible_to(self.user).filter(condition)
        if self.day is not None:
            stages = stages.filter(occurred_latest__lte=self.day)
        return incidents.filter(leads_to("pk", stages, "incident"))

    def accused_of(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        accused = subjects(self.user, self.day).filter(accusation__in=value)
        return incidents.filter(leads_to("pk", accused, "incident")) if value else incidents

    def of_status(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        """As of a day, what was said of a later one is not known yet."""
        if not value:
            return incidents
        wanted, people = Q(status__in=value), subjects(self.user, self.day)
        if is_past(self.day):
            said_by_then = said_by(self.day)
            unsaid = ~said_by_then if CaseStatus.UNKNOWN in value else Q(pk__in=[])
            wanted = (said_by_then & wanted) | unsaid
        return incidents.filter(leads_to("pk", people.filter(wanted), "incident"))

    def would_count(self, incidents: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return incidents
        return incidents.filter(standing_counted(counted(value), value, self.user, self.day).through("pk", "incident"))

    def is_open_on(self, incidents: QuerySet, name: str, value: date) -> QuerySet:
        asked = was_open(perhaps=self.certainty == Certainty.POSSIBLE)
        return incidents.filter(standing(asked, self.user, value).through("pk", "incident"))

    def is_held_on(self, incidents: QuerySet, name: str, value: date) -> QuerySet:
        asked = held(perhaps=self.certainty == Certainty.POSSIBLE)
        return incidents.filter(standing(asked, self.user, value).through("pk", "incident"))

    def involving(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        involved = Involvement.objects.visible_to(self.user).filter(person__ref=value)
        return incidents.filter(pk__in=involved.values("incident"))

    def cited_from(self, incidents: QuerySet, name: str, value: str) -> QuerySet:
        citations = Citation.objects.visible_to(self.user).filter(source__ref=value)
        cited = Q()
        for path in CITED_THROUGH:
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

    def reasons(self) -> list[str]:
        kinds, phases = self.form.cleaned_data["kind"], self.form.cleaned_data["phase"]
        fitting = [kind for phase in phases for kind in kinds if kind in Phase(phase).kinds]
        if not kinds or not phases or fitting:
            return super().reasons()
        message = f"kind asks for {listed(kinds)}, and phase for {listed(phases)}: none of the kinds belongs there."
        return [*super().reasons(), message]

    def in_phase(self, stages: QuerySet, name: str, value: list[str]) -> QuerySet:
        kinds = [kind for phase in value for kind in Phase(phase).kinds]
        return stages.filter(kind__in=kinds) if value else stages
