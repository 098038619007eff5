"""Finding a person in texts, by name and reference, and taking them out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from records.fields.names import fold

#: What stands where a name stood.
EXPUNGED = "[expunged]"
#: A folded name of so many letters or fewer is looked for as a whole word: “ali” is no part of “alive”.
SHORT = 5
#: Written without spaces, so that a name has no edges to look for.
UNSPACED = re.compile("[぀-ヿ㐀-鿿฀-๿]")


class Mentions:
    """The names and references to look for. A name counts from the beginning of a word, with whatever ending."""

    def __init__(self, names: Iterable[str], refs: Iterable[str] = ()) -> None:
        self.names = sorted({name for name in names if name.strip()}, key=len, reverse=True)
        self.refs = {ref.upper() for ref in refs}
        folded = {form for name in self.names if (form := fold(name))}
        self._folded = _one_of(
            f"{re.escape(form)}s?(?= |$)" if len(form) <= SHORT else re.escape(form) for form in folded
        )
        self._plain = [name.casefold() for name in self.names if UNSPACED.search(name) or not fold(name)]

    def in_text(self, text: str) -> bool:
        """Whether a text names the person."""
        if any(ref in text.upper() for ref in self.refs):
            return True
        if any(name in text.casefold() for name in self._plain):
            return True
        return bool(self._folded and self._folded.search(fold(text)))

    def in_json(self, text: str) -> bool:
        """Whether any value of a JSON text does, texts inside texts too; a text that is no JSON is read as it is."""
        try:
            value = json.loads(text)
        except ValueError:
            return self.in_text(text)
        return self._in_value(value)

    def _in_value(self, value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(self._in_value, value.values())) or any(map(self.in_text, value))
        if isinstance(value, list):
            return any(map(self._in_value, value))
        if not isinstance(value, str):
            return False
        return self.in_json(value) if value[:1] in ("{", "[") else self.in_text(value)

    def taken_out(self, text: str) -> str:
        """Return a text without the names: each replaced, or the whole text where it is spelt in another way."""
        for word in (*self.names, *self.refs):
            text = re.sub(rf"(?i)(?<!\w){re.escape(word)}", EXPUNGED, text)
        return EXPUNGED if self.in_text(text) else text


def _one_of(forms: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(sorted(forms, key=len, reverse=True))
    return re.compile(f"(?:^| )(?:{alternatives})") if alternatives else None
