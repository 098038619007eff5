"""Uniqueness among the rows that one person can see, instead of among all rows.

A refusal by the database would tell whoever enters a name that somebody hidden from them has it already. Two people who
cannot see each other's rows may therefore enter the same thing twice; `check_data` shows it to whoever sees both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models


@dataclass(frozen=True)
class VisibleUnique:
    """No two rows have the same values in `fields`, of those with the values in `when` and not those in `unless`."""

    name: str
    fields: tuple[str, ...]
    message: str
    when: tuple[tuple[str, Any], ...] = ()
    unless: tuple[tuple[str, Any], ...] = ()

    def values_of(self, row: models.Model, but: str = "") -> dict[str, Any] | None:
        """Return the values that should stand once, but for one column; None where there is nothing to compare yet."""
        columns: list[Any] = [row._meta.get_field(name) for name in self.fields if name != but]
        values = {column.name: getattr(row, column.attname) for column in columns}
        return None if None in values.values() else values

    def twins(self, row: models.Model, among: Any) -> Any:
        """Return the other rows `among` those given that say the same."""
        values = self.values_of(row)
        if values is None or not self.holds_for(row):
            return among.none()
        return among.filter(**dict(self.when), **values).exclude(pk=row.pk)

    def holds_for(self, row: models.Model) -> bool:
        is_one = all(getattr(row, name) == value for name, value in self.when)
        return is_one and not any(getattr(row, name) == value for name, value in self.unless)


class UniqueAmongVisible:
    """Mixed into every record. `once` names what should not stand twice."""

    once: ClassVar[tuple[VisibleUnique, ...]] = ()

    def twice(self, among: Any) -> Iterator[VisibleUnique]:
        """Yield what this row repeats of the rows `among` those given."""
        for once in self.once:
            if once.twins(self, among).exists():  # type: ignore[arg-type]  # mixed into models only
                yield once

    def refuse_twins(self, among: Any) -> None:
        """Raise ValidationError where this row repeats one `among` those given."""
        if messages := [once.message for once in self.twice(among)]:
            raise ValidationError(messages)
