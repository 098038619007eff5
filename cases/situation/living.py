"""Notices and requests with their events, as far as one reader may see them: filters ask here for their state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import DateField, Prefetch, QuerySet, Value

from cases.situation.cited import cited_by
from cases.situation.keys import these


def living(records: QuerySet, user: Any, day: date | None, is_meant: Callable[[Any], bool]) -> QuerySet:
    """Return those of some notices or requests of which `is_meant` holds, by the events that `user` may see."""
    link: Any = records.model._meta.get_field("events")
    undated = cited_by(user, **{f"{CITED_AS[link.related_model.__name__]}__occurred": ""})
    events = link.related_model.objects.visible_to(user).prefetch_related(undated)
    rows = records.model.objects.visible_to(user).filter(pk__in=records.order_by().values("pk"))
    rows = rows.annotate(as_of=Value(day, output_field=DateField()))
    rows = rows.prefetch_related(Prefetch("events", events, to_attr="told_events"))
    return records.filter(pk__in=these(row.pk for row in rows if is_meant(row)))


#: By which link a citation is about an event.
CITED_AS = {"NoticeEvent": "notice_event", "CcfEvent": "ccf_event"}
