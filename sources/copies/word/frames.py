"""What surrounds the things that are drawn: it goes with them, and some of it cannot be empty."""

from __future__ import annotations

from lxml import etree

from sources.copies.word import allowed
from sources.copies.word.allowed import PIC, WP, WPG, A, M, V, W
from sources.copies.word.unseen import Key, key_of

#: What must be in an element for it to be drawn.
NEEDED: dict[Key, frozenset[str]] = {
    (W, "tbl"): frozenset({"tr"}),
    (W, "tr"): frozenset({"tc"}),
    (W, "drawing"): frozenset({"inline", "anchor"}),
    (WP, "inline"): frozenset({"graphic"}),
    (WP, "anchor"): frozenset({"graphic"}),
    (A, "graphic"): frozenset({"graphicData"}),
    (A, "graphicData"): frozenset({"pic", "wsp", "wgp", "wpc"}),
    (PIC, "pic"): frozenset({"blipFill"}),
    (PIC, "blipFill"): frozenset({"blip"}),
    (A, "blipFill"): frozenset({"blip"}),
    (WPG, "wgp"): frozenset({"pic", "wsp", "grpSp"}),
    (WPG, "grpSp"): frozenset({"pic", "wsp", "grpSp"}),
    (W, "pict"): allowed.ELEMENTS[V] - {"shapetype"},
    (W, "ruby"): frozenset({"rubyBase"}),
    (M, "oMathPara"): frozenset({"oMath"}),
}
#: What holds paragraphs, and is not whole without one.
OF_PARAGRAPHS = {(W, name) for name in ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote")}


def tidy(root: etree._Element) -> None:
    """Take out frames of what is no longer there, and give cells and notes the paragraph that each must have."""
    for element in reversed(list(root.iter(etree.Element))):
        key = key_of(element)
        if is_hollow(element, key):
            if key == (A, "blipFill"):
                element.addprevious(etree.Element(f"{{{A}}}noFill"))
            remove(element)
        elif key == (V, "shapetype"):
            for words in element.findall(f"{{{V}}}textpath"):  # those of a shape are drawn, of its type none
                etree.strip_attributes(words, "string")
        elif key in OF_PARAGRAPHS:
            children = [key_of(child)[1] for child in element]
            if "p" not in children or (key == (W, "tc") and children[-1] != "p"):
                etree.SubElement(element, f"{{{W}}}p")


def is_hollow(element: etree._Element, key: Key) -> bool:
    if key == (W, "r"):
        return all(key_of(child) == (W, "rPr") for child in element)
    return key in NEEDED and not any(key_of(child)[1] in NEEDED[key] for child in element)


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
