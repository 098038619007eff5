"""Working out what is stored of situations: at the end of each act, by a command, and to compare it.

`cases.situation.engine` decides. It is asked once for each involvement, for each lane whose readers see other rows, and
for each stretch of days (`cases.situation.intervals`); what says the same twice is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from cases.models import UnstoredIncident, UnstoredReason
from cases.situation.country_keys import settle_country_keys
from cases.situation.inputs import Inputs
from cases.situation.intervals import intervals, told_intervals
from cases.situation.last_signs import settle_last_signs
from cases.situation.rows import Fetched, Rows, fetch, read
from cases.situation.to_store import OfLanes, ToStore, forget
from cases.vocabulary import InvolvementRole
from records.current_day import current_day
from records.processes import Spread, spread

#: How many incidents are worked out at once, and how many are written in one transaction where all are.
BATCH, GROUP = 500, 5_000
#: So many incidents are worked out by the time that other processes are there to help.
FEW = 3_000
#: Two transactions that settle take turns: the key of PostgreSQL's lock.
LOCK = 0x57_41_59_53


def settle(act: str) -> None:
    """Work out what an act has left to be worked out, within its transaction."""
    for keys in _marked(act=act):
        _settle(keys, map)


def settle_all() -> Iterator[int]:
    """Work out whatever is left to be worked out, on all processors; yield how many incidents were done.

    Each time they are all that were read and written in one transaction.
    """
    waiting = UnstoredIncident.objects.filter(reason=UnstoredReason.WRITTEN).values("incident_id").distinct().count()
    with spread(over_several=waiting > FEW) as on_all_processors:
        for keys in _marked():
            with transaction.atomic():
                _settle(keys, on_all_processors)
            yield len(keys)


def _marked(**which: str) -> Iterator[list[int]]:
    """Yield the keys of incidents that are marked, until none is; those that were marked meanwhile come last."""
    marks = UnstoredIncident.objects.filter(reason=UnstoredReason.WRITTEN, **which).order_by("incident_id")
    keys, last = marks.values_list("incident_id", flat=True).distinct(), -1
    # From the last key on: PostgreSQL would go through all marks again that this transaction has struck off.
    while found := list(keys.filter(incident_id__gt=last)[:GROUP]) or list(keys[:GROUP]):
        last = found[-1]
        yield found


def _settle(keys: Sequence[int], each_by: Spread) -> None:
    """Work out the situations of some incidents, and write them in the place of what was stored."""
    if connection.vendor == "postgresql":  # what others wrote meanwhile is seen by whoever comes after them
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    batches = [keys[first : first + BATCH] for first in range(0, len(keys), BATCH)]
    for batch in batches:
        forget(batch)
    found = each_by(partial(worked_out, today=current_day()), map(fetch, batches))
    for batch, to_store in zip(batches, found, strict=True):
        to_store.write()
        settle_last_signs(batch)
        settle_country_keys(batch)


def worked_out(fetched: Fetched, today: date) -> ToStore:
    """Return what is to be stored of some incidents, and of which of them some readers have it worked out."""
    found = ToStore([], [], [], [])
    for key, rows in read(fetched).items():
        found.leave_unstored(key, rows.unstored)
        for involvement in rows.involvements:
            found.add(involvement, *_of_involvement(involvement, rows, today))
    return found


def _of_involvement(involvement: Any, rows: Rows, today: date) -> tuple[OfLanes, OfLanes]:
    """Return what the engine says of one involvement, and what is told of it, from the widest lane to the narrowest."""
    said: OfLanes = []
    told: OfLanes = []
    for lane in rows.lanes_that_differ(involvement.lane):
        inputs = inputs_of(involvement, rows, lane)
        for before, found in ((said, intervals(inputs, today)), (told, told_intervals(inputs, today))):
            if not before or before[-1][1] != found:
                before.append((lane, found))
    return said, told


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
