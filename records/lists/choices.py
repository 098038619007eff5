"""Filters that offer choices in the sidebar."""

from __future__ import annotations

from typing import Any, Self


class OffersChoices:
    """A filter by codes, which are offered to be chosen."""

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        """Return code, label and meaning of each choice to offer."""
        raise NotImplementedError

    @classmethod
    def options_of(cls, filters: dict[str, Self], user: Any) -> dict[str, list[tuple[str, str, str]]]:
        """Return the choices of several filters of one class, by the names of the filters."""
        return {name: each.options(user) for name, each in filters.items()}
