"""In which script a text is written, letters of another that look alike in it, and texts that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

#: The scripts that are told apart, by the word with which Unicode begins the names of their letters, with their codes
#: of ISO 15924: the one that is proposed first, then the others in which the same letters are meant.
SCRIPTS = {
    word: codes.split("/")
    for line in (
        "LATIN=Latn/Latf/Latg CYRILLIC=Cyrl/Cyrs GREEK=Grek ARMENIAN=Armn GEORGIAN=Geor/Geok ARABIC=Arab/Aran",
        "HEBREW=Hebr SYRIAC=Syrc THAANA=Thaa ETHIOPIC=Ethi TIFINAGH=Tfng NKO=Nkoo MONGOLIAN=Mong",
        "TIBETAN=Tibt DEVANAGARI=Deva BENGALI=Beng GURMUKHI=Guru GUJARATI=Gujr ORIYA=Orya TAMIL=Taml TELUGU=Telu",
        "KANNADA=Knda MALAYALAM=Mlym SINHALA=Sinh MYANMAR=Mymr KHMER=Khmr THAI=Thai LAO=Laoo",
        "CJK=Hani/Hans/Hant/Jpan/Kore/Hrkt YI=Yiii HIRAGANA=Jpan/Hira/Hrkt KATAKANA=Jpan/Kana/Hrkt",
        "HANGUL=Hang/Kore BOPOMOFO=Bopo/Hanb",
    )
    for word, _, codes in (each.partition("=") for each in line.split())
}
#: Alphabets whose letters look alike, so that one in a word of another is a slip that nobody sees.
ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}
#: What Unicode calls letters and signs, and of which nothing is seen.
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0\u034f]")
_WORD = re.compile(r"[^\W\d_]+")


def script_word(letter: str) -> str:
    """Return the word with which Unicode names a letter's script: script_word("а") == "CYRILLIC"."""
    return unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]


def scripts_of(text: str) -> list[str]:
    """Return the codes under which a text may be entered, the likeliest first; [] where no letter tells."""
    told = Counter(word for each in text if each.isalpha() and (word := script_word(each)) in SCRIPTS)
    if {"HIRAGANA", "KATAKANA"} & told.keys():
        return SCRIPTS["HIRAGANA"]
    return SCRIPTS[told.most_common(1)[0][0]] if told else []


def usual_script(text: str) -> str:
    """Return the code under which a text is entered where nobody says otherwise; Latin where no letter tells."""
    return next(iter(scripts_of(text)), "Latn")


def foreign_letter(text: str) -> tuple[int, str, str] | None:
    """Return the first letter that stands in a word of another alphabet and may look like one of it, or None.

    Given are its place, counted from 1, its name in Unicode, and the alphabet of its word.
    """
    for found in _WORD.finditer(text):
        alphabets = Counter(word for each in found.group() if (word := script_word(each)) in ALIKE)
        if len(alphabets) > 1:
            of_word = alphabets.most_common(1)[0][0]
            for place, each in enumerate(found.group(), start=found.start() + 1):
                if script_word(each) in ALIKE - {of_word}:
                    return place, f"{unicodedata.name(each)} (U+{ord(each):04X})", of_word.capitalize()
    return None


def is_seen(text: str) -> bool:
    """Whether anything of a text can be seen: joiners, marks of direction, blanks and controls cannot."""
    return any(unicodedata.category(each)[0] not in "ZCM" and not _BLANK.match(each) for each in text)
