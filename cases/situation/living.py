"""Notices and requests with their events, as far as one reader may see them: filters ask here for their state.

Of notices it is stored (`StoredLife`); what has to be worked out, and the few requests, are read with their events.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import DateField, Prefetch, Q, QuerySet, Value

from cases.models import StoredLife, UnstoredNotice
from cases.situation.cited import cited_by
from cases.situation.keys import leads_to, these
from cases.situation.standing import is_stored


def lived(notices: QuerySet, user: Any, day: date | None, question: Q, is_meant: Callable[[Any], bool]) -> QuerySet:
    """Return those of some notices of which `is_meant` holds, by the events that `user` may see, as of a day.

    The question is the same as a condition on the columns of `StoredLife`.
    """
    if not is_stored(day):
        return living(notices, user, day, is_meant)
    stored = StoredLife.objects.visible_to(user).on(day).filter(question)
    keys = UnstoredNotice.objects.visible_to(user).keys_for(user)
    if not keys:
        return notices.filter(leads_to("pk", stored, "notice"))
    others = living(notices.filter(pk__in=these(keys)), user, day, is_meant)
    among = leads_to("pk", stored.exclude(notice__in=these(keys)), "notice")
    return notices.filter(among | Q(pk__in=others.order_by().values("pk")))


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
