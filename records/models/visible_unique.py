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

from records.fields.code_forms import code_form, told_apart
from records.fields.uncertain_date import UncertainDateField


@dataclass(frozen=True)
class VisibleUnique:
    """No two rows have the same values in `fields`, of those with the values in `when` and not those in `unless`.

    `alike` names a column of text in which they differ by their code form only; what is the same to the letter is no
    matter of this rule. The message then has two gaps, for the two texts.
    """

    name: str
    fields: tuple[str, ...]
    message: str
    when: tuple[tuple[str, Any], ...] = ()
    unless: tuple[tuple[str, Any], ...] = ()
    alike: str = ""

    def values_of(self, row: models.Model, but: str = "") -> dict[str, Any] | None:
        """Return the values that should stand once, but for one column; None where there is nothing to compare yet."""
        columns: list[Any] = [row._meta.get_field(name) for name in self.fields if name != but]
        values = {column.name: _stored(column, getattr(row, column.attname)) for column in columns}
        if self.alike:
            values[self.alike] = code_form(self.text_of(row))
        return None if None in values.values() else values

    def twins(self, row: models.Model, among: Any) -> Any:
        """Return the other rows `among` those given that say the same."""
        values = self.values_of(row)
        if values is None or not self.holds_for(row):
            return among.none()
        form = values.pop(self.alike, None)
        same = among.filter(**dict(self.when), **values).exclude(pk=row.pk)
        if form is None:
            return same
        others = same.exclude(**{self.alike: self.text_of(row)}).values_list("pk", self.alike)
        return same.filter(pk__in=[key for key, text in others if code_form(text) == form])

    def text_of(self, row: models.Model) -> str:
        return getattr(row, self.alike) if self.alike else ""

    def words(self, row: models.Model, twin: models.Model) -> str:
        """Say that a row repeats another, with both texts where they differ."""
        one, other = self.text_of(row), self.text_of(twin)
        return self.message.format(told_apart(one, other), told_apart(other, one)) if self.alike else self.message

    def holds_for(self, row: models.Model) -> bool:
        is_one = all(getattr(row, name) == value for name, value in self.when)
        return is_one and not any(getattr(row, name) == value for name, value in self.unless)


def _stored(column: models.Field[Any, Any], value: Any) -> Any:
    """Return a value as its column keeps it: no date is a value too, and kept as an empty text."""
    return "" if value is None and isinstance(column, UncertainDateField) else value


class UniqueAmongVisible:
    """Mixed into every record. `once` names what should not stand twice."""

    once: ClassVar[tuple[VisibleUnique, ...]] = ()

    def twice(self, among: Any) -> Iterator[str]:
        """Yield in words what this row repeats of the rows `among` those given."""
        row: Any = self
        for once in self.once:
            if (twin := once.twins(row, among).first()) is not None:
                yield once.words(row, twin)

    def refuse_twins(self, among: Any) -> None:
        """Raise ValidationError where this row repeats one `among` those given."""
        if messages := list(self.twice(among)):
            raise ValidationError(messages)
