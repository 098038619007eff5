"""The lives of notices and requests as the database reads them: where dates and telling put the events in one order.

Where they do not, `unsure_order` says so, and the record is read in Python: `cases.situation.life` decides.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import CcfEvent, NoticeEvent
from cases.situation.dates import BEFORE_ALL
from records.current_day import current_day
from records.lists.json_sql import NumberOf

#: The events of notices and of requests, and the link from each to its record.
LINKS = {NoticeEvent: "notice", CcfEvent: "request"}
FIRST = Coalesce(OuterRef("occurred_earliest"), Value(BEFORE_ALL))
#: That an event came before another, as `cases.situation.order` has it: by the dates, else by the telling.
CAME_BEFORE = Q(occurred_latest__lt=FIRST) | Q(
    Q(occurred_earliest__lte=OuterRef("occurred_latest")) | Q(occurred_earliest__isnull=True),
    occurred_latest__gte=FIRST,
    position__gt=0,
    position__lt=OuterRef("position"),
)


def events_told(model: Any, user: Any) -> QuerySet:
    """Return the events of a record that `user` may see, in their order where that is sure."""
    return _placed(model, user).filter(**{LINKS[model]: OuterRef("pk")}).order_by("place", "pk")


def unsure_order(model: Any, user: Any) -> Q:
    """Return the condition that some event of a record has no place of its own among the others.

    They are in one order just where before each there is another number of them. Where one lies ahead, or nothing
    bounds its date from above, its place also depends on the day and on its sources.
    """
    ahead = Q(occurred_earliest__gt=current_day())
    events = _placed(model, user).filter(**{LINKS[model]: OuterRef("pk")})
    others = _placed(model, user).filter(**{LINKS[model]: OuterRef(LINKS[model])}).exclude(pk=OuterRef("pk"))
    is_level = Exists(others.filter(place=OuterRef("place")))
    return Q(Exists(events.filter(Q(is_level) | ((ahead | Q(occurred_latest__isnull=True)) & Q(Exists(others))))))


def last_state(model: Any, user: Any) -> Subquery:
    """Return the state in which the last event that has come left a record whose events are in order."""
    come = events_told(model, user).filter(Q(occurred_earliest__lte=current_day()) | Q(occurred_earliest__isnull=True))
    return Subquery(come.reverse().values("state")[:1])


def _placed(model: Any, user: Any) -> QuerySet:
    """Return the events that `user` may see, each with its `place`: the number of those that came before it."""
    events = model.objects.visible_to(user).order_by()
    before = events.filter(CAME_BEFORE, **{LINKS[model]: OuterRef(LINKS[model])})
    return events.annotate(place=NumberOf(before.values("pk")))
