"""QuerySets of dated steps (stages, events of notices and requests) and of the records that have them."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from cases.situation.life import Life
from records.current_day import current_day
from records.fields.uncertain_date import in_order
from records.models import RecordQuerySet


class OccurredQuerySet(RecordQuerySet):
    """Rows of what occurred at some time: they have `occurred`."""

    def in_order(self) -> Self:
        """Sort by date, undated rows first; the reference comes last, so that the order of entry never decides."""
        return self.order_by(*in_order("occurred"), "ref")

    def possibly_by(self, day: date | None) -> Self:
        """Return the rows of what may have come by a day; without one, all of them."""
        if day is None:
            return self
        return self.filter(Q(occurred_earliest__lte=day) | Q(occurred_earliest__isnull=True))


class DatedStepQuerySet(OccurredQuerySet):
    """Steps, each of which has a `position` too, its place in the telling."""

    def in_order(self) -> Self:
        """Sort by date, undated steps first; where dates are equal, in the order the sources tell.

        The reference comes last, so that the order of entry never decides.
        """
        return self.order_by(*in_order("occurred"), "position", "ref")

    def latest_first(self) -> Self:
        return self.in_order().reverse()


class WithLife:
    """A record whose life is told by its events, each of which leaves it in a state.

    It was fetched with its `told_events`, and with the day `as_of` which it is looked at, None for today.
    """

    told_events: list[Any]

    @cached_property
    def life(self) -> Life:
        today = current_day()
        return Life(self.told_events, getattr(self, "as_of", None) or today, today)

    @property
    def visible_events(self) -> list[Any]:
        """The events that may have come by the day, in their order; those ahead too where it is looked at today."""
        return self.life.listed(ahead=getattr(self, "as_of", None) is None)

    @property
    def state(self) -> str:
        """The state in which its last event left it; "" where there is none, or it is not known which was the last."""
        return self.life.state


class WithEventsQuerySet(RecordQuerySet):
    """Records whose life is told by their `events`."""

    def begun_by(self, user: Any, day: date | None) -> Self:
        """Leave out the records of which everything that `user` may see certainly happened after a day."""
        if day is None:
            return self
        events = self._events(user)
        return self.filter(Exists(events.possibly_by(day)) | ~Exists(events))

    def _events(self, user: Any) -> DatedStepQuerySet:
        """Return the events of each record, as far as `user` may see them."""
        events: Any = self.model._meta.get_field("events")
        return events.related_model.objects.visible_to(user).filter(**{events.field.name: OuterRef("pk")})
