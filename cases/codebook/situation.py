"""The public columns of where a person stands in an incident."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from cases.codebook.tracks import (
    LIBERTY_PARTS,
    PRESSURE_PARTS,
    PROCEDURE_PARTS,
    STAGES,
    liberty,
    pressure,
    procedure,
    stored,
)
from cases.models import Involvement, Outcome, ToldCase, ToldProcedure
from cases.situation.standing import involvements_with_incidents, situation
from cases.situation.three_steps import highest
from cases.vocabulary import (
    Accusation,
    CaseStatus,
    Fate,
    InvolvementRole,
    Phase,
    Scope,
    StageKind,
    Step,
)
from records.current_day import is_past
from records.lists.codebook import Column, itself
from records.lists.json_sql import NumberOf


def is_subject(involvement: Any) -> bool:
    """Whether a part in an incident is a case of the person: one to whom it happened."""
    return involvement.role == InvolvementRole.SUBJECT


def is_open(involvement: Any) -> bool | None:
    """Whether the case is open for the person to whom it happened; None where it cannot be told, and for others."""
    return situation(involvement).is_open if is_subject(involvement) else None


def is_followed(involvement: Any) -> bool | None:
    return situation(involvement).is_followed if is_subject(involvement) else None


def outcome(involvement: Any) -> str | None:
    """How the case ended: as of an earlier day it is known only where the case had ended by then."""
    return involvement.outcome_id if not is_past(involvement.as_of) or situation(involvement).is_open is False else None


_OWN = Q(role=InvolvementRole.SUBJECT)
#: A person's own cases first, of these the acts abroad.
RANK = Case(When(_OWN & Q(incident__scope=Scope.CROSS_BORDER), then=0), When(_OWN, then=1), default=2)


def involvements_of_people(user: Any, day: date | None = None) -> QuerySet:
    """Return the involvements of people in the order of their own cases first, of these the acts abroad, the latest."""
    ranked = involvements_with_incidents(user, day).annotate(rank=RANK)
    return ranked.order_by("rank", F("incident__start_earliest").desc(nulls_last=True), "pk")


def in_order(person: Any) -> list[Any]:
    """The involvements of a person in the order in which they matter: of each rank the open cases first."""
    return sorted(person.visible_involvements, key=lambda row: (row.rank, is_open(row) is False))


def own_cases(person: Any) -> list[Any]:
    """The involvements of the person as the one to whom it happened, in the order in which they matter."""
    return [row for row in in_order(person) if is_subject(row)]


def deciding_case(person: Any) -> Any:
    """The case by which a person stands: open before closed, abroad before at home, the latest; or None."""
    known = [row for row in own_cases(person) if situation(row).happened]
    return min(known, key=lambda row: situation(row).is_open is False, default=None)


def reached_by(person: Any) -> Step:
    """The highest of the three steps that was reached in any case of the person."""
    return highest([situation(row).reached for row in own_cases(person)])


def involvements_told(user: Any) -> QuerySet:
    """Return the involvements that `user` may see, with what is told of each today as `told`."""
    return Involvement.objects.visible_to(user).annotate(told=ToldCase.told_to(user))


def cases_told(user: Any) -> QuerySet:
    """Return the involvements of a person as the one to whom it happened."""
    return involvements_told(user).filter(person=OuterRef("pk"), role=InvolvementRole.SUBJECT)


def procedures_told(user: Any) -> QuerySet:
    """Return the procedures of what is told of an involvement."""
    return ToldProcedure.objects.visible_to(user).filter(case=OuterRef("told__id"))


#: The orders of `in_order` and `deciding_case`, and how high the three steps are, for the database.
IS_OVER = Case(When(told__is_open=False, then=1), default=0)
RANKED = (RANK, IS_OVER, F("incident__start_earliest").desc(nulls_last=True), "pk")
HEIGHT = Case(*(When(told__reached=step, then=at) for at, step in enumerate(Step.rising())), default=0)

SITUATION_COLUMNS = (
    Column("role", "The person's part in it.", "code", vocabulary=InvolvementRole, filled=True),
    Column(
        "liberty",
        "Where the person is: free, held, on conditions, removed, missing or dead.",
        "object",
        lambda row: liberty(situation(row)),
        of=("",),
        given=Q(told__isnull=False),
        parts=LIBERTY_PARTS,
    ),
    Column(
        "procedure",
        "The latest procedure that is pending, else the latest.",
        "object",
        lambda row: procedure(situation(row).procedure, situation(row)),
        of=("",),
        rows=lambda user: procedures_told(user).filter(is_shown=True),
        parts=PROCEDURE_PARTS,
    ),
    Column(
        "procedures",
        "Every procedure about the person, by matter and country, those that are decided too.",
        "object",
        lambda row: [procedure(each, situation(row)) for each in situation(row).procedures],
        many=True,
        of=("",),
        rows=lambda user: procedures_told(user).order_by("position"),
        parts=PROCEDURE_PARTS,
    ),
    Column(
        "pressure",
        "What was last done to the person short of taking their liberty.",
        "object",
        lambda row: pressure(situation(row)),
        of=("",),
        given=Q(told__pressure_step__isnull=False),
        parts=PRESSURE_PARTS,
    ),
    Column(
        "phase",
        "The phase of the case: liberty's, unless at liberty; then a pending procedure's; then pressure's.",
        "code",
        lambda row: situation(row).phase,
        vocabulary=Phase,
        of=STAGES,
        built=stored("told__phase", "code"),
    ),
    Column(
        "stage",
        "The kind of stage that decides the phase.",
        "code",
        lambda row: situation(row).stage,
        vocabulary=StageKind,
        of=STAGES,
        built=stored("told__stage", "code"),
    ),
    Column(
        "since",
        "When what decides the phase came, or began.",
        "date",
        lambda row: situation(row).since,
        of=STAGES,
        built=stored("told__began__occurred", "date"),
    ),
    Column(
        "reached",
        "The highest of the three steps (on notice, detained abroad, returned or attacked) that was reached.",
        "code",
        lambda row: situation(row).reached,
        vocabulary=Step,
        filled=True,
        of=STAGES,
        built=stored("told__reached", "code"),
    ),
    Column(
        "reached_apart",
        "What was reached beside the three steps: held at the origin, removed elsewhere, killed.",
        "code",
        lambda row: situation(row).reached_apart,
        many=True,
        vocabulary=Step,
        of=STAGES,
        built=stored("told__reached_apart", "list"),
    ),
    Column(
        "outcome",
        "How the case ended for the person.",
        "code",
        outcome,
        vocabulary=Outcome,
        of=("outcome",),
        built=lambda user: F("outcome_id"),
    ),
    Column(
        "open",
        "Whether the case is open for the person to whom it happened: the last stage on liberty is no end, or a "
        "procedure is pending. Empty for everybody else, and where vague dates leave it open.",
        "boolean",
        is_open,
        of=("role", "stages.kind", "status"),
        built=stored("told__is_open", "boolean"),
    ),
    Column(
        "followed",
        "Whether the person is still followed: while the case is open, and after a removal to the origin until free or "
        "dead there.",
        "boolean",
        is_followed,
        of=("role", "stages.kind", "status"),
        built=stored("told__is_followed", "boolean"),
    ),
    Column(
        "fate",
        "What became of the person after a removal to the origin; empty without one.",
        "code",
        lambda row: situation(row).fate,
        vocabulary=Fate,
        of=STAGES,
        built=stored("told__fate", "code"),
    ),
    Column(
        "status",
        "Whether the case is said to go on, and the day for which that is said.",
        "object",
        itself,
        of=("",),
        parts=(
            Column("value", "Whether it goes on.", "code", "status", vocabulary=CaseStatus, filled=True),
            Column("as_of", "The day for which that is said.", "date", "status_as_of"),
            Column("reason", "Why it is said to have ended, where no stage tells.", "text", "status_reason"),
        ),
    ),
    Column("accusation", "What the pursuing state accuses the person of in it.", "code", vocabulary=Accusation),
)
PRESENT = ("liberty", "procedure", "pressure", "phase", "stage", "since", "open", "followed")

INCIDENTS_OF_PERSON = Column(
    "incidents",
    "The incidents that the person was involved in, and where each case stands.",
    "object",
    in_order,
    many=True,
    of=("involvements",),
    rows=lambda user: involvements_told(user).filter(person=OuterRef("pk")).order_by(*RANKED),
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
        rows=lambda user: cases_told(user).filter(told__has_happened=True).order_by(IS_OVER, *RANKED),
        parts=(
            Column("incident", "The incident of that case.", "reference", "incident.ref", filled=True),
            *(column for column in SITUATION_COLUMNS if column.name in PRESENT),
        ),
    ),
    Column(
        "reached",
        "The highest of the three steps (on notice, detained abroad, returned or attacked) that was reached in any "
        "incident.",
        "code",
        reached_by,
        vocabulary=Step,
        filled=True,
        of=("involvements.role", "involvements.stages.kind", "involvements.stages.occurred"),
        built=lambda user: Coalesce(
            Subquery(cases_told(user).order_by(HEIGHT.desc()).values("told__reached")[:1]), Value(Step.NONE.value)
        ),
    ),
    Column(
        "open_cases",
        "How many cases of the person are open, as far as vague dates tell.",
        "integer",
        lambda person: sum(is_open(row) is True for row in own_cases(person)),
        filled=True,
        of=("involvements.role", "involvements.stages.kind", "involvements.status"),
        built=lambda user: NumberOf(cases_told(user).filter(told__is_open=True).order_by().values("pk")),
    ),
)

PEOPLE_OF_INCIDENT = Column(
    "people",
    "Who was involved, and where the case of each stands.",
    "object",
    "visible_involvements",
    many=True,
    rows=lambda user: involvements_told(user).filter(incident=OuterRef("pk")).order_by("pk"),
    parts=(
        Column("person", "The person.", "reference", "person.ref", filled=True),
        Column("label", "The person's display name.", "text", "person.label", filled=True),
        *SITUATION_COLUMNS,
    ),
)
