"""QuerySets of dated steps (stages, events of notices and requests) and of the records that have them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, Subquery

from records.fields.uncertain_date import in_order
from records.models import RecordQuerySet


class DatedStepQuerySet(RecordQuerySet):
    """Steps, each of which occurred at some time: they have `occurred`, and `position`, their place in the telling."""

    def in_order(self) -> Self:
        """Sort by date, undated steps first; where dates are equal, in the order the sources tell.

        The reference comes last, so that the order of entry never decides.
        """
        return self.order_by(*in_order("occurred"), "position", "ref")

    def latest_first(self) -> Self:
        return self.in_order().reverse()

    def possibly_by(self, day: date | None) -> Self:
        """Return the steps that may have come by a day; without one, all of them."""
        if day is None:
            return self
        return self.filter(Q(occurred_earliest__lte=day) | Q(occurred_earliest__isnull=True))


class WithEventsQuerySet(RecordQuerySet):
    """Records whose life is told by their `events`, each of which leaves them in a `state`."""

    def begun_by(self, user: Any, day: date | None) -> Self:
        """Leave out the records of which everything that `user` may see certainly happened after a day."""
        if day is None:
            return self
        events = self._events(user)
        return self.filter(Exists(events.possibly_by(day)) | ~Exists(events))

    def with_state(self, user: Any, day: date | None = None) -> Self:
        """Add `state`: that of the last event, by date and then by telling, that `user` may see; null without one.

        As of a day it is that of the last event that had certainly happened by then.
        """
        events = self._events(user)
        if day is not None:
            events = events.filter(occurred_latest__lte=day)
        return self.annotate(state=Subquery(events.latest_first().values("state")[:1]))

    def _events(self, user: Any) -> DatedStepQuerySet:
        """Return the events of each record, as far as `user` may see them."""
        events: Any = self.model._meta.get_field("events")
        return events.related_model.objects.visible_to(user).filter(**{events.field.name: OuterRef("pk")})
