"""The signs of a case: the sources that speak of it, and when the last of them came out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from cases.models import Citation
from cases.models.last_sign import WAYS
from cases.situation.keys import these
from records.fields.edtf import UncertainDate
from records.lists.together import asked_together

KEYS = {"pk": "pk", "incident": "incident_id", "person": "person_id"}


class Case(Protocol):
    """A case by its keys: its own, and those of its incident and of its person."""

    @property
    def pk(self) -> int: ...
    @property
    def incident_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...


class Sign(NamedTuple):
    """A source that speaks of a case, by its key, and when it was published."""

    source: int
    published: UncertainDate | None


@dataclass(frozen=True)
class LastSign:
    """When a case was last heard of: no earlier than `earliest`, no later than `latest`, and by which sources.

    `earliest` is None where no source has a first possible day. `sources` are the keys of those that set the bounds.
    """

    earliest: date | None
    latest: date
    sources: frozenset[int]


def last_sign(signs: Iterable[Sign], day: date, today: date) -> LastSign | None:
    """Return the last sign by `day` among sources that are at hand `today`; None where none of them is dated.

    A source that is at hand was published no later than today. One that certainly came out after `day` is no sign by
    then. One that perhaps did, or that has no date, may make the last sign later but not surely so.
    """
    bounds = [(sign, *bounds_of(sign.published, today)) for sign in signs]
    by_then = [(sign, first, min(last, day), last <= day) for sign, first, last in bounds if not first or first <= day]
    if not any(sign.published for sign, *_ in by_then):
        return None
    latest = max(last for _, _, last, _ in by_then)
    earliest = max((first for _, first, _, is_sure in by_then if first and is_sure), default=None)
    deciding = {
        sign.source
        for sign, first, last, is_sure in by_then
        if last == latest or (is_sure and first is not None and first == earliest)
    }
    return LastSign(earliest, latest, frozenset(deciding))


def bounds_of(published: UncertainDate | None, today: date) -> tuple[date | None, date]:
    """Return the first (None: unknown) and the last possible day of the publication of a source that is at hand."""
    if published is None:
        return None, today
    last = min(published.latest or today, today)
    return published.earliest, max(last, published.earliest or last)


def signs(user: Any, cases: Sequence[Case]) -> Callable[[Any], set[Sign]]:
    """Return the function that gives the sources which speak of a case, of its incident or of its person.

    Who sees a citation sees what it is about. The cases are named by key: asked again as a question within each
    question, they took PostgreSQL minutes.
    """
    found: dict[tuple[str, int], set[Sign]] = defaultdict(set)
    questions = []
    for name, path, column in WAYS:
        whose = name if path == "pk" else f"{name}__{path}"
        keys = these({getattr(row, KEYS[column]) for row in cases})
        citations = Citation.objects.visible_to(user).filter(**{f"{whose}__in": keys}).order_by()
        questions.append(citations.values_list(whose, "source", "source__published").distinct())
    for (_, _, column), rows in zip(WAYS, asked_together(questions), strict=True):
        for key, source, published in rows:
            found[column, key].add(Sign(source, published))

    def speaking(row: Any) -> set[Sign]:
        keys = ("pk", row.pk), ("incident", row.incident_id), ("person", row.person_id)
        return set().union(*(found.get(key, set()) for key in keys))

    return speaking
