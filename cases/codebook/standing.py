"""Where a case stands, as people and incidents both show it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Prefetch, Q, QuerySet, When

from cases.models import Involvement, Outcome, Stage, with_standing
from cases.vocabulary import InvolvementRole, Phase, Scope, StageKind
from sources.codebook import Column


def current(involvement: Any) -> Stage | None:
    """The stage at which the case stands, as far as the reader may know."""
    return _stage(involvement, involvement.current_id)


def pending(involvement: Any) -> Stage | None:
    """The step of a review that runs beside it."""
    return _stage(involvement, involvement.pending_id)


def _stage(involvement: Any, pk: int | None) -> Stage | None:
    return next((stage for stage in involvement.visible_stages if stage.pk == pk), None)


def involvements(user: Any) -> QuerySet:
    """Return the involvements that `user` may see, with their standing and visible stages."""
    stages = Stage.objects.visible_to(user).in_order()
    return with_standing(Involvement.objects.visible_to(user), user).prefetch_related(
        Prefetch("stages", stages, to_attr="visible_stages")
    )


def involvements_of_people(user: Any) -> QuerySet:
    """Return the same in the order in which a person's cases matter: the person's own first, and of these the acts
    abroad, the open ones, and the latest."""
    own = Q(role=InvolvementRole.SUBJECT)
    abroad = Q(incident__scope=Scope.CROSS_BORDER)
    rank = [When(own & abroad, then=0), When(own, then=1)]
    ranked = involvements(user).select_related("incident").annotate(rank=Case(*rank, default=2))
    return ranked.order_by("rank", "-is_open", F("incident__start_earliest").desc(nulls_last=True), "pk")


#: What decides at which stage a case stands.
STAGES = ("stages.kind", "stages.occurred", "stages.position")

STANDING_COLUMNS = (
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
    Column("since", "When that stage came.", "date", lambda row: getattr(current(row), "occurred", None), of=STAGES),
    Column(
        "pending",
        "A step of a review that runs beside it.",
        "code",
        lambda row: getattr(pending(row), "kind", None),
        vocabulary=StageKind,
        of=STAGES,
    ),
    Column("outcome", "How the case ended for the person.", "code", "outcome_id", vocabulary=Outcome),
    Column(
        "open",
        "Whether the case is open for the person to whom it happened: no terminal stage (conditional release is not "
        "one), and the incident is not over. Empty for everybody else.",
        "boolean",
        lambda row: row.is_open if row.role == InvolvementRole.SUBJECT else None,
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
        *STANDING_COLUMNS,
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
        *STANDING_COLUMNS,
    ),
)
