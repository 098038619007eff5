"""Mixins for rows that are looked at as of a day, and the queryset of those that last for a time."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import DateField, Value

from records.models import RecordQuerySet


class AsOf:
    """A row that can be looked at as of a day: annotate `as_of`, and what was said of a later time is gone from it.

    Such a row is for reading and is never saved.
    """

    @property
    def as_of(self: Any) -> date | None:
        """The day on which the row is looked at; None is now."""
        return self.__dict__.get("_as_of")

    @as_of.setter
    def as_of(self: Any, day: date | None) -> None:
        self.__dict__["_as_of"] = day
        if day is not None:
            self.forget_after(day)

    def forget_after(self, day: date) -> None:
        """Take away what certainly came after a day."""
        raise NotImplementedError


class LastingQuerySet(RecordQuerySet):
    """Rows of what holds `since` some day, `until` another."""

    def begun_by(self, day: date | None) -> Self:
        """Leave out what certainly began after a day, and look at the rest as of that day."""
        if day is None:
            return self
        return self.exclude(since_earliest__gt=day).annotate(as_of=Value(day, output_field=DateField()))


class Lasting(AsOf):
    """A row of what holds `since` some day, `until` another: as of a day before its end, it has none."""

    def forget_after(self: Any, day: date) -> None:
        if self.until is not None and not self.until.possibly_overlaps(None, day):
            self.until = None
