"""The passages of a text: its lines that are not blank, numbered from 1, with their places in code points."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

#: The longest quotation that is looked up in a text, in characters.
LONGEST_QUOTATION = 5_000


@dataclass(frozen=True)
class Passage:
    """A piece of a text: the number of the line in which it begins, its place, and its words."""

    number: int
    start: int
    end: int
    text: str

    @property
    def sha256(self) -> str:
        return sha256(self.text)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def passages(text: str) -> Iterator[Passage]:
    """Yield the lines of a text that are not blank, without the spaces round them."""
    number = place = 0
    for line in text.split("\n"):
        if words := line.strip():
            number += 1
            start = place + line.index(words)
            yield Passage(number, start, start + len(words), words)
        place += len(line) + 1


def passage_of(text: str, number: int) -> Passage | None:
    """Return the passage with this number, None where the text has fewer."""
    return next(islice(passages(text), number - 1, None), None) if number > 0 else None


def number_at(text: str, position: int) -> int | None:
    """Return which line that is not blank, from 1, a position falls in; None for a blank line."""
    line_start = text.rfind("\n", 0, position) + 1
    if not text[line_start:].partition("\n")[0].strip():
        return None
    return 1 + sum(bool(line.strip()) for line in text[:line_start].split("\n"))


def passage_between(text: str, start: int, end: int) -> Passage:
    """Return the words from `start` to before `end`. Raises ValueError where there are none, or none that are seen."""
    if not 0 <= start < end:
        raise ValueError(f"A passage ends after it starts: {start} to {end} holds nothing.")
    if end > len(text):
        raise ValueError(f"{end} lies beyond the end of the text, which has {len(text)} characters.")
    if (number := number_at(text, start)) is None:
        raise ValueError(f"The passage from {start} to {end} begins on a blank line.")
    return Passage(number, start, end, text[start:end])


def passage_quoting(text: str, words: str, number: int | None = None) -> Passage:
    """Return the one place where a text has these words, in the line with this number where one is given.

    Spaces and ends of lines are one to another; all else is letter for letter. Raises ValueError where the words stand
    nowhere, or more than once.
    """
    within = passage_of(text, number) if number else None
    if number and within is None:
        raise ValueError(f"The text has no paragraph {number}.")
    first = within.start if within else 0
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    found = [*islice(pattern.finditer(text, first, within.end if within else len(text)), 2)] if words.split() else []
    where = f"in paragraph {number}" if number else "in the text"
    if not found:
        raise ValueError(f"“{shortened(words)}” does not stand {where}. Copy the words as they are printed there.")
    if len(found) > 1:
        more = "Quote more words" if number else "Quote more words, or give the number of the paragraph too"
        raise ValueError(f"“{shortened(words)}” stands more than once {where}. {more}.")
    return passage_between(text, *found[0].span())


def shortened(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
