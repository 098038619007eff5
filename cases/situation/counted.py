"""Which people of which incidents Freedom House's count would take in, by what one reader may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cases.models import TacticUsed
from cases.situation.freedom_house import Verdict, verdict
from cases.situation.standing import situation, subjects, worked_out
from cases.vocabulary import InvolvementRole


class PersonCounted(NamedTuple):
    """Whether the count would take in what happened to one person of an incident."""

    person: Any
    verdict: Verdict


def counted_people(incident: Any) -> list[PersonCounted]:
    """Judge each person to whom an incident happened; it comes with its visible tactics, people and their stages."""
    people = [row for row in incident.visible_involvements if row.role == InvolvementRole.SUBJECT]
    tactics = [used.tactic for used in incident.visible_tactics]
    return [
        PersonCounted(row.person, verdict(situation(row), incident.scope, tactics, alone=len(people) == 1))
        for row in people
    ]


def incidents_counted(values: list[str], user: Any, day: date | None) -> Iterator[int]:
    """Yield the keys of the incidents of which some person is judged to be one of `values`."""
    people = subjects(user, day)
    how_many = Counter(people.order_by().values_list("incident", flat=True))
    tactics: dict[int, list[Any]] = defaultdict(list)
    for used in TacticUsed.objects.visible_to(user).possibly_by(day).select_related("tactic"):
        tactics[used.incident_id].append(used.tactic)
    for row in worked_out(people, user, day):
        alone = how_many[row.incident_id] == 1
        found = verdict(situation(row), row.incident.scope, tactics[row.incident_id], alone=alone)
        if found.value in values:
            yield row.incident_id
