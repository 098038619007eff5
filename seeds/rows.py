"""Seed rows: one for each record, with every column that the seeds own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

from cases.vocabulary import Stance
from seeds.lists import CITATIONS, CITED_AS, TOP, SeedList
from seeds.problems import Problem
from seeds.reading import Mapping


@dataclass
class SeedRow:
    """One record as a seed file gives it. A foreign key is the other record's key, a date an UncertainDate."""

    noun: SeedList
    key: str
    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.noun.name_of(self.key)

    @property
    def file_name(self) -> str:
        return Path(self.file).name

    def problem(self, reason: str, column: str = "") -> Problem:
        """Say what is wrong, with the line of the column, or of the record where it has none of its own."""
        return Problem(self.file, self.lines.get(column, self.line), reason, self.name, column)


def rows_of(file: str, found: Mapping) -> Iterator[SeedRow]:
    """Yield a row for each record of a file that agrees with the schema."""
    for noun in TOP:
        for position, entry in enumerate(found.get(noun.list_name, ()), start=1):
            yield from _rows(file, noun, entry, found.get("defaults", {}), {"position": position})


def _rows(
    file: str, noun: SeedList, entry: Mapping, inherited: dict[str, Any], given: dict[str, Any]
) -> Iterator[SeedRow]:
    """Yield the row of an entry and those of everything inside it."""
    row = SeedRow(noun, str(entry[noun.key]).strip(), file, entry.line)
    for name, columns in noun.fields.items():
        raws = [entry.get(name)]
        if name == "headcount" and len(columns) == 2:
            raws = [entry.get(name, {}).get(bound) for bound in ("min", "max")]
        for column, raw in zip(columns, raws, strict=True):
            if raw is None and name in ("level", "review"):
                raw = inherited.get(name)
            row.values[column] = convert(noun.columns[column], raw)
            row.lines[column] = entry.key_lines.get(name, entry.line)
    for column, owned in noun.columns.items():
        row.values.setdefault(column, given.get(column) if column in given else convert(owned, None))
    if noun is CITATIONS and "preferred" not in entry:
        row.values["preferred"] = row.values["stance"] == Stance.SUPPORTS
    yield row
    # A part is as protected as what it belongs to, unless it names a level itself.
    inherited = {"level": row.values.get("level")}
    for part in noun.parts:
        for position, below in enumerate(entry.get(part.list_name, ()), start=1):
            yield from _rows(file, part, below, inherited, {part.parent: row.key, "position": position})
    for below in entry.get("citations", ()):
        yield from _rows(file, CITATIONS, below, inherited, {CITED_AS[noun.model]: row.key})


def convert(column: models.Field[Any, Any], raw: Any) -> Any:
    """Return the value that a column takes; its default where the file is silent."""
    if isinstance(column, models.ManyToManyField):
        return sorted(text.strip() for text in raw or ())
    if isinstance(column, models.JSONField):
        return [text.strip() for text in raw or ()]
    if isinstance(column, models.ForeignKey):
        return None if raw is None else raw.strip()
    if isinstance(column, models.BooleanField) and raw is not None:
        return raw == "yes"
    return column.to_python(column.get_default() if raw is None else raw.strip())
