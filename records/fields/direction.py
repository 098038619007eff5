"""Marks in a text that turn the text after them round, and how they are shown instead of obeyed."""

from __future__ import annotations

import re

#: Embeddings, overrides and isolates, with what ends them (Unicode Standard Annex 9, section 2). The marks U+200E,
#: U+200F and U+061C are not among them: they turn no letter, and Persian and Arabic are typed with them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def with_marks_shown(text: str) -> str:
    """Return a text with each mark that turns what follows written out: "abc [U+202E]def"."""
    return TURNING.sub(written_out, text)


def written_out(mark: re.Match[str]) -> str:
    return f"[U+{ord(mark.group()):04X}]"
