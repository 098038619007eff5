"""Texts of mixed direction: marks that turn text round are shown and not obeyed, and names and dates kept apart."""

from __future__ import annotations

import re
import unicodedata

#: Embeddings, overrides and isolates, with what ends them (Unicode Standard Annex 9, section 2). The marks U+200E,
#: U+200F and U+061C are not among them: they turn no letter, and Persian and Arabic are typed with them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def with_marks_shown(text: str) -> str:
    """Return a text with each mark that turns what follows written out: "abc [U+202E]def"."""
    return TURNING.sub(written_out, text)


def written_out(mark: re.Match[str]) -> str:
    return f"[U+{ord(mark.group()):04X}]"


#: What keeps a text apart from what stands beside it, whatever its direction, and what ends that.
ISOLATE, ENDED = "\u2068", "\u2069"
#: Days, years and times in digits, which letters from right to left would turn round: 2021-07-08 into 08-07-2021.
IN_DIGITS = re.compile(r"\d+(?:[./:-]\d+)+[~?%]?|\d+[~?%]")


def runs_from_right(text: str) -> bool:
    """Whether any letter of a text runs from right to left."""
    return any(unicodedata.bidirectional(each) in ("R", "AL") for each in text)


def begins_from_right(text: str) -> bool:
    """Whether the first letter of a text runs from right to left, and the text with it."""
    kinds = (unicodedata.bidirectional(each) for each in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def isolated(text: str) -> str:
    """Return a text as it can stand beside others where no markup keeps them apart: in calendars, feeds, mails, papers.

    One with letters from right to left is isolated, and so is each date in it. Others stay as they are.
    """
    shown = with_marks_shown(text)
    if not runs_from_right(shown):
        return shown
    return ISOLATE + IN_DIGITS.sub(rf"{ISOLATE}\g<0>{ENDED}", shown) + ENDED
