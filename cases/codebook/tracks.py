"""The public columns of where a person is on the three tracks: liberty, procedure and pressure."""

from __future__ import annotations

from typing import Any

from cases.situation.cited import sources_of
from cases.situation.dates import DayCount
from cases.situation.engine import Situation
from cases.situation.procedures import Procedure
from cases.vocabulary import Liberty, Matter, StageKind
from records.lists.codebook import Column


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


def _days(name: str) -> Any:
    def read(values: dict[str, Any]) -> int | None:
        count: DayCount | None = values["days"]
        return None if count is None else getattr(count, name)

    return read


def key(name: str, meaning: str, type: str = "code", **options: Any) -> Column:
    """Return a part of one of the objects above, which are mappings."""
    return Column(name, meaning, type, _value(name), of=STAGES, **options)


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

_SINCE = key("since", "When that came; of an unbroken state when it began. Empty where no source dates it.", "date")
_BY = key(
    "by", "The day by which it had come, where no source dates it: that of the first source that tells it.", "text"
)
_SOURCES = key("sources", "The sources that tell of it.", "reference", many=True)
_COUNTRY = key("country", "Where; of a removal where it led.", "country")
_DAYS = (
    Column("days_least", "For how many days at least, on the day asked about.", "integer", _days("least"), of=STAGES),
    Column("days_most", "For how many at most; empty where nothing bounds it.", "integer", _days("most"), of=STAGES),
)
_PARTS = Column(
    "parts",
    "The parts into which a group has come apart; empty where all of it went one way.",
    "object",
    _value("parts"),
    many=True,
    of=("",),
    parts=(
        Column("value", "Where they stand.", "code", lambda part: part.situation.value, vocabulary=Liberty, of=STAGES),
        Column("headcount", "How many they are.", "integer", of=("stages.headcount",)),
        Column("rest", "Whether they are those of whom nothing else is told.", "boolean", "is_rest", of=STAGES),
        Column("country", "Where.", "country", lambda part: part.situation.country or None, of=STAGES),
        Column("open", "Whether the case is open for them.", "boolean", lambda part: part.situation.is_open, of=STAGES),
    ),
)
LIBERTY_PARTS = (
    key("value", "Where the person is.", vocabulary=Liberty, filled=True),
    key("kind", "By what kind of stage.", vocabulary=StageKind),
    _COUNTRY,
    _SINCE,
    _BY,
    *_DAYS,
    key("unsure", "Other stages that may have come last, because dates are vague.", many=True, vocabulary=StageKind),
    _SOURCES,
    _PARTS,
)
PROCEDURE_PARTS = (
    key("matter", "What it is about; empty where no stage tells.", vocabulary=Matter),
    _COUNTRY,
    key("kind", "Its last stage.", vocabulary=StageKind, filled=True),
    _SINCE,
    _BY,
    *_DAYS,
    key(
        "pending", "Whether it is not decided, or not carried out; empty where vague dates leave that open.", "boolean"
    ),
    key(
        "decision",
        "What had been decided before its last stage, and still counts: a surrender granted and now stayed.",
        vocabulary=StageKind,
    ),
    key("decided", "When that was decided.", "date"),
    _SOURCES,
)
PRESSURE_PARTS = (key("kind", "Its last stage.", vocabulary=StageKind, filled=True), _COUNTRY, _SINCE, _BY, _SOURCES)
