"""What in a Word document nobody sees on paper: what is hidden, or was taken out with changes tracked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from sources.copies.word.allowed import PIC, W14, WP, WPG, WPS, M, V, W

Key = tuple[str, str]
#: Tracked changes (ECMA-376, part 1, 17.13.5): what was taken out.
TAKEN_OUT = {(W, "del"), (W, "moveFrom"), (W14, "conflictDel")}
#: What says of an element that it is hidden, or was taken out: the element with its form, and the marks in that.
OF_RUNS = (f"{{{W}}}rPr", (f"{{{W}}}vanish", f"{{{W}}}del", f"{{{W}}}moveFrom"))
MARKS: dict[Key, tuple[str, tuple[str, ...]]] = {
    (W, "r"): OF_RUNS,
    (M, "r"): OF_RUNS,
    (W, "tr"): (f"{{{W}}}trPr", (f"{{{W}}}hidden", f"{{{W}}}del")),
    (W, "tc"): (f"{{{W}}}tcPr", (f"{{{W}}}cellDel",)),
}
#: Parts of formulas that are there and not shown, with the mark that says so.
HIDDEN_IN_FORMULAS = {"deg": "radPr/degHide", "sub": "naryPr/subHide", "sup": "naryPr/supHide"}
IS_HIDDEN = re.compile(r"(visibility\s*:\s*hidden|display\s*:\s*none)", re.IGNORECASE)


def key_of(element: etree._Element) -> Key:
    name = etree.QName(element)
    return name.namespace or "", name.localname


def is_on(value: str | None) -> bool:
    return value is not None and value.strip().lower() not in ("false", "0", "off", "f", "n", "no", "")


def is_unseen(element: etree._Element, key: Key) -> bool:
    """Whether an element is hidden, or was taken out with changes tracked."""
    if key in TAKEN_OUT:
        return True
    if key in MARKS:
        return any(is_on(mark.get(f"{{{W}}}val", "true")) for mark in marks_of(element, key))
    if key == (V, "textpath"):
        return not is_on(element.get("on", "true"))
    if key[0] == V:
        return bool(IS_HIDDEN.search(element.get("style", ""))) or not is_on(element.get("print", "true"))
    if key == (W, "lvlText"):
        mark = element.find(f"../{{{W}}}rPr/{{{W}}}vanish")
        return mark is not None and is_on(mark.get(f"{{{W}}}val", "true"))
    if key[0] == M:
        taken_out = element.find(f"{{{M}}}*/{{{M}}}ctrlPr/{{{W}}}del") is not None
        return taken_out or (key[1] == "phant" and has_mark(element, "phantPr/show", of_value=False))
    if key == (W, "drawing"):
        frames = list(element.iterchildren(f"{{{WP}}}*"))
        return any(is_on(each.get("hidden")) for frame in frames for each in (frame, *frame.iterfind(f"{{{WP}}}docPr")))
    if key in ((PIC, "pic"), (WPS, "wsp"), (WPG, "wgp"), (WPG, "grpSp")):
        named = [*element.iterfind("{*}cNvPr"), *element.iterfind("{*}nvPicPr/{*}cNvPr")]
        return any(is_on(each.get("hidden")) for each in named)
    return False


def marks_of(element: etree._Element, key: Key) -> Iterator[etree._Element]:
    """Yield what says that an element is hidden or was taken out, but not that it once was."""
    form, marks = MARKS[key]
    for each in element.iterchildren(form):
        for mark in each.iter(*marks):
            if not any(str(parent.tag).endswith("Change") for parent in mark.iterancestors()):
                yield mark


def is_taken_out(run: etree._Element) -> bool:
    return any(key_of(mark)[1] != "vanish" for mark in marks_of(run, key_of(run)))


def has_mark(element: etree._Element, path: str, *, of_value: bool) -> bool:
    mark = element.find("/".join(f"{{{M}}}{name}" for name in path.split("/")))
    return mark is not None and is_on(mark.get(f"{{{M}}}val", "on")) == of_value


def is_hidden_in_formula(element: etree._Element, key: Key) -> bool:
    parent = element.getparent()
    path = HIDDEN_IN_FORMULAS.get(key[1]) if key[0] == M else None
    return path is not None and parent is not None and has_mark(parent, path, of_value=True)


def is_merged_away(element: etree._Element, key: Key) -> bool:
    """Whether a cell is covered by the one above or before it: what is in it is shown nowhere."""
    if key != (W, "tc"):
        return False
    merges = [*element.iterfind(f"{{{W}}}tcPr/{{{W}}}vMerge"), *element.iterfind(f"{{{W}}}tcPr/{{{W}}}hMerge")]
    return any(merge.get(f"{{{W}}}val", "continue") == "continue" for merge in merges)
