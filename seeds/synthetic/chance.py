"""Chance that falls the same way in every run: uneven choices, days, and dates as vague as those of sources."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, Generic, TypeVar

T = TypeVar("T")
FIRST_DAY, LAST_DAY = date(2005, 1, 1), date(2026, 10, 31)
DAYS = (LAST_DAY - FIRST_DAY).days
SEASONS = {3: 21, 4: 21, 5: 21, 6: 22, 7: 22, 8: 22, 9: 23, 10: 23, 11: 23}


class Uneven(Generic[T]):
    """A choice between values of unequal weight."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = list(weights)
        self.weights = list(accumulate(weights.values()))

    @classmethod
    def by_rank(cls, values: Sequence[T]) -> Uneven[T]:
        """Weigh values by their rank, as Zipf found it of words: the second half as often as the first, and so on."""
        return cls({value: 1 / rank for rank, value in enumerate(values, start=1)})

    def draw(self, chance: random.Random) -> T:
        return self.values[bisect(self.weights, chance.random() * self.weights[-1])]


#: How vague a source is about a day.
FORMS = Uneven(
    {"day": 56, "month": 19, "year": 9, "about": 5, "unknown": 4, "between": 2, "season": 2, "since": 2, "by": 1}
)


class Chance:
    """One line of chances, begun from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # nothing secret comes of it

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, values: Sequence[T]) -> T:
        return values[int(self.random.random() * len(values))]

    def draw(self, choice: Uneven[T]) -> T:
        return choice.draw(self.random)

    def shuffled(self, values: Sequence[T]) -> list[T]:
        return self.random.sample(values, len(values))

    def below(self, end: int) -> int:
        return int(self.random.random() * end)

    def day(self) -> date:
        """Return a day on which something began; of the later years there are more."""
        return FIRST_DAY + timedelta(int(DAYS * self.random.random() ** 0.6))

    def after(self, day: date, days: int) -> date:
        """Return a later day, about so many days on."""
        return day + timedelta(1 + int(self.random.expovariate(1 / days)))

    def vaguely(self, day: date) -> str:
        """Return a day as a source might tell it, in EDTF: it is always among the days that are told."""
        return told(day, self.draw(FORMS))


@lru_cache(100_000)
def told(day: date, form: str) -> str:
    """Return a day in EDTF, in one of FORMS."""
    year, month = f"{day:%Y}", f"{day:%Y-%m}"
    forms: dict[str, Any] = {
        "day": day.isoformat(),
        "month": month,
        "year": year,
        "about": f"{month}~",
        "unknown": "",
        "between": f"{year}/{day.year + 1}",
        "season": f"{year}-{SEASONS[day.month]}" if day.month in SEASONS else month,
        "since": f"{day}/..",
        "by": f"../{day}",
    }
    return forms[form]
