"""Where cases stand for one reader: involvements with the stages and citations that the reader may see.

Filters, pages, API and exports all ask here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import DateField, Prefetch, Q, QuerySet, Value

from cases.models import Involvement, Stage, StoredSituation, UnstoredIncident
from cases.situation.answer import holds
from cases.situation.cited import with_citations
from cases.situation.engine import Situation
from cases.situation.keys import leads_to, these
from cases.situation.places import countries_seen, locations, origins
from cases.situation.status import Status
from cases.vocabulary import InvolvementRole
from records.current_day import current_day
from records.history.time_travel import is_recalled

#: How many involvements are worked out at once, so that memory stays small however many there are.
BATCH = 2_000


def situation(involvement: Any) -> Situation:
    """Where the case stands, as far as the reader may know, on the day on which the row is looked at.

    The involvement comes from `involvements`, or like it with its person, its incident with its countries, and the
    stages and citations that the reader may see.
    """
    if "_situation" not in involvement.__dict__:
        incident, today = involvement.incident, current_day()
        took_place_in = locations(incident)
        involvement._situation = Situation(
            stages=tuple(involvement.told_stages),
            day=involvement.as_of or today,
            today=today,
            home=frozenset(origins(incident)),
            location=took_place_in[0] if len(took_place_in) == 1 else "",
            start=incident.start,
            headcount=(involvement.person.headcount_min, involvement.person.headcount_max),
            status=Status(involvement.status, involvement.status_as_of, involvement.status_reason),
        )
    return involvement._situation


def involvements(user: Any, day: date | None = None) -> QuerySet:
    """Return the involvements that `user` may see, as of a day, with all that their situations rest on."""
    return with_citations(involvements_with_incidents(user, day), user, undated_stages)


def involvements_with_incidents(user: Any, day: date | None = None) -> QuerySet:
    """Return the same, to be read with their people: the citations of their stages are fetched with those of others."""
    rows = involvements_of_incidents(user, day).select_related("incident", "person").defer("incident__folded")
    return rows.prefetch_related(countries_seen(user, path="incident__"))


def involvements_of_incidents(user: Any, day: date | None = None) -> QuerySet:
    """Return the same to be read with their incidents, which come with their countries; terms are joined.

    Later stages come along as of a day too: what was told after them had not happened before they did.
    """
    rows = Involvement.objects.visible_to(user)
    if day is not None:
        rows = rows.exclude(incident__start_earliest__gt=day)
        rows = rows.annotate(as_of=Value(day, output_field=DateField()))
    stages = Stage.objects.visible_to(user).select_related("detention_kind")
    return rows.select_related("outcome").prefetch_related(Prefetch("stages", stages, to_attr="told_stages"))


def undated_stages(involvements: Iterable[Any]) -> list[Stage]:
    """The stages of which citations bear on a situation: a source dates what is undated."""
    return [stage for row in involvements for stage in row.told_stages if stage.occurred is None]


def subjects(user: Any, day: date | None = None) -> QuerySet:
    """The involvements of the people to whom the incidents happened, as far as these may have begun by a day."""
    rows = Involvement.objects.visible_to(user).filter(role=InvolvementRole.SUBJECT)
    return rows if day is None else rows.exclude(incident__start_earliest__gt=day)


class Standing(NamedTuple):
    """The cases that stand where a question says: by what is stored, and those that had to be worked out."""

    stored: QuerySet
    others: list[Involvement]

    def through(self, path: str, column: str) -> Q:
        """Return the condition that `path` leads to one of them, or to the incident or the person of one.

        `column` says which of these: "involvement", "incident" or "person".
        """
        key = "pk" if column == "involvement" else f"{column}_id"
        among = leads_to(path, self.stored, column)
        others = [getattr(row, key) for row in self.others]
        return among | Q(**{f"{path}__in": these(others)}) if others else among


def standing(question: Q, user: Any, day: date | None, *, every_role: bool = False) -> Standing:
    """Return the cases that stand where a question says, by what `user` may see, as of a day.

    The question is a condition on the columns of `StoredSituation`. It is about the people to whom the incidents
    happened, or about whoever was involved, in every role.
    """
    stored, rows = stored_and_others(question, user, day, every_role=every_role)
    return Standing(stored, [row for row in worked_out(rows, user, day) if holds(question, situation(row))])


def stored_and_others(
    question: Q, user: Any, day: date | None, *, every_role: bool = False
) -> tuple[QuerySet, QuerySet]:
    """Return what is stored of the cases that stand where a question says, and the cases that must be worked out."""
    stored = StoredSituation.objects.visible_to(user).on(day).filter(question)
    rows = Involvement.objects.visible_to(user) if every_role else subjects(user, day)
    if not every_role:
        stored = stored.filter(role=InvolvementRole.SUBJECT)
    if not is_stored(day):
        return stored.none(), rows
    if day == current_day():  # of earlier days nothing is stored of what certainly began later
        stored = stored.exclude(incident__start_earliest__gt=day)
    keys = UnstoredIncident.objects.visible_to(user).keys_for(user)
    if not keys:
        return stored, rows.none()
    return stored.exclude(incident__in=these(keys)), rows.filter(incident__in=these(keys))


def is_stored(day: date | None) -> bool:
    """Whether what is stored tells of a day: of none that is to come, and of nothing as it was known before."""
    return not is_recalled() and (day is None or day <= current_day())


def worked_out(rows: QuerySet, user: Any, day: date | None) -> Iterable[Any]:
    """Return the involvements among `rows` with all that their situations rest on."""
    among_rows = involvements(user, day).filter(pk__in=rows.order_by().values("pk"))
    return among_rows.order_by("pk").iterator(chunk_size=BATCH)
