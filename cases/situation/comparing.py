"""Comparing what is stored of situations with what the engine says now: the question that `check_data` asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from cases.models import StoredSituation, Tense, ToldCase, ToldProcedure, UnstoredIncident, UnstoredReason
from cases.situation.answer import NAMES, Answer
from cases.situation.intervals import intervals
from cases.situation.rows import Rows, rows_of
from cases.situation.settling import inputs_of
from cases.situation.told import Columns, Told, columns_told
from records.current_day import current_day

#: The columns that are told, in the order in which `cases.situation.told` gives them.
CASE_NAMES, PROCEDURE_NAMES = columns_told(ToldCase), columns_told(ToldProcedure)

#: The days on which an answer holds, asked about today; no days where it is of today itself.
Said = set[tuple[date | None, date | None, Answer]]


def wrongly_stored(keys: Collection[int]) -> Iterator[str]:
    """Yield the reference of each involvement in some incidents of which something else is stored than the engine says.

    What is marked to be worked out anew is left out: nobody reads what is stored of it.
    """
    marked = UnstoredIncident.objects.filter(incident_id__in=keys, reason=UnstoredReason.WRITTEN)
    keys = set(keys) - set(marked.values_list("incident_id", flat=True))
    stored: dict[int, list[StoredSituation]] = defaultdict(list)
    for row in StoredSituation.objects.filter(incident__in=keys):
        stored[row.involvement_id].append(row)
    told: dict[int, list[ToldCase]] = defaultdict(list)
    procedures = Prefetch("procedures", ToldProcedure.objects.order_by("position"), to_attr="told_procedures")
    for case in ToldCase.objects.filter(incident__in=keys).prefetch_related(procedures):
        told[case.involvement_id].append(case)
    listed = UnstoredIncident.objects.filter(incident_id__in=keys).values_list("incident_id", "reason")
    for key, rows in rows_of(keys).items():
        as_listed = {reason for incident, reason in listed if incident == key} == set(rows.unstored)
        for involvement in rows.involvements:
            is_right = _is_right(involvement, rows, stored.pop(involvement.pk, []))
            is_rightly_told = _is_rightly_told(involvement, rows, told.pop(involvement.pk, []))
            if not (as_listed and is_right and is_rightly_told):
                yield involvement.ref
    yield from (f"a former involvement ({key})" for key in {*stored, *told})


def _is_right(involvement: Any, rows: Rows, stored: list[StoredSituation]) -> bool:
    lanes = rows.lanes_that_differ(involvement.lane)
    return all(_stored_for(rows.seen_in(lane), stored) == _by_engine(involvement, rows, lane) for lane in lanes) and (
        bool(stored) == bool(lanes)
    )


def _by_engine(involvement: Any, rows: Rows, lane: int) -> Said:
    today = current_day()
    found = intervals(inputs_of(involvement, rows, lane), today)
    return _said((each, each.is_of_today, each.answer) for each in found)


def _stored_for(seen: Collection[int], stored: list[StoredSituation]) -> Said:
    rows = [row for row in stored if row.lane in seen and row.until_lane not in seen]
    return _said((row, row.tense == Tense.PRESENT, tuple(getattr(row, name) for name in NAMES)) for row in rows)


def _said(found: Iterable[tuple[Any, bool, Answer]]) -> Said:
    today = current_day()
    return {
        (None, None, answer) if is_of_today else (each.first_day, each.last_day, answer)
        for each, is_of_today, answer in found
        if each.first_today <= today <= each.last_today
    }


def _is_rightly_told(involvement: Any, rows: Rows, told: list[ToldCase]) -> bool:
    lanes, today = rows.lanes_that_differ(involvement.lane), current_day()
    for lane in lanes:
        seen = rows.seen_in(lane)
        found = [case for case in told if case.lane in seen and case.until_lane not in seen]
        of_today = [_told(case) for case in found if case.first_today <= today <= case.last_today]
        if of_today != [inputs_of(involvement, rows, lane).told(today)]:
            return False
    return bool(told) == bool(lanes)


def _told(case: Any) -> Told:
    """Return what a stored row and those of its procedures tell."""
    procedures = tuple(_columns(each, PROCEDURE_NAMES) for each in case.told_procedures)
    return Told(_columns(case, CASE_NAMES), procedures)


def _columns(row: Any, names: Sequence[str]) -> Columns:
    return tuple((name, getattr(row, name)) for name in names)
