"""Two more ways to ask for codes: rows that have none of them (`_not`), and rows that have them all (`_all`)."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet

from records.lists.choices import OffersChoices

#: Each value of `_all` is a question of its own to the database.
MOST_TOGETHER = 8


class AnotherWay(OffersChoices, django_filters.MultipleChoiceFilter):
    """The codes of another filter, `of`, asked in another way. The sidebar shows it where it is on."""

    word: ClassVar[str]
    meaning: ClassVar[str]

    def __init__(self, name: str, of: Any, **options: Any) -> None:
        self.of = of
        label = f"{of.label or name.replace('_', ' ').capitalize()}, {self.word}"
        help_text = f"{self.meaning.format(name)} The codes are those of `{name}`."
        super().__init__(choices=of.extra["choices"], distinct=False, label=label, help_text=help_text, **options)

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        return self.of.options(user)


class NotFilter(AnotherWay):
    """Rows of which nothing that the reader may see has any of the codes; rows without a value are among them."""

    word = "not"
    meaning = "Leaves out what `{}` finds; what has no value stays. Given several times: has none of them."

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        for codes in [[code] for code in value] if self.of.conjoined else filter(None, [value]):
            found = self.of.filter(self.model._default_manager.all(), codes)
            rows = rows.exclude(pk__in=found.values("pk"))
        return rows


class AllFilter(AnotherWay):
    """Rows that each of the codes finds."""

    word = "all of"
    meaning = "What `{}` finds for every value that is given here, not for any of them alone."

    def __init__(self, name: str, of: Any) -> None:
        few = MaxLengthValidator(MOST_TOGETHER, f"Give at most {MOST_TOGETHER} values.")
        super().__init__(name, of, validators=[few])

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        for code in dict.fromkeys(value):
            rows = self.of.filter(rows, [code])
        return rows
