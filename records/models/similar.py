"""What is told of a record that may be the same as one which is being entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from records.vocabulary import Likeness


@dataclass(frozen=True)
class Alike:
    """One thing in which two records agree, or differ, and the value that the other one has there."""

    likeness: Likeness
    value: str


@dataclass(frozen=True)
class SimilarRecord:
    """A record that may be the same, as whoever enters the new one sees it, and why it may be."""

    record: Any
    alike: tuple[Alike, ...]

    @property
    def name(self) -> str:
        """What people call the record: the columns by which they tell one from another."""
        return " · ".join(str(value) for name in self.record.label_fields if (value := getattr(self.record, name)))
