"""A mixin for rows that are looked at as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any


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
