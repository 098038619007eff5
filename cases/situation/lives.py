"""Working out what is stored of the lives of notices, for the readers of each lane and for every day, and comparing it.

`cases.situation.life` decides. It is asked as the engine is for situations (`cases.situation.settling`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from cases.models import Citation, Notice, NoticeEvent, StoredLife, Tense, UnstoredNotice, UnstoredReason
from cases.situation.intervals import Interval, days_of_steps, stretches
from cases.situation.life import Life
from cases.situation.rows import CitationRow, SourceRow, values_of
from cases.situation.seen_in_lanes import SeenInLanes
from cases.situation.to_store import OfLanes, with_lanes
from cases.vocabulary import NoticeState
from records.current_day import current_day
from records.fields.edtf import UncertainDate
from records.models.lanes import UNSETTLED, requirements_of
from records.plain_rows import plain, write

ANSWER = ("state", "is_active", "may_be_active")
#: What is said where nothing is told: no row is stored of it.
NOTHING = ("", False, False)
COLUMNS = (
    *("notice_id", "tense", "first_day", "last_day", "lane", "until_lane", "first_today", "last_today"),
    *ANSWER,
)


@dataclass(slots=True)
class EventRow:
    """An event with all its citations, and with those that the readers of the lane see who are asked about just now."""

    all_citations: list[CitationRow]
    occurred: UncertainDate | None
    lane: int
    ref: str
    state: str
    position: int
    visible_citations: tuple[Any, ...] = ()


@dataclass
class LifeRows(SeenInLanes):
    """All that bears on the life of one notice, whose own lane is `lane`."""

    lane: int
    events: list[EventRow] = field(default_factory=list)

    @cached_property
    def lanes(self) -> set[int]:
        of_citations = {each.lane for event in self.events for each in event.all_citations}
        return {self.lane, *(event.lane for event in self.events), *of_citations} - {UNSETTLED}

    def answers(self, lane: int, today: date) -> list[Interval]:
        """Return what its life says on each day, by what the readers of a lane see."""
        seen = self.seen_in(lane)
        events = [event for event in self.events if event.lane in seen]
        for event in events:
            event.visible_citations = tuple(each for each in event.all_citations if each.lane in seen)
        asked: dict[date, Life] = {}

        def answer(day: date, on: date) -> tuple[Any, ...]:
            if on not in asked:
                asked[on] = Life(events, on, on)
            return answer_of(asked[on].on(day))

        return stretches(answer, days_of_steps(events), today)

    def of_lanes(self, today: date) -> OfLanes:
        """Return what is to be stored, from the widest lane to the narrowest, where it is something else there."""
        said: OfLanes = []
        for lane in self.lanes_that_differ(self.lane):
            found = self.answers(lane, today)
            if not said or said[-1][1] != found:
                said.append((lane, found))
        return said


class _Stored(NamedTuple):
    """Of which days something is stored, none where it is of the present, and what."""

    first_day: date | None
    last_day: date | None
    answer: tuple[Any, ...]


def answer_of(life: Life) -> tuple[str, bool, bool]:
    """Return what filters ask of a life: its state, whether it certainly is in circulation, and whether it may be."""
    alive, ending = NoticeState.alive(), NoticeState.ending()
    certain, possible = (life.is_active(alive, ending, certainly=certainly) for certainly in (True, False))
    return life.state, certain, possible


def life_rows(keys: Collection[int]) -> dict[int, LifeRows]:
    """Fetch all that bears on the lives of some notices, whoever may see it, by key; sources date what no date does."""
    if not keys:
        return {}
    notices = values_of(Notice.objects.filter(pk__in=keys).order_by("pk"), "pk", "lane")
    events = values_of(
        NoticeEvent.objects.filter(notice__in=keys).order_by("pk"),
        *("notice", "pk", "occurred", "lane", "ref", "state", "position"),
    )
    citations = values_of(
        Citation.objects.filter(notice_event__notice__in=keys, notice_event__occurred="").order_by("pk"),
        *("notice_event", "lane", "stance", "source__published"),
    )
    lanes = {row[1] for row in (*notices, *citations)} | {row[3] for row in events}
    requirements = requirements_of(lanes - {UNSETTLED})
    found = {key: LifeRows(requirements, lane) for key, lane in notices}
    when = UncertainDate.stored
    cited: dict[int, list[CitationRow]] = defaultdict(list)
    for about, lane, stance, published in citations:
        cited[about].append(CitationRow(lane, stance, SourceRow(when(published))))
    for notice, key, occurred, *more in events:
        found[notice].events.append(EventRow(cited[key], when(occurred), *more))
    return found


def settle_lives_of(keys: Collection[int]) -> None:
    """Work out the lives of some notices, and write them in the place of what was stored."""
    StoredLife.objects.filter(notice__in=keys).delete()
    UnstoredNotice.objects.filter(notice_id__in=keys).delete()
    stored: list[tuple[Any, ...]] = []
    unstored: list[tuple[Any, ...]] = []
    for key, rows in life_rows(keys).items():
        stored += _rows(key, rows, current_day())
        unstored += [(key, plain(reason), "") for reason in rows.unstored]
    write(StoredLife, COLUMNS, stored)
    write(UnstoredNotice, ("notice_id", "reason", "act"), unstored)


def _rows(key: int, rows: LifeRows, today: date) -> Iterator[tuple[Any, ...]]:
    for each, lanes_and_days in with_lanes(rows.of_lanes(today)):
        if each.answer != NOTHING:
            tense = Tense.PRESENT if each.is_of_today else Tense.PAST
            row = (key, tense, each.first_day, each.last_day, *lanes_and_days, *each.answer)
            yield tuple(map(plain, row))


def wrongly_lived(keys: Collection[int]) -> Iterator[str]:
    """Yield the reference of each of some notices of which something else is stored than its events say.

    What is marked to be worked out anew is left out: nobody reads what is stored of it.
    """
    marks = UnstoredNotice.objects.filter(notice_id__in=keys)
    marked = set(marks.filter(reason=UnstoredReason.WRITTEN).values_list("notice_id", flat=True))
    listed: dict[int, set[str]] = defaultdict(set)
    for key, reason in marks.values_list("notice_id", "reason"):
        listed[key].add(reason)
    stored: dict[int, list[StoredLife]] = defaultdict(list)
    for row in StoredLife.objects.filter(notice__in=keys):
        stored[row.notice_id].append(row)
    refs = dict(Notice.objects.filter(pk__in=keys).values_list("pk", "ref"))
    for key, rows in life_rows(set(keys) - marked).items():
        lanes, found = rows.lanes_that_differ(rows.lane), stored[key]
        is_right = all(_stored_for(rows.seen_in(lane), found) == _by_events(rows, lane) for lane in lanes)
        if not is_right or listed[key] != set(rows.unstored) or (found and not lanes):
            yield refs[key]


def _by_events(rows: LifeRows, lane: int) -> set[_Stored]:
    today = current_day()
    return _of_today((each, each.is_of_today, each.answer) for each in rows.answers(lane, today))


def _stored_for(seen: Collection[int], stored: Iterable[StoredLife]) -> set[_Stored]:
    rows = [row for row in stored if row.lane in seen and row.until_lane not in seen]
    return _of_today((row, row.tense == Tense.PRESENT, tuple(getattr(row, name) for name in ANSWER)) for row in rows)


def _of_today(found: Iterable[tuple[Any, bool, tuple[Any, ...]]]) -> set[_Stored]:
    """Return what holds of some days, asked about today, as far as it says anything."""
    today = current_day()
    return {
        _Stored(None, None, answer) if is_of_today else _Stored(each.first_day, each.last_day, answer)
        for each, is_of_today, answer in found
        if each.first_today <= today <= each.last_today and answer != NOTHING
    }
