"""The rows in which what was worked out of cases is stored, each for the readers of a lane and for some days."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from cases.models import StoredSituation, Tense, ToldCase, ToldProcedure, UnstoredIncident, UnstoredReason
from cases.situation.answer import NAMES
from cases.situation.told import columns_told
from records.plain_rows import next_keys, plain, write

#: What was worked out for the readers of each lane, from the widest on, where it is something else than for the last.
OfLanes = list[tuple[int, list[Any]]]
#: The values of a row, in the order of the columns below.
Row = tuple[Any, ...]

_LANES_AND_DAYS = ("lane", "until_lane", "first_today", "last_today")
_LINKS = ("incident_id", "involvement_id")
SITUATION = (*_LINKS, "person_id", "role", "tense", "first_day", "last_day", *_LANES_AND_DAYS, *NAMES)
CASE = (*_LINKS, *_LANES_AND_DAYS, *columns_told(ToldCase))
PROCEDURE = (*_LANES_AND_DAYS, *columns_told(ToldProcedure))
UNSTORED = ("incident_id", "reason", "act")


class ToStore(NamedTuple):
    """The values of all rows that take the place of what is stored of some incidents.

    A procedure comes with the place of its case among the `cases`.
    """

    situations: list[Row]
    cases: list[Row]
    procedures: list[tuple[int, Row]]
    unstored: list[Row]

    def leave_unstored(self, incident: int, reasons: Collection[UnstoredReason]) -> None:
        """Add why some readers have an incident worked out."""
        self.unstored.extend((incident, plain(reason), "") for reason in reasons)

    def add(self, involvement: Any, said: OfLanes, told: OfLanes) -> None:
        """Add the rows of one involvement."""
        links = involvement.incident_id, involvement.pk
        who = involvement.person_id, involvement.role
        for each, lanes_and_days in with_lanes(said):
            tense = Tense.PRESENT if each.is_of_today else Tense.PAST
            row = (*links, *who, tense, each.first_day, each.last_day, *lanes_and_days, *each.answer)
            self.situations.append(tuple(map(plain, row)))
        for each, lanes_and_days in with_lanes(told):
            place = len(self.cases)
            self.cases.append(tuple(map(plain, (*links, *lanes_and_days, *_values(each.told.case)))))
            for columns in each.told.procedures:
                self.procedures.append((place, tuple(map(plain, (*lanes_and_days, *_values(columns))))))

    def write(self) -> None:
        """Insert all of them, those first to which others point."""
        write(StoredSituation, SITUATION, self.situations)
        keys = next_keys(ToldCase, len(self.cases))
        write(ToldCase, ("id", *CASE), [(key, *row) for key, row in zip(keys, self.cases, strict=True)])
        write(ToldProcedure, ("case_id", *PROCEDURE), [(keys[place], *row) for place, row in self.procedures])
        write(UnstoredIncident, UNSTORED, self.unstored)


def forget(keys: Collection[int]) -> None:
    """Delete what is stored of some incidents."""
    # By their keys: to join two tables that it has not counted since they were filled takes PostgreSQL minutes.
    if told := list(ToldCase.objects.filter(incident__in=keys).values_list("pk", flat=True)):
        ToldProcedure.objects.filter(case__in=told).delete()
        ToldCase.objects.filter(pk__in=told).delete()
    StoredSituation.objects.filter(incident__in=keys).delete()
    UnstoredIncident.objects.filter(incident_id__in=keys).delete()


def _values(columns: Any) -> Iterator[Any]:
    return (value for _, value in columns)


def with_lanes(found: OfLanes) -> Iterator[tuple[Any, Row]]:
    """Yield each interval with its lane, the one until which it holds, and the days on which it is read."""
    for (lane, intervals), narrower in zip_longest(found, found[1:]):
        until = narrower[0] if narrower else None
        for each in intervals:
            yield each, (lane, until, each.first_today, each.last_today)
