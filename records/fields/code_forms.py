"""When two texts are one text to the eye: composed or not, with joiners or without, with letters of another alphabet.

Computers write one name in several code forms: é as one sign or as two, an invisible joiner between two letters, a
Cyrillic а among Latin letters, the Persian and the Arabic keyboard's ye. `code_form` brings them together. It compares;
what is stored is never altered by it, and spellings that a reader can tell apart stay apart.
"""

from __future__ import annotations

import re
import unicodedata

# Letters that a reader cannot tell from the one in front of them, from the table of Unicode Technical Standard 39
# (confusables), and what keyboards of Arabic letters and apostrophe keys give for one sign.
_LOOK_ALIKES = (
    "A=АΑ B=ВΒ C=С E=ЕΕ H=НΗ I=ІΙ J=Ј K=КΚ M=МΜ N=Ν O=ОΟ P=РΡ Q=Ԛ S=Ѕ T=ТΤ W=Ԝ X=ХΧ Y=УΥҮ Z=Ζ "
    "a=аα c=с d=ԁ e=е h=һ i=іι j=ј l=ӏ o=оο p=рρ q=ԛ s=ѕ v=ν w=ԝ x=х y=у "
    "ي=ی ك=ک ه=ھہە '=’‘ʼʻʾʿ` -=\u2010\u2011"
)
_ONE_LETTER = str.maketrans(
    {other: letter for letter, others in (pair.split("=") for pair in _LOOK_ALIKES.split(" ")) for other in others}
)
#: What is not seen by itself: the grapheme joiner, the stroke that stretches Arabic words, variants of a sign.
_UNSEEN = re.compile("[\u034f\u0640\ufe00-\ufe0f]")


def code_form(text: str) -> str:
    """Return the one form of all texts that look like `text`: code_form("Mаmat") == code_form("Mamat")."""
    taken_apart = unicodedata.normalize("NFKD", text).translate(_ONE_LETTER)
    seen = "".join(each for each in taken_apart if unicodedata.category(each) != "Cf")
    return " ".join(_UNSEEN.sub("", seen).split())


def told_apart(text: str, other: str) -> str:
    """Return a text in quotes, with the code points that another lacks: “Mаmat” (U+0430)."""
    own = dict.fromkeys(f"U+{ord(each):04X}" for each in text if each not in other)
    return f"“{text}” ({', '.join(own)})" if own else f"“{text}”"
