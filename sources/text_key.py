"""When two texts are one: a digest that spaces, signs and small or capital letters leave the same."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from records.fields.names import FoldedField


def text_key(text: str) -> str:
    """Return the SHA-256 of the letters, marks and digits of a text, in hexadecimal; "" where there are none."""
    seen = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(each for each in seen if unicodedata.category(each)[0] in "LMN")
    return hashlib.sha256(kept.encode()).hexdigest() if kept else ""


class TextKeyField(FoldedField):
    """A column that holds the digest of another one's text, by which the same text is found again."""

    def of(self, texts: Iterable[str]) -> str:
        return text_key(" ".join(texts))
