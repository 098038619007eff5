"""Problems in seed files: file, line, record, field and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `record` and `field` are empty where the trouble lies outside any record or field."""

    file: str
    line: int
    reason: str
    record: str = ""
    field: str = ""

    def __str__(self) -> str:
        place = " ".join(name[:LONGEST_VALUE] for name in (self.record, self.field) if name)
        return f"{self.file}:{self.line}: " + (f"{place}: " if place else "") + self.reason


class SeedsRefused(Exception):
    """The seeds cannot be loaded; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(self.report())

    def report(self) -> str:
        """Return the problems, one a line; of a long list the first ones, and how many more there are."""
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if rest := len(self.problems) - SHOWN:
            lines += [f"... and {rest} more problems"] if rest > 0 else []
        return "\n".join(lines)


def quoted(value: object) -> str:
    """Return a value for a message: in quotes, on one line, and cut where it is long."""
    text = repr(str(value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}...'"
