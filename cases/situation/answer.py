"""What is stored of a situation: everything that lists, filters, board, silence and home ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from cases.situation.dates import AFTER_ALL
from cases.situation.engine import Situation
from cases.situation.freedom_house import Verdict
from cases.vocabulary import Liberty

#: The values of the columns of `StoredSituation` that follow, in this order, and last of `counted`.
Answer = tuple[Any, ...]


def told(codes: Iterable[str]) -> str:
    """Return several codes as one text, each between spaces, in the order of the alphabet: " held removed "."""
    found = sorted({str(code) for code in codes})
    return f" {' '.join(found)} " if found else ""


def apart(found: Situation) -> list[Situation]:
    """Return the situations of the parts of a group; of whoever has not come apart, the one."""
    return [part.situation for part in found.parts] or [found]


def phase_since(found: Situation) -> date:
    """Return the day from which on the case has certainly been in its phase.

    The last day of all where it may have come to it today, and where it is in none.
    """
    days = [since.last for since in found.phase_since]
    return max(days) if days and max(days) < found.today else AFTER_ALL


#: Each column, and how it is read from what the engine says.
COLUMNS: Mapping[str, Callable[[Situation], Any]] = {
    "phase": lambda found: found.phase or "",
    "stage": lambda found: found.stage or "",
    "liberty": lambda found: told(part.value for part in apart(found)),
    "pending": lambda found: told(kind for each in found.procedures if each.pending for kind in each.kinds),
    "pressure": lambda found: found.pressure.kind if found.pressure is not None else "",
    "steps": lambda found: told([found.reached, *found.reached_apart]),
    "is_open": lambda found: found.is_open,
    "is_followed": lambda found: found.is_followed,
    "is_held": lambda found: any(part.is_surely_held for part in apart(found)),
    "may_be_held": lambda found: any(Liberty.HELD in part.possible for part in apart(found)),
    "may_have_begun": lambda found: found.may_have_begun,
    "is_told": lambda found: bool(found.steps),
    "phase_since": phase_since,
}


#: The names of all columns, in the order of an answer.
NAMES = (*COLUMNS, "counted")


def answer(found: Situation, counted: Verdict | None) -> Answer:
    """Return the answer of the engine; `counted` is the verdict on a person to whom the incident happened."""
    return (*(column(found) for column in COLUMNS.values()), counted.value if counted is not None else "")


def holds(question: Q, found: Situation) -> bool:
    """Whether a question, which is a condition on those columns, is answered by yes of what the engine says."""
    children: list[Any] = question.children
    verdicts = (holds(each, found) if isinstance(each, Q) else _is(found, *each) for each in children)
    return (all(verdicts) if question.connector == Q.AND else any(verdicts)) != question.negated


def _is(found: Situation, condition: str, wanted: Any) -> bool:
    column, _, lookup = condition.partition("__")
    value = COLUMNS[column](found)
    verdicts: dict[str, Callable[[], bool]] = {
        "": lambda: value == wanted,
        "in": lambda: value in wanted,
        "contains": lambda: wanted in value,
        "isnull": lambda: (value is None) == wanted,
    }
    return verdicts[lookup]()
