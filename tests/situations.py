"""What a reader is told of where cases stand: by the engine, and as it is stored."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from cases.models import Involvement
from cases.situation.answer import NAMES, Answer, answer
from cases.situation.counted import verdicts
from cases.situation.standing import situation, stored_and_others


def by_engine(user: Any, day: date | None) -> dict[int, Answer]:
    """Return what the engine says of each case of a subject that a reader sees, by key."""
    people = Involvement.objects.visible_to(user).filter(role="subject")
    if day is not None:
        people = people.exclude(incident__start_earliest__gt=day)
    return {row.pk: answer(situation(row), found) for row, found in verdicts(people, user, day)}


def as_told(user: Any, day: date | None) -> dict[int, Answer]:
    """Return the same as filters have it: what is stored, and of the other cases what is worked out."""
    stored, others = stored_and_others(Q(), user, day)
    rows = list(stored)
    found = {row.involvement_id: tuple(getattr(row, name) for name in NAMES) for row in rows}
    assert len(found) == len(rows), "one answer for each case"
    return found | {row.pk: answer(situation(row), said) for row, said in verdicts(others, user, day)}
