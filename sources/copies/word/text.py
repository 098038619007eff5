"""The markup of a Word document, built anew from what its reader sees on paper, with the changes in it accepted."""

from __future__ import annotations

from lxml import etree

from sources.copies.findings import Found, NoCopy, text_of
from sources.copies.word import allowed
from sources.copies.word.allowed import MC, W10, WP, WPS, A, M, O, R, V, W
from sources.copies.word.frames import OF_PARAGRAPHS
from sources.copies.word.names import Names
from sources.copies.word.unseen import Key, is_hidden_in_formula, is_merged_away, is_taken_out, is_unseen, key_of
from sources.copies.word.values import kind_of_name, plain_value

#: The names of another language of the same kind (ISO 29500, part 1).
STRICT = "purl.oclc.org/ooxml"
IS_STRICT = "It is a “Strict Open XML Document”: save it as “Word Document” (.docx), and capture that too."
#: Text, of which nothing is said when it stays behind: it was taken out, or asks for a field.
SILENT = {"delText", "delInstrText", "fldData", "sizeRelH", "sizeRelV"}
#: What may be drawn, of which there is no copy.
NOT_COPIED = {"graphicData", "graphicFrame", "altChunk", "subDoc", "control", "contentPart"}
SPACE = ("http://www.w3.org/XML/1998/namespace", "space")
#: What holds words, with the elements in which it is drawn. Elsewhere it is not.
TEXT_IN, BLOCKS_IN = {(W, "p"), (W, "fldSimple"), (W, "rt"), (W, "rubyBase"), (W, "bdo"), (W, "dir")}, {(W, "body")}
#: The elements of Word in which those of other languages are drawn.
OTHERS_IN: dict[str, set[Key]] = {M: TEXT_IN, WP: {(W, "drawing")}, V: {(W, "pict")}, W10: {(W, "pict")}}
PLACES: dict[Key, set[Key]] = {
    (W, "r"): TEXT_IN | {(M, name) for name in allowed.ELEMENTS[M]},
    (W, "fldSimple"): TEXT_IN,
    **dict.fromkeys([(W, "p"), (W, "tbl")], OF_PARAGRAPHS | BLOCKS_IN),
    **dict.fromkeys([(W, name) for name in ("t", "instrText", "fldChar", "drawing", "pict", "ruby")], {(W, "r")}),
    (W, "tr"): {(W, "tbl")},
    (W, "tc"): {(W, "tr")},
    (W, "txbxContent"): {(WPS, "txbx"), (V, "textbox")},
    (M, "t"): {(M, "r")},
    (W, "lvlText"): {(W, "lvl")},
    # A shape's type has a form, and nothing in it.
    **dict.fromkeys([(V, "textbox"), (V, "imagedata")], {(V, name) for name in allowed.ELEMENTS[V] - {"shapetype"}}),
}


class Builder:
    """Builds the parts of a copy. It gives `names` of no meaning, and adds to what was `found`."""

    def __init__(self, names: Names, found: list[Found]) -> None:
        self.names, self.found = names, found

    def build(self, root: etree._Element, key: Key) -> etree._Element:
        """Return the markup of a part, whose root is to be `key`. Raises NoCopy where it is another one.

        What the copy names in other parts is still named as it was: see `package`.
        """
        refuse_strange(root, key)
        new = etree.Element(root.tag, nsmap=allowed.PREFIXES)
        self.set_attributes(root, key, new)
        self.add_children(root, new)
        return new

    def add_children(self, old: etree._Element, new: etree._Element) -> None:
        for child in old.iterchildren(etree.Element):
            self.add(child, new)

    def add(self, old: etree._Element, parent: etree._Element) -> None:
        """Add what is drawn of an element to a parent in the copy."""
        key = key_of(old)
        if key in allowed.UNPACKED:
            self.add_children(old, parent)
        elif key == (MC, "AlternateContent"):
            self.add_children(chosen(old), parent)
        elif key == (W, "object"):
            self.add_children(old, etree.SubElement(parent, f"{{{W}}}pict"))
        elif is_unseen(old, key):
            self.keep_marks(old, parent)
        elif not is_allowed(old, key, parent):
            self.leave_out(old, key)
        else:
            self.copy(old, key, etree.SubElement(parent, old.tag))

    def keep_marks(self, old: etree._Element, parent: etree._Element) -> None:
        """Keep the marks of fields in hidden words, for `fields` to know where each ends. It takes them out."""
        if key_of(old) == (W, "r") and not is_taken_out(old):
            run = etree.SubElement(parent, old.tag)
            for mark in old.iterchildren(f"{{{W}}}fldChar", f"{{{W}}}instrText"):
                self.add(mark, run)
            for mark in run:
                mark.set("hidden", "true")

    def copy(self, old: etree._Element, key: Key, new: etree._Element) -> None:
        self.set_attributes(old, key, new)
        if key in ((W, "t"), (M, "t"), (W, "instrText")):
            new.text = own_text(old)
        elif key in ((WP, "align"), (WP, "posOffset")):
            new.text = old.text if allowed.PLACE.fullmatch(old.text or "") else "0"
        elif is_merged_away(old, key):
            for form in old.iterchildren(f"{{{W}}}tcPr"):
                self.add(form, new)
            self.leave_out(old, key)
        elif not is_hidden_in_formula(old, key):
            self.add_children(old, new)

    def leave_out(self, old: etree._Element, key: Key) -> None:
        """Tell of something that might have been drawn."""
        if key[1] in NOT_COPIED:
            self.found.append(Found("left out", old.get("uri", key[1]).rpartition("/")[2]))
        elif key[1] not in SILENT and text_of(old).strip():
            self.found.append(Found("left out", f"{key[1]}: {text_of(old).strip()}"))

    def set_attributes(self, old: etree._Element, key: Key, new: etree._Element) -> None:
        for name, value in old.attrib.items():
            attribute = etree.QName(str(name))
            kept = self.value(key, (attribute.namespace or "", attribute.localname), str(value))
            if kept is not None:
                new.set(str(name), kept)

    def value(self, key: Key, name: Key, value: str) -> str | None:
        """Return what the copy says for an attribute, or None where it does not have it."""
        if name in ((R, "embed"), (R, "id")) or (key, name) == ((W, "fldSimple"), (W, "instr")):
            return value
        if name == SPACE:
            return value if value in ("preserve", "default") else None
        home = key[0] if key[0] in (W, M) else ""
        if name == (O, name[1]) and key[0] == V and name[1] in allowed.OF_THE_OFFICE:
            return value if allowed.PLAIN.fullmatch(value) else None
        if name[0] != home or name[1] not in allowed.ATTRIBUTES.get(key[0], ()):
            return None
        if (key, name[1]) == ((W, "ilvl"), "val"):
            self.names.levels.add(value)
        kind = kind_of_name(key, name[1], value)
        if kind:
            return self.names.of(kind, value)
        return value if (*key, name[1]) in allowed.WORDS else plain_value(key, name[1], value)


def refuse_strange(root: etree._Element, key: Key) -> None:
    if key_of(root) == key and root.get(f"{{{W}}}conformance", "") != "strict":
        return
    if STRICT in key_of(root)[0] or key_of(root) == key:
        raise NoCopy(IS_STRICT)
    raise NoCopy(f"A part of it is not what it says it is: no {key[1]}.")


def chosen(alternatives: etree._Element) -> etree._Element:
    """Return the first alternative that the copy can draw (ECMA-376, part 3), or the last resort."""
    for choice in alternatives.iterchildren(f"{{{MC}}}Choice"):
        needed = [choice.nsmap.get(prefix) for prefix in choice.get("Requires", "").split()]
        if needed and all(space in allowed.ELEMENTS for space in needed):
            return choice
    return next(alternatives.iterchildren(f"{{{MC}}}Fallback"), etree.Element("nothing"))


def is_allowed(element: etree._Element, key: Key, parent: etree._Element) -> bool:
    """Whether a copy may hold an element in this place."""
    place = key_of(parent)
    if key[1] not in allowed.ELEMENTS.get(key[0], ()) or place not in PLACES.get(key, {place}):
        return False
    if key[0] != W and place[0] == W and place not in OTHERS_IN.get(key[0], ()):
        return False
    return key != (A, "graphicData") or element.get("uri") in allowed.DRAWINGS


def own_text(element: etree._Element) -> str:
    """Return the text of an element without that of comments in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)
