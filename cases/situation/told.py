"""What is told of a case today, as it is stored: `ToldCase` with its procedures, by what the engine says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from cases.situation.dates import AFTER_ALL, DayCount
from cases.situation.engine import Situation
from cases.situation.freedom_house import Verdict
from cases.situation.order import merged_keys
from cases.situation.procedures import Procedure
from records.lists.json_sql import as_json

Columns = tuple[tuple[str, Any], ...]


class Told(NamedTuple):
    """The columns of a told case, and of each of its procedures, by name."""

    case: Columns
    procedures: tuple[Columns, ...]


#: The columns of rows that say of whom and when they tell.
_ABOUT = {"id", "lane", "until_lane", "first_today", "last_today", "incident_id", "involvement_id", "case_id"}


def columns_told(model: Any) -> tuple[str, ...]:
    """Return the columns of a model of what is told, in the order of the alphabet."""
    return tuple(sorted({field.attname for field in model._meta.concrete_fields} - _ABOUT))


def told(found: Situation, counted: Verdict | None) -> Told:
    """Return what is told of a case on the present day; `counted` is the verdict on whom the incident happened to.

    Of nobody else is it told whether the case is open.
    """
    of_subject = counted is not None
    verdict: Any = counted or ("", "", "", "")
    case = {
        "order": "".join(f"{ref}={key};" for ref, key in merged_keys(found.telling.order.steps)),
        "has_happened": bool(found.happened),
        "phase": found.phase or "",
        "stage": found.stage or "",
        "began_id": _key(found.began),
        "reached": found.reached,
        "reached_apart": as_json(found.reached_apart),
        "is_open": found.is_open if of_subject else None,
        "is_followed": found.is_followed if of_subject else None,
        "fate": found.fate or "",
        **_liberty(found),
        **_pressure(found),
        **dict(zip(("counted", "counted_reason", "counted_tactic", "counted_stage"), verdict, strict=True)),
    }
    return Told(
        tuple(sorted(case.items())), tuple(_procedure(each, at, found) for at, each in enumerate(found.procedures))
    )


def _liberty(found: Situation) -> dict[str, Any]:
    now, least, most = found.liberty, *_since(found.days(), found.day)
    parts = [
        {
            "value": part.situation.value,
            "headcount": part.headcount,
            "rest": part.is_rest,
            "country": part.situation.country or None,
            "open": part.situation.is_open,
        }
        for part in found.parts
    ]
    return {
        "liberty_value": found.value,
        "liberty_kind": now.kind if now else "",
        "liberty_country": now.country if now else found.where,
        "liberty_began_id": _key(now and now.began),
        "liberty_step_id": _key(now and now.step),
        "liberty_by": now.began.by if now else None,
        "liberty_least_since": least,
        "liberty_most_since": most,
        "liberty_unsure": as_json([step.kind for step in found.perhaps]),
        "liberty_parts": as_json(parts),
    }


def _pressure(found: Situation) -> dict[str, Any]:
    now = found.pressure
    return {
        "pressure_kind": now.kind if now else "",
        "pressure_country": now.country if now else "",
        "pressure_step_id": _key(now and now.step),
        "pressure_by": now.step.by if now else None,
    }


def _procedure(each: Procedure, position: int, found: Situation) -> Columns:
    least, most = _since(found.days_of(each) if each.pending else None, found.day)
    decision = each.decision
    columns = {
        "position": position,
        "is_shown": each is found.procedure,
        "matter": each.matter,
        "country": each.country,
        "kind": each.kind,
        "began_id": _key(each.began),
        "step_id": _key(each.step),
        "by": each.began.by,
        "least_since": least,
        "most_since": most,
        "pending": found.is_pending(each),
        "decision": decision.kind if decision else "",
        "decided_id": _key(decision and decision.step),
    }
    return tuple(sorted(columns.items()))


def _key(step: Any) -> int | None:
    return step.stage.pk if step else None


def _since(days: DayCount | None, today: date) -> tuple[date | None, date | None]:
    """Return since which days the least and the most of a number of days are counted; None where it has none.

    A number that is none today stays so as long as what is told holds (`cases.situation.intervals`), so it is counted
    from the last day of all.
    """
    if days is None:
        return None, None
    least, most = (
        None if number is None else today - timedelta(number) if number else AFTER_ALL
        for number in (days.least, days.most)
    )
    return least, most
