"""All that bears on where the cases of some incidents stand, whoever may see it.

It is fetched as plain values, which can be sent to another process, and read into rows as light as the engine needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from cases.models import IN_ORDER_OF_TACTICS, Citation, IncidentCountry, Involvement, Stage, TacticUsed
from cases.situation.seen_in_lanes import SeenInLanes
from records.fields.edtf import UncertainDate
from records.models.lanes import UNSETTLED, requirements_of

Values = list[tuple[Any, ...]]


class Fetched(NamedTuple):
    """The values of all rows that bear on some incidents, in the order of the columns of `fetch`.

    `requirements` tells what the readers of each lane have to meet.
    """

    involvements: Values
    stages: Values
    citations: Values
    countries: Values
    tactics: Values
    requirements: dict[int, str]


class IncidentRow(NamedTuple):
    start: UncertainDate | None
    scope: str


class PersonRow(NamedTuple):
    headcount_min: int | None
    headcount_max: int | None


class InvolvementRow(NamedTuple):
    lane: int
    pk: int
    ref: str
    incident_id: int
    person_id: int
    role: str
    status: str
    status_as_of: UncertainDate | None
    status_reason: str
    incident: IncidentRow
    person: PersonRow


class SourceRow(NamedTuple):
    published: UncertainDate | None


class CitationRow(NamedTuple):
    lane: int
    stance: str
    source: SourceRow


@dataclass(slots=True)
class StageRow:
    """A stage with all its citations, and with those that the readers of the lane see who are asked about just now."""

    all_citations: list[CitationRow]
    occurred: UncertainDate | None
    in_absentia: bool | None
    lane: int
    pk: int
    ref: str
    kind: str
    country_id: str | None
    destination_id: str | None
    place: str
    headcount: int | None
    lawfulness: str
    cause: str
    position: int
    visible_citations: tuple[Any, ...] = ()


class CountryRow(NamedTuple):
    lane: int
    country_id: str
    part: str


class TacticRow(NamedTuple):
    code: str
    freedom_house: str
    freedom_house_if: str


class TacticUsedRow(NamedTuple):
    lane: int
    occurred: UncertainDate | None
    tactic: TacticRow


@dataclass
class Rows(SeenInLanes):
    """All that bears on the situations of one incident; `requirements` are those of `Fetched`."""

    involvements: list[InvolvementRow] = field(default_factory=list)
    stages_by_case: dict[int, list[StageRow]] = field(default_factory=lambda: defaultdict(list))
    countries: list[CountryRow] = field(default_factory=list)
    tactics: list[TacticUsedRow] = field(default_factory=list)

    @cached_property
    def lanes(self) -> set[int]:
        """The lanes of all these rows, but for those that nobody reads until they are settled."""
        stages = [stage for some in self.stages_by_case.values() for stage in some]
        citations = [each for stage in stages for each in stage.all_citations]
        rows: Iterable[Any] = (*self.involvements, *stages, *citations, *self.countries, *self.tactics)
        return {row.lane for row in rows} - {UNSETTLED}


def rows_of(keys: Collection[int]) -> dict[int, Rows]:
    """Fetch all that bears on the situations of some incidents, and read it."""
    return read(fetch(keys))


def fetch(keys: Collection[int]) -> Fetched:
    """Fetch the values. A source bears on a situation where it dates a stage that no date does.

    Nobody reads them, so no reading is remembered.
    """
    if not keys:
        return Fetched([], [], [], [], [], {})
    involvements = values_of(
        Involvement.objects.filter(incident__in=keys).order_by("pk"),
        *("lane", "pk", "ref", "incident", "person", "role", "status", "status_as_of", "status_reason"),
        *("incident__start", "incident__scope", "person__headcount_min", "person__headcount_max"),
    )
    stages = values_of(
        Stage.objects.filter(incident__in=keys).order_by("pk"),
        *("incident", "involvement", "occurred", "in_absentia", "lane", "pk", "ref", "kind", "country"),
        *("destination", "place", "headcount", "lawfulness", "cause", "position"),
    )
    citations = values_of(
        Citation.objects.filter(stage__incident__in=keys, stage__occurred="").order_by("pk"),
        *("stage", "lane", "stance", "source__published"),
    )
    countries = values_of(
        IncidentCountry.objects.filter(incident__in=keys).order_by("country"),
        *("incident", "lane", "country", "part"),
    )
    tactics = values_of(
        TacticUsed.objects.filter(incident__in=keys).order_by(*IN_ORDER_OF_TACTICS),
        *("incident", "lane", "occurred", "tactic", "tactic__freedom_house", "tactic__freedom_house_if"),
    )
    lanes = {row[0] for row in involvements} | {row[4] for row in stages}
    lanes |= {row[1] for rows in (citations, countries, tactics) for row in rows}
    return Fetched(involvements, stages, citations, countries, tactics, requirements_of(lanes - {UNSETTLED}))


def values_of(rows: QuerySet, *columns: str) -> Values:
    """Return the values of columns as the database holds them, dates as text: they are read where they are needed."""
    with connection.cursor() as cursor:
        cursor.execute(*rows.values_list(*columns).query.sql_with_params())
        return cursor.fetchall()


def read(fetched: Fetched) -> dict[int, Rows]:
    """Return the rows of each incident, by key."""
    when = UncertainDate.stored
    found: dict[int, Rows] = defaultdict(lambda: Rows(fetched.requirements))
    for *own, as_of, reason, start, scope, least, most in fetched.involvements:
        of_others = IncidentRow(when(start), scope), PersonRow(least, most)
        row = InvolvementRow._make((*own, when(as_of), reason, *of_others))
        found[row.incident_id].involvements.append(row)
    cited: dict[int, list[CitationRow]] = defaultdict(list)
    for about, lane, stance, published in fetched.citations:
        cited[about].append(CitationRow(lane, stance, SourceRow(when(published))))
    for incident, case, occurred, in_absentia, lane, pk, *more in fetched.stages:
        in_absence = None if in_absentia is None else bool(in_absentia)
        stage = StageRow(cited[pk], when(occurred), in_absence, lane, pk, *more)
        found[incident].stages_by_case[case].append(stage)
    for incident, *country in fetched.countries:
        found[incident].countries.append(CountryRow(*country))
    for incident, lane, occurred, *tactic in fetched.tactics:
        found[incident].tactics.append(TacticUsedRow(lane, when(occurred), TacticRow(*tactic)))
    return found
