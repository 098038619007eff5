"""Which people of which incidents Freedom House's count would take in, by what one reader may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cases.models import TacticUsed
from cases.situation.freedom_house import Verdict, verdict
from cases.situation.standing import Standing, situation, stored_and_others, subjects, worked_out
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


def standing_counted(question: Q, values: list[str], user: Any, day: date | None) -> Standing:
    """Return the cases of which the count would say one of `values`; the question asks that of those stored."""
    stored, others = stored_and_others(question, user, day)
    return Standing(stored, [row for row, found in verdicts(others, user, day) if found.value in values])


def verdicts(people: QuerySet, user: Any, day: date | None) -> Iterator[tuple[Any, Verdict]]:
    """Yield each of some people to whom an incident happened, worked out, with the verdict on what did."""
    among = subjects(user, day).filter(incident__in=people.order_by().values("incident"))
    how_many = Counter(among.order_by().values_list("incident", flat=True))
    tactics: dict[int, list[Any]] = defaultdict(list)
    used = TacticUsed.objects.visible_to(user).possibly_by(day).filter(incident__in=among.order_by().values("incident"))
    for each in used.select_related("tactic"):
        tactics[each.incident_id].append(each.tactic)
    for row in worked_out(people, user, day):
        alone = how_many[row.incident_id] == 1
        yield row, verdict(situation(row), row.incident.scope, tactics[row.incident_id], alone=alone)
