"""The public columns of where a person stands in an incident."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Prefetch, Q, QuerySet, Value, When

from cases.models import Involvement, Outcome, Stage, with_openness
from cases.situation.engine import Situation, certainly_by, highest, over_by
from cases.vocabulary import InvolvementRole, Phase, Scope, StageKind, Step
from records.lists.codebook import Column


def situation(involvement: Any) -> Situation:
    """Where the case stands, as far as the reader may know, on the day on which the row is looked at."""
    if "_standing" not in involvement.__dict__:
        day = involvement.as_of
        over, begun = over_by(involvement.incident, day), certainly_by(involvement.incident.start, day)
        involvement._standing = Situation(tuple(involvement.visible_stages), day, over, begun)
    return involvement._standing


def current(involvement: Any) -> Stage | None:
    """The stage at which the case stands, as far as the reader may know."""
    return situation(involvement).current


def pending(involvement: Any) -> Stage | None:
    """The step of a review that runs beside it."""
    return situation(involvement).pending


def is_open(involvement: Any) -> bool | None:
    """Whether the case is open for the person to whom it happened; None where it cannot be told, and for others."""
    return situation(involvement).is_open if involvement.role == InvolvementRole.SUBJECT else None


def outcome(involvement: Any) -> str | None:
    """How the case ended: as of an earlier day it is known only where the case had ended by then."""
    return involvement.outcome_id if involvement.as_of is None or situation(involvement).is_open is False else None


def involvements(user: Any, day: date | None = None) -> QuerySet:
    """Return the involvements that `user` may see, with their incident, openness and the stages that may have come."""
    stages = Stage.objects.visible_to(user).possibly_by(day).in_order()
    rows = with_openness(Involvement.objects.visible_to(user), user, day).select_related("incident")
    if day is not None:
        rows = rows.exclude(incident__start_earliest__gt=day)
        rows = rows.annotate(as_of=Value(day, output_field=DateField()))
    return rows.prefetch_related(Prefetch("stages", stages, to_attr="visible_stages"))


def involvements_of_people(user: Any, day: date | None = None) -> QuerySet:
    """Return the same in the order in which a person's cases matter: the person's own first, and of these the acts
    abroad, the open ones, and the latest."""
    own = Q(role=InvolvementRole.SUBJECT)
    abroad = Q(incident__scope=Scope.CROSS_BORDER)
    rank = [When(own & abroad, then=0), When(own, then=1)]
    ranked = involvements(user, day).annotate(rank=Case(*rank, default=2))
    return ranked.order_by("rank", "-is_open", F("incident__start_earliest").desc(nulls_last=True), "pk")


def own_cases(person: Any) -> list[Any]:
    """The involvements of the person as the one to whom it happened."""
    return [row for row in person.visible_involvements if row.role == InvolvementRole.SUBJECT]


def deciding_case(person: Any) -> Any:
    """The case by which a person stands: open before closed, abroad before at home, the latest; or None."""
    known = [row for row in own_cases(person) if situation(row).current is not None]
    return min(known, key=lambda row: situation(row).is_open is False, default=None)


def reached_by(person: Any) -> Step:
    """The highest of the three steps that was reached in any case of the person."""
    return highest(stage for row in own_cases(person) for stage in situation(row).happened)


#: What decides at which stage a case stands.
STAGES = ("stages.kind", "stages.occurred", "stages.position")

PRESENT = ("stage", "phase", "since", "pending", "open")
SITUATION_COLUMNS = (
    Column("role", "The person's part in it.", "code", vocabulary=InvolvementRole, filled=True),
    Column(
        "stage",
        "The stage at which the case stands.",
        "code",
        lambda row: getattr(current(row), "kind", None),
        vocabulary=StageKind,
        of=STAGES,
    ),
    Column(
        "phase",
        "The phase of that stage.",
        "code",
        lambda row: (stage := current(row)) and stage.phase.value,
        vocabulary=Phase,
        of=STAGES,
    ),
    Column("since", "When that stage came.", "date", lambda row: situation(row).since, of=STAGES),
    Column(
        "phase_since",
        "When that phase began: the first of its stages without one of another phase between them.",
        "date",
        lambda row: situation(row).phase_since,
        of=STAGES,
    ),
    Column(
        "unsure_order",
        "Other stages that may have come last, because their dates are vague.",
        "code",
        lambda row: [stage.kind for stage in situation(row).rivals],
        many=True,
        vocabulary=StageKind,
        of=STAGES,
    ),
    Column(
        "reached",
        "The highest of the three steps (on notice, detained, returned or attacked) that was reached.",
        "code",
        lambda row: situation(row).reached.value,
        vocabulary=Step,
        filled=True,
        of=STAGES,
    ),
    Column(
        "pending",
        "A step of a review that runs beside it.",
        "code",
        lambda row: getattr(pending(row), "kind", None),
        vocabulary=StageKind,
        of=STAGES,
    ),
    Column("outcome", "How the case ended for the person.", "code", outcome, vocabulary=Outcome, of=("outcome",)),
    Column(
        "open",
        "Whether the case is open for the person to whom it happened: no terminal stage (conditional release is not "
        "one), and the incident is not over. Empty for everybody else, and where vague dates leave it open.",
        "boolean",
        is_open,
        of=("role", "stages.kind", "incident.status", "incident.end"),
    ),
)

INCIDENTS_OF_PERSON = Column(
    "incidents",
    "The incidents that the person was involved in, and where each case stands.",
    "object",
    "visible_involvements",
    many=True,
    parts=(
        Column("ref", "The incident.", "reference", "incident.ref", filled=True),
        Column("title", "The incident's title.", "text", "incident.title", filled=True),
        *SITUATION_COLUMNS,
    ),
)

#: Where a person stands, over all incidents.
SITUATION_OF_PERSON = (
    Column(
        "present",
        "Where the person stands: by an open case before a closed one, abroad before at home, the latest.",
        "object",
        deciding_case,
        of=("involvements",),
        parts=(
            Column("incident", "The incident of that case.", "reference", "incident.ref", filled=True),
            *(column for column in SITUATION_COLUMNS if column.name in PRESENT),
        ),
    ),
    Column(
        "reached",
        "The highest of the three steps (on notice, detained, returned or attacked) that was reached in any incident.",
        "code",
        lambda person: reached_by(person).value,
        vocabulary=Step,
        filled=True,
        of=("involvements.role", "involvements.stages.kind", "involvements.stages.occurred"),
    ),
    Column(
        "open_cases",
        "How many cases of the person are open, as far as vague dates tell.",
        "integer",
        lambda person: sum(is_open(row) is True for row in own_cases(person)),
        filled=True,
        of=("involvements.role", "involvements.stages.kind", "involvements.incident.status"),
    ),
)

PEOPLE_OF_INCIDENT = Column(
    "people",
    "Who was involved, and where the case of each stands.",
    "object",
    "visible_involvements",
    many=True,
    parts=(
        Column("person", "The person.", "reference", "person.ref", filled=True),
        Column("label", "The person's display name.", "text", "person.label", filled=True),
        *SITUATION_COLUMNS,
    ),
)
