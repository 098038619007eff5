"""The public columns of incidents and stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import NullIf, StrIndex, Substr

from cases.codebook.cited_sources import cited_sources
from cases.codebook.incident_parts import (
    ACTORS,
    AGREEMENT,
    CITED_PARTS,
    COUNTRY_COLUMNS,
    DEMANDS,
    TACTICS,
    agreement_seen,
    by_country,
    parts_of,
    parts_seen,
    places_by_country,
    sorted_by_country,
)
from cases.codebook.independent_sources import Independent
from cases.codebook.situation import PEOPLE_OF_INCIDENT, involvements_told
from cases.filters import IncidentFilter, StageFilter
from cases.models import (
    Citation,
    DetentionKind,
    Incident,
    Involvement,
    Notice,
    Stage,
    Tactic,
    ToldCase,
    UnstoredIncident,
)
from cases.situation.cited import cited_by, independent, sources_of, with_citations
from cases.situation.counted import PersonCounted, counted_people
from cases.situation.order import LENGTH_OF_KEY, merged
from cases.situation.standing import involvements_of_incidents
from cases.vocabulary import (
    Counted,
    CountryPart,
    DeathCause,
    HostPart,
    InvolvementRole,
    Lawfulness,
    Phase,
    Scope,
    StageKind,
    Track,
)
from records.fields.sort_keys import ByCodePoint, by_date, by_text, by_title
from records.lists.codebook import ONE_PERSON, Column, Resource
from records.lists.paging import Ordering
from records.models import Record


def citations_of(incident: Any) -> list[Citation]:
    """The visible citations of the incident and of its parts: countries, actors, people, stages..."""
    parts = [incident, *parts_of(incident), *incident.visible_involvements, *stages_of(incident)]
    return [citation for part in parts for citation in part.visible_citations]


def stages_of(incident: Any) -> list[Stage]:
    """The visible stages of the incident, in the order in which they are told."""
    return merged(row.visible_stages for row in incident.visible_involvements)


def notices_of(incident: Any) -> list[str]:
    """The notices against the people to whom the incident happened."""
    subjects = [row.person for row in incident.visible_involvements if row.role == InvolvementRole.SUBJECT]
    return sorted(notice.ref for person in subjects for notice in person.visible_notices)


def incident_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the incidents that `user` may see, with everything of theirs that the columns read and `user` may see.

    As of a day they are those that may have begun by then, with what may have happened by then.
    """
    noticed = Notice.objects.visible_to(user).begun_by(user, day)
    return rows_of_table(user, day).prefetch_related(
        agreement_seen(user),
        Prefetch("visible_involvements__person__notices", noticed, to_attr="visible_notices"),
    )


def rows_of_table(user: Any, day: date | None = None) -> QuerySet:
    """Return the same incidents with their parts, the people, and where the case of each stands."""
    people = involvements_of_incidents(user, day).select_related("person").order_by("pk")
    incidents = sorted_by_country(Incident.objects.visible_to(user).begun_by(day), user).defer("folded")
    incidents = incidents.prefetch_related(
        *parts_seen(user, day), Prefetch("involvements", people, to_attr="visible_involvements")
    )
    return with_citations(incidents, user, cited_parts)


def cited_parts(incidents: list[Any]) -> Iterator[Record]:
    """Yield incidents and their parts, later stages among them: all of which the citations are read."""
    for incident in incidents:
        yield from (incident, *parts_of(incident), *incident.visible_involvements)
        yield from (stage for row in incident.visible_involvements for stage in row.told_stages)


def stage_rows(user: Any, day: date | None = None) -> QuerySet:
    """Return the stages that `user` may see, and that may have come by a day."""
    stages = Stage.objects.visible_to(user).possibly_by(day).select_related("incident", "involvement__person")
    return stages.prefetch_related(cited_by(user))


def of_kind(what: str) -> Case:
    """Return the track or the phase to which the kind of a stage belongs."""
    kinds: dict[str, list[StageKind]] = {}
    for kind in StageKind:
        kinds.setdefault(getattr(kind, what).value, []).append(kind)
    return Case(*(When(kind__in=some, then=Value(code)) for code, some in kinds.items()))


def stage_columns(*more: Column) -> tuple[Column, ...]:
    """The columns of a stage, as it stands alone (`more` says where it belongs) and in its incident."""
    return (
        Column("ref", "The stage's public reference.", "reference", filled=True),
        *more,
        Column("person", "To whom it happened.", "reference", "involvement.person.ref", filled=True),
        Column("kind", "What happened.", "code", vocabulary=StageKind, filled=True),
        Column(
            "track",
            "The track on which it moves the case.",
            "code",
            lambda stage: stage.track.value,
            vocabulary=Track,
            filled=True,
            of=("kind",),
            built=lambda user: of_kind("track"),
        ),
        Column(
            "phase",
            "The phase that this kind belongs to.",
            "code",
            lambda stage: stage.phase.value,
            vocabulary=Phase,
            filled=True,
            of=("kind",),
            built=lambda user: of_kind("phase"),
        ),
        Column("occurred", "When it took place, or began.", "date"),
        Column("country", "Where; of a removal, a departure or a flight what was left.", "country", "country_id"),
        Column("destination", "Of a removal, a departure or a flight: where it led.", "country", "destination_id"),
        Column("place", "Where, more closely, in our words."),
        Column("headcount", "Of a group: to how many of them it happened; empty for all.", "integer"),
        Column("actor", "Who did it, as alleged."),
        Column(
            "detention_kind",
            "In what sort of place the person was held.",
            "code",
            "detention_kind_id",
            vocabulary=DetentionKind,
        ),
        Column("lawfulness", "Of a removal: whether it kept to the law.", "code", vocabulary=Lawfulness),
        Column("host_part", "The part of the state in which it happened.", "code", vocabulary=HostPart),
        Column("in_absentia", "Of a sentence: whether it was passed in absence.", "boolean"),
        Column("cause", "Of a death: how.", "code", vocabulary=DeathCause),
        Column("note", "What else a reader must know."),
    )


def judged(name: str) -> Callable[[PersonCounted], str]:
    """Return the function that gives one part of the verdict on a person."""
    return lambda each: getattr(each.verdict, name)


STAGES_JUDGED = ("stages.kind", "stages.occurred", "stages.country", "stages.destination", "stages.lawfulness")
FREEDOM_HOUSE = Column(
    "freedom_house",
    "Whether Freedom House's count of physical acts would take in what happened to each person, whatever the year.",
    "object",
    counted_people,
    many=True,
    of=("involvements",),
    rows=lambda user: subjects_told(user).order_by("pk"),
    parts=(
        Column("person", "To whom it happened.", "reference", "person.ref", filled=True),
        Column(
            "value",
            "Whether it would.",
            "code",
            judged("value"),
            vocabulary=Counted,
            filled=True,
            of=STAGES_JUDGED,
            built=lambda user: F("told__counted"),
        ),
        Column(
            "reason",
            "Why, in words.",
            "text",
            judged("reason"),
            filled=True,
            of=STAGES_JUDGED,
            built=lambda user: F("told__counted_reason"),
        ),
        Column(
            "tactic",
            "The tactic that decides.",
            "code",
            judged("tactic"),
            vocabulary=Tactic,
            of=STAGES_JUDGED,
            built=lambda user: F("told__counted_tactic"),
        ),
        Column(
            "stage",
            "The stage that decides.",
            "reference",
            judged("stage"),
            of=STAGES_JUDGED,
            built=lambda user: NullIf(F("told__counted_stage"), Value("")),
        ),
    ),
)

ONE_PERSON_OF_INCIDENT = replace(ONE_PERSON, source="incident.one_person")
CITED_BY_INCIDENT = tuple(
    f"{part}citations.source.ref" for part in ("", *(f"{part}." for part in CITED_PARTS), "involvements.", "stages.")
)


def stages_told(user: Any) -> QuerySet:
    """Return the stages of an incident in the order in which they are told, by what `user` sees."""
    rows = Stage.objects.visible_to(user).filter(incident=OuterRef("pk"))
    return rows.annotate(told=ToldCase.told_to(user, "involvement__")).order_by(ByCodePoint(place_told()))


def place_told() -> Substr:
    """Return the key that puts a stage in its place, which stands behind its reference (`ToldCase.order`)."""
    found = StrIndex(F("told__order"), F("ref"))
    return Substr(F("told__order"), found + len("STG-00000000="), LENGTH_OF_KEY)


def subjects_told(user: Any) -> QuerySet:
    """Return the involvements of those to whom an incident happened, with what is told of each today."""
    return involvements_told(user).filter(incident=OuterRef("pk"), role=InvolvementRole.SUBJECT)


def notices_told(user: Any) -> QuerySet:
    """Return the references of the notices against them."""
    subjects = Involvement.objects.visible_to(user).filter(incident=OuterRef("pk"), role=InvolvementRole.SUBJECT)
    noticed = subjects.annotate(notice=F("person__notices"), item=F("person__notices__ref")).order_by("item")
    return noticed.filter(Exists(Notice.objects.visible_to(user).filter(pk=OuterRef("notice")))).values("item")


#: By which links a citation is about an incident or one of its parts.
LINKS_OF_CITATIONS = (
    "incident",
    *("incident_country__incident", "actor__incident", "tactic_used__incident", "demand__incident"),
    *("involvement__incident", "stage__incident"),
)


INCIDENTS = Resource(
    name="incidents",
    singular="incident",
    model=Incident,
    meaning="Acts by which a state reached for somebody, each with its people, its stages and its evidence.",
    filterset=IncidentFilter,
    rows=incident_rows,
    table_rows=rows_of_table,
    unbuilt=lambda user: Q(Exists(UnstoredIncident.objects.visible_to(user).filter(incident_id=OuterRef("pk")))),
    key_rows=lambda user: sorted_by_country(Incident.objects.visible_to(user), user),
    orderings=(
        Ordering("start", by_date("start"), descending=True),
        Ordering("title", by_title("folded")),
        Ordering("origin", by_country("first_origin"), places=places_by_country(CountryPart.ORIGIN)),
        Ordering("host", by_country("first_host"), places=places_by_country(CountryPart.LOCATION)),
    ),
    columns=(
        Column("ref", "The incident's public reference.", "reference", filled=True),
        Column("title", "What happened, in a line.", filled=True),
        Column("scope", "Whether it reached across a border.", "code", vocabulary=Scope, filled=True),
        TACTICS,
        *COUNTRY_COLUMNS,
        Column("place", "Where, more closely, in our words."),
        Column("start", "When it began.", "date"),
        Column("end", "When it ended.", "date"),
        Column("legal_basis", "The law or order given as its ground."),
        AGREEMENT,
        ACTORS,
        DEMANDS,
        Column("summary", "What happened, in our words."),
        PEOPLE_OF_INCIDENT,
        Column(
            "stages",
            "What happened to each person, step by step.",
            "object",
            stages_of,
            many=True,
            of=("stages",),
            rows=stages_told,
            parts=stage_columns(),
        ),
        FREEDOM_HOUSE,
        Column(
            "notices",
            "Notices against the people to whom it happened.",
            "reference",
            notices_of,
            many=True,
            of=("involvements.role", "involvements.person.notices.ref"),
            rows=notices_told,
        ),
        cited_sources(
            *LINKS_OF_CITATIONS,
            source=lambda incident: [source.ref for source in sources_of(citations_of(incident))],
            of=CITED_BY_INCIDENT,
        ),
        Column(
            "independent_sources",
            "How many of them support it independently of each other, counted by who says it first.",
            "integer",
            lambda incident: independent(citations_of(incident)),
            filled=True,
            of=CITED_BY_INCIDENT,
            built=lambda user: Independent(user, LINKS_OF_CITATIONS),
        ),
        ONE_PERSON,
    ),
)

STAGES = Resource(
    name="stages",
    singular="stage",
    model=Stage,
    meaning="The dated steps of each case.",
    filterset=StageFilter,
    rows=stage_rows,
    orderings=(Ordering("occurred", by_date("occurred")), Ordering("kind", by_text("kind"))),
    columns=(
        *stage_columns(Column("incident", "The incident it belongs to.", "reference", "incident.ref", filled=True)),
        cited_sources("stage"),
        ONE_PERSON_OF_INCIDENT,
    ),
)
