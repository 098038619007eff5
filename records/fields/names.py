"""Folding of names and titles in any script, so that spellings of one name meet.

`fold` writes a text in lower-case ASCII; `skeleton` keeps the consonants only, with those merged that transliterations
confuse. Skeletons are coarse by design: they find candidates for a reader, and never merge two people.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from anyascii import anyascii
from django.db import models
from django.db.models import Q

# Uyghur in Arabic letters, which general transliteration tables read as Arabic: letter=sound, hamza silent.
_UYGHUR_LETTERS = (
    "ا=a ە=e ې=e ى=i و=o ۇ=u ۆ=o ۈ=u ب=b پ=p ت=t ج=j چ=ch خ=x د=d ر=r ز=z ژ=zh س=s ش=sh ف=f ق=q ك=k گ=g "
    "ڭ=ng ل=l م=m ن=n ھ=h ۋ=w ي=y غ=gh ئ="
)
_UYGHUR = str.maketrans(dict(letter.split("=") for letter in _UYGHUR_LETTERS.split(" ")))
_ONLY_UYGHUR = re.compile("[ەېۆۈۋڭ]")
_HAN = re.compile("[㐀-鿿]+")
_NEXT_SYLLABLE = re.compile("(?<=[a-z])(?=[A-Z])")
_VOWELS = "aeiouyhw"
# Longest first: a sound written with several letters is merged before its letters are.
_SOUNDS = "sch=s tch=j dzh=j zh=j sh=s ch=j kh=h gh=g ph=f th=t dj=j ck=k x=h q=k c=j z=s r=l v=w b=p d=t g=k"
_MERGED_SOUNDS = [tuple(pair.split("=")) for pair in _SOUNDS.split()]


def fold(text: str) -> str:
    """Return `text` as lower-case ASCII words with single spaces: fold("Hüseyin  Celil") == "huseyin celil"."""
    text = unicodedata.normalize("NFKC", text)
    if _ONLY_UYGHUR.search(text):
        text = text.translate(_UYGHUR)
    text = _HAN.sub(lambda match: _han_name(match.group()), text)
    text = anyascii(text).lower().replace("'", "").replace("`", "")
    return " ".join(re.findall("[a-z0-9]+", text))


def skeleton(folded: str) -> str:
    """Return the consonants of a folded name: skeleton("yidiresi aishan") == skeleton("idris hasan") == "tls sn"."""
    return " ".join(filter(None, map(_consonants, folded.split())))


def _han_name(word: str) -> str:
    """Write two or three characters as family name and given name, anything else as one word."""
    syllables = _NEXT_SYLLABLE.sub(" ", anyascii(word)).split()
    if len(syllables) in (2, 3):
        return f" {syllables[0]} {''.join(syllables[1:])} "
    return f" {''.join(syllables)} "


@lru_cache(100_000)
def _consonants(word: str) -> str:
    for sound, merged in _MERGED_SOUNDS:
        word = word.replace(sound, merged)
    first, rest = word[:1], re.sub(f"[{_VOWELS}]", "", word[1:])
    if first in _VOWELS:
        first = ""
    return re.sub(r"(.)\1+", r"\1", first + rest)


def search(field: str, text: str) -> Q:
    """Return the condition that the folded column `field` holds every word of `text`.

    A text without letters or digits finds nothing.
    """
    found = Q()
    words = fold(text).split()
    for word in words:
        found &= Q(**{f"{field}__contains": word})
    return found if words else Q(pk__in=[])


class FoldedField(models.TextField):
    """A column that holds other columns of its row, folded; kept true by every save and bulk_create."""

    def __init__(self, *columns: str, **options: Any) -> None:
        self.columns = columns
        super().__init__(**options | {"editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, _, options = super().deconstruct()
        del options["editable"], options["default"]
        return name, path, self.columns, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.of(getattr(model_instance, column) or "" for column in self.columns)
        setattr(model_instance, self.attname, value)
        return value

    def of(self, texts: Iterable[str]) -> str:
        """Return what the column holds where these are the texts of `columns`, in their order."""
        return fold(" ".join(texts))


class SkeletonField(FoldedField):
    """The skeleton of other columns of its row."""

    def of(self, texts: Iterable[str]) -> str:
        return skeleton(super().of(texts))
