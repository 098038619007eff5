"""The public columns of where a person is on the three tracks: liberty, procedure and pressure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import NullIf

from cases.codebook.cited_sources import sources_cited
from cases.situation.cited import sources_of
from cases.situation.dates import DayCount
from cases.situation.engine import Situation
from cases.situation.procedures import Procedure
from cases.vocabulary import Liberty, Matter, StageKind
from records.current_day import current_day
from records.lists.codebook import Column
from records.lists.json_sql import DaysSince, JsonValue, StoredJson, date_as_json


def sources(step: Any) -> list[str]:
    """The sources that tell of a step: on whose word it stands."""
    return [source.ref for source in sources_of(step.stage.visible_citations)]


def by(step: Any) -> str | None:
    """The day by which an undated step had been told of."""
    return step.by.isoformat() if step.by is not None else None


def liberty(found: Situation) -> dict[str, Any]:
    """Return the present value of liberty as `LIBERTY_PARTS` reads it."""
    now = found.liberty
    return {
        "value": found.value,
        "kind": now and now.kind,
        "country": (now.country if now else found.where) or None,
        "since": now and now.began.occurred,
        "by": now and by(now.began),
        "days": found.days(),
        "unsure": [step.kind for step in found.perhaps],
        "sources": sources(now.step) if now else [],
        "parts": found.parts,
    }


def procedure(found: Procedure | None, whole: Situation) -> dict[str, Any] | None:
    """Return a procedure as `PROCEDURE_PARTS` reads it."""
    if found is None:
        return None
    return {
        "matter": found.matter,
        "country": found.country or None,
        "kind": found.kind,
        "since": found.began.occurred,
        "by": by(found.began),
        "days": whole.days_of(found) if found.pending else None,
        "pending": whole.is_pending(found),
        "decision": found.decision and found.decision.kind,
        "decided": found.decision and found.decision.step.occurred,
        "sources": sources(found.step),
    }


def pressure(found: Situation) -> dict[str, Any] | None:
    """Return the present value of pressure as `PRESSURE_PARTS` reads it."""
    now = found.pressure
    if now is None:
        return None
    return {
        "kind": now.kind,
        "country": now.country or None,
        "since": now.step.occurred,
        "by": by(now.step),
        "sources": sources(now.step),
    }


def _value(name: str) -> Any:
    return lambda values: values[name]


def _number(name: str) -> Any:
    def read(values: dict[str, Any]) -> int | None:
        count: DayCount | None = values["days"]
        return None if count is None else getattr(count, name)

    return read


def key(name: str, meaning: str, path: str, type: str = "code", **options: Any) -> Column:
    """Return a part of one of the objects above, which are mappings; `path` leads to where it is stored."""
    return Column(name, meaning, type, _value(name), of=STAGES, built=stored(path, type), **options)


def stored(path: str, type: str) -> Callable[[Any], Any]:
    """Return how the database finds what is stored of a case, or of a procedure, at the end of a path."""
    found = {
        "date": lambda user: date_as_json(path),
        "list": lambda user: StoredJson(path),
        "day": lambda user: JsonValue(path),
        "days": lambda user: DaysSince(path, current_day()),
        "boolean": lambda user: F(path),
        "code": lambda user: F(path),
    }
    return found.get(type, lambda user: NullIf(F(path), Value("")))


#: What decides where a case stands.
STAGES = (
    "stages.kind",
    "stages.occurred",
    "stages.position",
    "stages.country",
    "stages.destination",
    "stages.headcount",
    "stages.in_absentia",
    "stages.cause",
)
TOLD = ("stages.citations.source.published",)


def _country(path: str) -> Column:
    return key("country", "Where; of a removal where it led.", path, "country")


def _since(path: str) -> Column:
    meaning = "When that came; of an unbroken state when it began. Empty where no source dates it."
    return key("since", meaning, path, "date")


def _by(path: str) -> Column:
    meaning = "The day by which it had come, where no source dates it: that of the first source that tells it."
    return Column("by", meaning, "text", _value("by"), of=STAGES, built=stored(path, "day"))


def _days(path: str) -> tuple[Column, Column]:
    least, most = (
        "For how many days at least, on the day asked about.",
        "For how many at most; empty where nothing bounds it.",
    )
    return (
        Column("days_least", least, "integer", _number("least"), of=STAGES, built=stored(f"{path}least_since", "days")),
        Column("days_most", most, "integer", _number("most"), of=STAGES, built=stored(f"{path}most_since", "days")),
    )


def _sources(step: str) -> Column:
    meaning = "The sources that tell of it."
    cited = sources_cited("stage", key=step)
    return Column("sources", meaning, "reference", _value("sources"), many=True, of=STAGES, rows=cited)


_PARTS = Column(
    "parts",
    "The parts into which a group has come apart; empty where all of it went one way.",
    "object",
    _value("parts"),
    many=True,
    of=("",),
    built=stored("told__liberty_parts", "list"),
    parts=(
        Column("value", "Where they stand.", "code", lambda part: part.situation.value, vocabulary=Liberty, of=STAGES),
        Column("headcount", "How many they are.", "integer", of=("stages.headcount",)),
        Column("rest", "Whether they are those of whom nothing else is told.", "boolean", "is_rest", of=STAGES),
        Column("country", "Where.", "country", lambda part: part.situation.country or None, of=STAGES),
        Column("open", "Whether the case is open for them.", "boolean", lambda part: part.situation.is_open, of=STAGES),
    ),
)
LIBERTY_PARTS = (
    key("value", "Where the person is.", "told__liberty_value", vocabulary=Liberty, filled=True),
    key("kind", "By what kind of stage.", "told__liberty_kind", vocabulary=StageKind),
    _country("told__liberty_country"),
    _since("told__liberty_began__occurred"),
    _by("told__liberty_by"),
    *_days("told__liberty_"),
    Column(
        "unsure",
        "Other stages that may have come last, because dates are vague.",
        "code",
        _value("unsure"),
        many=True,
        vocabulary=StageKind,
        of=STAGES,
        built=stored("told__liberty_unsure", "list"),
    ),
    _sources("told__liberty_step"),
    _PARTS,
)
PROCEDURE_PARTS = (
    key("matter", "What it is about; empty where no stage tells.", "matter", vocabulary=Matter),
    _country("country"),
    key("kind", "Its last stage.", "kind", vocabulary=StageKind, filled=True),
    _since("began__occurred"),
    _by("by"),
    *_days(""),
    key(
        "pending",
        "Whether it is not decided, or not carried out; empty where vague dates leave that open.",
        "pending",
        "boolean",
    ),
    key(
        "decision",
        "What had been decided before its last stage, and still counts: a surrender granted and now stayed.",
        "decision",
        vocabulary=StageKind,
    ),
    key("decided", "When that was decided.", "decided__occurred", "date"),
    _sources("step"),
)
PRESSURE_PARTS = (
    key("kind", "Its last stage.", "told__pressure_kind", vocabulary=StageKind, filled=True),
    _country("told__pressure_country"),
    _since("told__pressure_step__occurred"),
    _by("told__pressure_by"),
    _sources("told__pressure_step"),
)
