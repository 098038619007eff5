"""Comparing the seeds with the texts of the articles: every slice and every passage, letter for letter."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from seeds.lists import BY_MODEL, CITATIONS
from seeds.problems import Problem, quoted
from seeds.reading import UnreadableError, contents, decode
from seeds.rows import SeedRow
from sources.models import SourceDocument
from sources.passages import number_at, sha256

SOURCES = BY_MODEL[SourceDocument]
NUL = re.compile("\0")  # the one character that PostgreSQL cannot store; whatever else an article holds belongs to it


@dataclass
class Verification:
    """What was held against the texts: the text of each source, how much was checked, and what did not fit."""

    texts: dict[str, str] = field(default_factory=dict)
    passages: int = 0
    without_passage: int = 0
    without_text: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        said = f"{len(self.texts)} texts, {self.passages} passages verified"
        if self.without_passage:
            said += f"; {self.without_passage} citations name no passage"
        if self.without_text:
            said += f"; {self.without_text} citations are of sources without a text here"
        return said


def verify(rows: list[SeedRow], folder: Path) -> Verification:
    """Compare every source that names a file, and every passage cited from it, with the files in a folder."""
    found = Verification()
    cited = defaultdict(list)
    for row in rows:
        if row.noun is CITATIONS:
            cited[row.values["source"]].append(row)
    files: dict[str, str | UnreadableError] = {}
    for row in rows:
        if row.noun is SOURCES and row.values["file"]:
            text = _slice(row, folder, files, found.problems)
            if text is not None:
                found.texts[row.key] = text
                _verify_passages(text, cited.pop(row.key, []), found)
            else:
                cited.pop(row.key, None)  # its file is missing or too short: said once, not for every passage
    found.without_text = sum(map(len, cited.values()))
    return found


def _slice(row: SeedRow, folder: Path, files: dict[str, str | UnreadableError], problems: list[Problem]) -> str | None:
    """Return a source's own text, noting where it is not the one that was seeded; None where there is none."""
    name = row.values["file"]
    if name not in files:
        try:
            files[name] = decode(contents(folder / name), NUL)
        except UnreadableError as error:
            files[name] = error
    text = files[name]
    if isinstance(text, UnreadableError):
        problems.append(row.problem(f"{quoted(folder / name)}, line {text.line}: {text.reason}", "file"))
        return None
    start, end = row.values["start"] or 0, row.values["end"]
    if end is not None and end > len(text):
        problems.append(row.problem(f"{end} lies beyond the end of {name}, which has {len(text)} characters.", "end"))
        return None
    own = text[start:end]
    _compare(row, own, problems)
    return own


def _compare(row: SeedRow, text: str, problems: list[Problem]) -> None:
    expected, found = row.values["sha256"], sha256(text)
    if expected and expected != found:
        problems.append(row.problem(f"expected {expected}, found {found}.", "sha256"))


def _verify_passages(text: str, citations: list[SeedRow], found: Verification) -> None:
    """Compare each passage cited from one source with its text."""
    for row in citations:
        start, end, paragraph = row.values["start"], row.values["end"], row.values["paragraph"]
        if start is None:
            found.without_passage += 1
        elif end > len(text):
            reason = f"{end} lies beyond the end of {row.values['source']}, which has {len(text)} characters."
            found.problems.append(row.problem(reason, "end"))
        else:
            found.passages += 1
            _compare(row, text[start:end], found.problems)
            if paragraph is not None and paragraph != (actual := number_at(text, start)):
                begins = f"the passage begins in paragraph {actual}" if actual else "the passage begins on a blank line"
                found.problems.append(row.problem(f"expected {paragraph}, but {begins}.", "paragraph"))
