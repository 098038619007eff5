"""Working out what is stored of situations: at the end of each act, by a command, and to compare it.

`cases.situation.engine` decides. It is asked once for each involvement, for each lane whose readers see other rows, and
for each stretch of days (`cases.situation.intervals`); what says the same twice is kept once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from cases.models import (
    IN_ORDER_OF_TACTICS,
    Citation,
    IncidentCountry,
    Involvement,
    Stage,
    StoredSituation,
    TacticUsed,
    ToldCase,
    ToldProcedure,
    UnstoredIncident,
    UnstoredReason,
)
from cases.situation.inputs import Inputs
from cases.situation.intervals import intervals, told_intervals
from cases.situation.last_signs import settle_last_signs
from cases.situation.to_store import OfLanes, ToStore
from cases.vocabulary import InvolvementRole
from records.access.circles import FIRST_CIRCLE, implies
from records.current_act import log_reads_in
from records.current_day import current_day
from records.models.lanes import OF_TEAM, TEAM, UNSETTLED, requirements_of

#: How many incidents are worked out at once.
BATCH = 500
#: Two transactions that settle take turns: the key of PostgreSQL's lock.
LOCK = 0x57_41_59_53


@dataclass
class Rows:
    """All that bears on the situations of one incident, whoever may see it.

    `requirements` tells what the readers of each lane have to meet.
    """

    requirements: dict[int, str]
    involvements: list[Any] = field(default_factory=list)
    stages_by_case: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    countries: list[Any] = field(default_factory=list)
    tactics: list[Any] = field(default_factory=list)

    @cached_property
    def lanes(self) -> set[int]:
        """The lanes of all these rows, but for those that nobody reads until they are settled."""
        stages = [stage for some in self.stages_by_case.values() for stage in some]
        citations = [each for stage in stages for each in stage.all_citations]
        rows: Iterable[Any] = (*self.involvements, *stages, *citations, *self.countries, *self.tactics)
        return {row.lane for row in rows} - {UNSETTLED}

    @property
    def unstored(self) -> list[UnstoredReason]:
        """Why some readers have it worked out: what they see of it follows from no lane."""
        if self.narrowing:
            return []
        reasons = [UnstoredReason.NAMED] if any(lane >= FIRST_CIRCLE for lane in self.lanes) else []
        return [*reasons, UnstoredReason.TEAMS] if self.is_of_teams else reasons

    @cached_property
    def narrowing(self) -> list[int]:
        """The lanes, each with readers who all read the ones before; none where two lanes have readers apart."""
        lanes = sorted(self.lanes, key=lambda lane: len(self.seen_in(lane)))
        return lanes if all(self.is_within(each, before) for before, each in pairwise(lanes)) else []

    def is_within(self, lane: int, wider: int) -> bool:
        """Whether all who read one lane read another."""
        return lane == wider or implies(self.requirements[lane], self.requirements[wider])

    def seen_in(self, lane: int) -> set[int]:
        """Return the lanes that the readers of a lane read: their own, and the wider ones."""
        return {each for each in self.lanes if self.is_within(lane, each)}

    @property
    def is_of_teams(self) -> bool:
        return sum(OF_TEAM <= lane < FIRST_CIRCLE for lane in self.lanes) > 1


def settle(act: str) -> None:
    """Work out what an act has left to be worked out, within its transaction."""
    for keys in _marked(act=act):
        settle_incidents(keys)


def settle_all() -> Iterator[int]:
    """Work out whatever is left to be worked out, each batch in a transaction; yield how many incidents were done."""
    for keys in _marked():
        with transaction.atomic():
            settle_incidents(keys)
        yield len(keys)


def _marked(**which: str) -> Iterator[list[int]]:
    waiting = UnstoredIncident.objects.filter(reason=UnstoredReason.WRITTEN, **which).order_by("incident_id")
    while keys := list(waiting.values_list("incident_id", flat=True).distinct()[:BATCH]):
        yield keys


def settle_incidents(keys: Collection[int]) -> None:
    """Work out the situations of some incidents, and write them in the place of what was stored."""
    if connection.vendor == "postgresql":  # what others wrote meanwhile is seen by whoever comes after them
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    UnstoredIncident.objects.filter(incident_id__in=keys).delete()
    found = worked_out_for_all(keys)
    ToldProcedure.objects.filter(case__incident__in=keys).delete()
    ToldCase.objects.filter(incident__in=keys).delete()
    StoredSituation.objects.filter(incident__in=keys).delete()
    for model, rows in found.by_model():
        model.objects.bulk_create(rows, batch_size=BATCH)
    settle_last_signs(keys)


def worked_out_for_all(keys: Collection[int]) -> ToStore:
    """Return what is to be stored of some incidents, and of which of them some readers have it worked out."""
    today = current_day()
    found = ToStore([], [], [], [])
    for key, rows in rows_of(keys).items():
        found.unstored.extend(UnstoredIncident(incident_id=key, reason=reason) for reason in rows.unstored)
        for involvement in rows.involvements:
            found.add(involvement, *_of_involvement(involvement, rows, today))
    return found


def rows_of(keys: Collection[int]) -> dict[int, Rows]:
    """Fetch all that bears on the situations of some incidents. Nobody reads it, so no reading is remembered."""
    requirements: dict[int, str] = {}
    found: dict[int, Rows] = defaultdict(lambda: Rows(requirements))
    with log_reads_in({}):
        involvements = Involvement.objects.filter(incident__in=keys).select_related("incident", "person")
        for row in involvements.defer("incident__folded", "incident__summary", "person__folded").order_by("pk"):
            found[row.incident_id].involvements.append(row)
        cited = _citations(keys)
        for stage in Stage.objects.filter(incident__in=keys).defer("note").order_by("pk"):
            stage.all_citations = cited[stage.pk]
            found[stage.incident_id].stages_by_case[stage.involvement_id].append(stage)
        for country in IncidentCountry.objects.filter(incident__in=keys).order_by("country"):
            found[country.incident_id].countries.append(country)
        tactics = TacticUsed.objects.filter(incident__in=keys).select_related("tactic")
        for used in tactics.order_by(*IN_ORDER_OF_TACTICS):
            found[used.incident_id].tactics.append(used)
    requirements |= requirements_of({lane for rows in found.values() for lane in rows.lanes})
    return found


def _citations(keys: Collection[int]) -> dict[int, list[Any]]:
    """Return the citations of the stages that no date but only a source can date, by stage."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Citation.objects.filter(stage__incident__in=keys, stage__occurred="").select_related("source")
    for each in rows.defer("source__text", "source__folded").order_by("pk"):
        found[each.stage_id].append(each)
    return found


def _of_involvement(involvement: Any, rows: Rows, today: date) -> tuple[OfLanes, OfLanes]:
    """Return what the engine says of one involvement, and what is told of it, from the widest lane to the narrowest."""
    said: OfLanes = []
    told: OfLanes = []
    for lane in lanes_that_differ(involvement.lane, rows):
        inputs = inputs_of(involvement, rows, lane)
        for before, found in ((said, intervals(inputs, today)), (told, told_intervals(inputs, today))):
            if not before or before[-1][1] != found:
                before.append((lane, found))
    return said, told


def lanes_that_differ(lane: int, rows: Rows) -> Sequence[int]:
    """Return the lanes from an involvement's own on from which on more of the rows is seen, the widest first.

    Where they have readers apart, only those of no circle, and where rows are for several teams, of no team: all others
    have it worked out.
    """
    if lane in rows.narrowing:
        return rows.narrowing[rows.narrowing.index(lane) :]
    if lane == UNSETTLED or lane >= FIRST_CIRCLE:
        return []
    found = sorted({lane} | {each for each in rows.lanes if lane < each < FIRST_CIRCLE})
    return [each for each in found if each < TEAM] if rows.is_of_teams else found


def inputs_of(involvement: Any, rows: Rows, lane: int) -> Inputs:
    """Return the rows from which an involvement is judged, as far as the readers of a lane see them."""
    seen = rows.seen_in(lane)

    def visible(some: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(row for row in some if row.lane in seen)

    stages = visible(rows.stages_by_case[involvement.pk])
    for stage in stages:
        stage.visible_citations = visible(stage.all_citations)
    subjects = [row for row in visible(rows.involvements) if row.role == InvolvementRole.SUBJECT]
    return Inputs(involvement, stages, visible(rows.countries), visible(rows.tactics), alone=len(subjects) == 1)
