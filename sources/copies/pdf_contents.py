"""The instructions by which a page of a PDF file is drawn (ISO 32000-2, annex A), and what they name."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from sources.copies.findings import NoCopy

#: For each operator that draws, or sets how, what it takes at most; those for marks in the text, and comments, draw
#: nothing. Colours take as many numbers as they have, and the name of a pattern.
OPERANDS = {
    0: "b B b* B* BT BX ET EX f F f* h n q Q s S T* W W*",
    1: "CS cs Do g G gs i j J M ri sh Tc Tj TJ TL Tr Ts Tw Tz w '",
    2: "d d0 l m Td TD Tf",
    3: 'RG rg "',
    4: "k K re v y",
    6: "c cm d1 Tm",
    33: "SC sc SCN scn",
}
OPERATORS = {name: most for most, names in OPERANDS.items() for name in names.split()}
SHOW, MOVE = ("Tj", "TJ", "'", '"'), ("BT", "Td", "TD", "Tm", "T*", "'", '"')
INVISIBLE = 3
DRAW, NEXT_LINE, WORDS_APART, SIGNS_APART = (pikepdf.Operator(name) for name in ("Do", "T*", "Tw", "Tc"))
#: Where in the resources an operator's name stands.
NAMED = {
    "Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading", "CS": "/ColorSpace", "cs": "/ColorSpace",
    "SCN": "/Pattern", "scn": "/Pattern",
}  # fmt: skip
INLINE = "INLINE IMAGE"


class Contents:
    """What draws: `written`, as bytes, and the names of resources that it uses, by their kind.

    `pictures` were written into the drawing, and are drawn by the names they have here. `invisible` counts words left
    out that nobody sees. Raises NoCopy where it is damaged, or where words that are seen stand behind such words.
    """

    def __init__(self, drawing: Any, prefix: str) -> None:
        self.used: dict[str, set[str]] = defaultdict(set)
        self.pictures: dict[str, Any] = {}
        self.invisible = 0
        self.prefix = prefix
        self.mode, self.is_behind_invisible = 0, False
        self.saved: list[int] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kept = [each for one in pikepdf.parse_content_stream(drawing) for each in self.kept(one)]
        self.written = pikepdf.unparse_content_stream(kept)

    def and_also(self, other: Contents) -> Contents:
        """Add what another drawing names, with which this one shares its resources."""
        for kind, names in other.used.items():
            self.used[kind] |= names
        self.pictures |= other.pictures
        self.invisible += other.invisible
        return self

    def kept(self, instruction: Any) -> list[Any]:
        """Return what is to be drawn of an instruction."""
        operator = str(instruction.operator)
        if operator == INLINE:
            return self.inline(instruction)
        if operator not in OPERATORS:
            return []
        most, operands = OPERATORS[operator], instruction.operands
        if len(operands) > most:
            operands = list(operands)[len(operands) - most :]
            instruction = (operands, instruction.operator)
        if not all(is_drawn(each, operator in SHOW) for each in operands):
            return []
        if operator in NAMED:
            self.used[NAMED[operator]].update(str(each) for each in operands if isinstance(each, Name))
        self.follow(operator, operands)
        return self.seen(operator, instruction, operands)

    def follow(self, operator: str, operands: Any) -> None:
        """Keep up with whether words are drawn: that is saved and brought back with the rest of the state."""
        if operator == "Tr" and operands:
            self.mode = int(operands[0])
        elif operator == "q":
            self.saved.append(self.mode)
        elif operator == "Q" and self.saved:
            self.mode = self.saved.pop()
        if operator in MOVE:
            self.is_behind_invisible = False

    def seen(self, operator: str, instruction: Any, operands: Any) -> list[Any]:
        """Return an instruction, unless it shows words that nobody sees: of that, what it sets and moves."""
        if operator not in SHOW:
            return [instruction]
        if self.mode != INVISIBLE:
            if self.is_behind_invisible:
                raise NoCopy("Words that are seen stand on one line behind others that are drawn invisibly.")
            return [instruction]
        self.invisible += 1
        self.is_behind_invisible = True
        spaces = [([operands[0]], WORDS_APART), ([operands[1]], SIGNS_APART)] if operator == '"' else []
        return [*spaces, ([], NEXT_LINE)] if operator in MOVE else []

    def inline(self, instruction: Any) -> list[Any]:
        """Draw a picture that is written into the drawing by a name, as any other, which is seen to like any other."""
        colours = instruction.iimage.obj.get("/ColorSpace")
        if isinstance(colours, Name):
            self.used["/ColorSpace"].add(str(colours))
        name = f"/{self.prefix}.{len(self.pictures)}"
        self.pictures[name] = instruction.iimage
        self.used["/XObject"].add(name)
        return [([Name(name)], DRAW)]


def is_drawn(operand: Any, is_text: bool) -> bool:
    """Whether an operand is of a kind that draws: words only where they are shown."""
    if isinstance(operand, Dictionary):
        return False
    if isinstance(operand, Array):
        return all(is_drawn(each, is_text) for each in operand)
    return is_text or not isinstance(operand, String)
