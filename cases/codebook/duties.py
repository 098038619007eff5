"""The public columns of duties."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cases.codebook.cited_sources import cited_sources
from cases.codebook.incidents import ONE_PERSON_OF_INCIDENT
from cases.filters import DutyFilter
from cases.models import Duty
from cases.situation.cited import cited_by
from cases.vocabulary import DutyKind, Rhythm
from records.fields.sort_keys import by_date, by_text
from records.lists.codebook import Column, Resource
from records.lists.paging import Ordering


def duty_rows(user: Any) -> QuerySet:
    """Return the duties that `user` may see, with their citations."""
    return duties_of_cases(user).prefetch_related(cited_by(user))


def duties_of_cases(user: Any) -> QuerySet:
    """Return the duties that `user` may see, with whose case each is of."""
    return Duty.objects.visible_to(user).select_related("incident", "involvement__person")


DUTIES = Resource(
    name="duties",
    singular="duty",
    model=Duty,
    meaning="What a case waits for: reports, permits that run out, hearings, decisions that are expected.",
    filterset=DutyFilter,
    rows=duty_rows,
    orderings=(Ordering("due", by_date("due")), Ordering("kind", by_text("kind"))),
    columns=(
        Column("ref", "The duty's public reference.", "reference", filled=True),
        Column("incident", "The incident it belongs to.", "reference", "incident.ref", filled=True),
        Column("person", "Whose case it is.", "reference", "involvement.person.ref", filled=True),
        Column("kind", "What has to be done or is expected.", "code", vocabulary=DutyKind, filled=True),
        Column("due", "When it falls due, or came round for the first time.", "date"),
        Column("rhythm", "How often it comes round; empty where it comes once.", "code", vocabulary=Rhythm),
        Column("ended", "When it was met or fell away; empty while it stands.", "date"),
        Column("authority", "To whom it is owed, or who decides."),
        Column("note", "What else a reader must know."),
        cited_sources("duty"),
        ONE_PERSON_OF_INCIDENT,
    ),
)
