"""The rows in which what was worked out of cases is stored, each for the readers of a lane and for some days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from cases.models import StoredSituation, Tense, ToldCase, ToldProcedure, UnstoredIncident
from cases.situation.answer import as_columns

#: What was worked out for the readers of each lane, from the widest on, where it is something else than for the last.
OfLanes = list[tuple[int, list[Any]]]


class ToStore(NamedTuple):
    """All the rows that take the place of what is stored of some incidents."""

    situations: list[StoredSituation]
    cases: list[ToldCase]
    procedures: list[ToldProcedure]
    unstored: list[UnstoredIncident]

    def by_model(self) -> Iterable[tuple[Any, list[Any]]]:
        """Return the rows of each model, those first to which others point."""
        return zip((StoredSituation, ToldCase, ToldProcedure, UnstoredIncident), self, strict=True)

    def add(self, involvement: Any, said: OfLanes, told: OfLanes) -> None:
        """Add the rows of one involvement."""
        links = {"incident_id": involvement.incident_id, "involvement_id": involvement.pk}
        self.situations.extend(
            StoredSituation(
                person_id=involvement.person_id,
                role=involvement.role,
                tense=Tense.PRESENT if each.is_of_today else Tense.PAST,
                first_day=each.first_day,
                last_day=each.last_day,
                **links,
                **lanes_and_days,
                **as_columns(each.answer),
            )
            for each, lanes_and_days in _with_lanes(said)
        )
        for each, lanes_and_days in _with_lanes(told):
            case = ToldCase(**links, **lanes_and_days, **dict(each.told.case))
            self.cases.append(case)
            self.procedures.extend(
                ToldProcedure(case=case, **lanes_and_days, **dict(columns)) for columns in each.told.procedures
            )


def _with_lanes(found: OfLanes) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each interval with the lanes and the days on which it is read, as columns."""
    for (lane, intervals), narrower in zip_longest(found, found[1:]):
        for each in intervals:
            until = narrower[0] if narrower else None
            yield (
                each,
                {
                    "lane": lane,
                    "until_lane": until,
                    "first_today": each.first_today,
                    "last_today": each.last_today,
                },
            )
