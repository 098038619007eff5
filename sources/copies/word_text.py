"""The markup of a Word document: changes accepted, and everything gone that tells who wrote it, when and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docx.oxml.ns import nsmap, qn
from lxml import etree

from sources.copies.findings import Found, text_of

W = f"{{{nsmap['w']}}}"
#: Tracked changes (ECMA-376, part 1, 17.13.5): what was taken out, and what was put in, of which the text stays.
TAKEN_OUT, PUT_IN = ("del", "moveFrom"), ("ins", "moveTo", "smartTag", "customXml")
#: Elements that draw nothing: the former form of something, marks of comments and moves, bindings to forms.
GONE = {
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange"),
    *("tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
    *("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "permStart", "permEnd"),
    *("customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd"),
    *("customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd"),
    *("customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
    *("proofErr", "dataBinding", "tag", "alias", "docPartObj", "customXmlPr", "smartTagPr", "docVars"),
    # Hidden words are taken out with their run. What a style hides is to be seen in the copy.
    *("vanish", "specVanish", "webHidden", "hidden", "lang"),
    *("embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "saveThroughXslt"),
}
#: Attributes that name a writer, an hour, a session of writing or a file of the writer's machine, in any namespace.
TELLING = ("author", "date", "dateUtc", "initials", "paraId", "textId", "durableId", "userId", "providerId")
#: Of a picture: its name and description are often the path of the file on the machine where it was put in.
OF_PICTURES = ("descr", "title", "alt")
#: Fields whose value the reader's own program works out; of others the last value stays, as text.
KEPT_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
#: What goes as a whole when what it shows does not go into the copy.
FRAMES = ("drawing", "pict", "object", "altChunk", "headerReference", "footerReference", "control", "subDoc")


def local(element: etree._Element) -> str:
    """Return the name of an element of the language of Word, or nothing for one of another language."""
    name = str(element.tag)
    return name.removeprefix(W) if name.startswith(W) else ""


def clean(root: etree._Element) -> None:
    """Take out of the markup of a part everything that its reader would not see on paper."""
    unlink_fields(root)
    for element in list(root.iter(etree.Element)):
        name = local(element)
        if name in TAKEN_OUT and in_row_properties(element):
            remove(next(element.iterancestors(qn("w:tr"))))
        elif name in GONE or name in TAKEN_OUT or (name == "r" and is_hidden(element)):
            remove(element)
        elif name in PUT_IN:
            unwrap(element)
        else:
            strip_attributes(element)
    for comment in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        remove(comment)


def in_row_properties(element: etree._Element) -> bool:
    """Whether a mark says that a whole row of a table was taken out."""
    parent = element.getparent()
    return parent is not None and local(parent) == "trPr"


def is_hidden(run: etree._Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "true") not in ("false", "0", "off")


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Put what an element holds in its place. In properties it is a mere mark, and goes."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place + 1, child)
    parent.remove(element)


def strip_attributes(element: etree._Element) -> None:
    for name in list(element.attrib):
        key = etree.QName(str(name)).localname
        if key.startswith("rsid") or key in TELLING or (key in OF_PICTURES and not local(element)):
            del element.attrib[name]
        elif key == "name" and etree.QName(element).localname in ("docPr", "cNvPr"):
            element.set(name, "picture")


def unlink_fields(root: etree._Element) -> None:
    """Turn fields into the text that they last gave: what they ask for names authors, files and templates."""
    for simple in list(root.iter(qn("w:fldSimple"))):
        if not is_kept(simple.get(qn("w:instr"), "")):
            unwrap(simple)
    open_fields: list[list[etree._Element]] = []
    for element in list(root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText"))):
        if element.get(qn("w:fldCharType")) == "begin":
            open_fields.append([])
        if open_fields:
            open_fields[-1].append(element)
        if element.get(qn("w:fldCharType")) == "end" and open_fields:
            marks = open_fields.pop()
            if not is_kept("".join(mark.text or "" for mark in marks)):
                for mark in marks:
                    remove(mark)


def is_kept(instruction: str) -> bool:
    words = instruction.split()
    return bool(words) and words[0].upper() in KEPT_FIELDS


def missing_links_removed(root: etree._Element, dropped: dict[str, str]) -> list[str]:
    """Take out what shows a part that does not go into the copy. Returns what kinds of part they were."""
    gone = []
    for element in list(root.iter(etree.Element)):
        keys = {str(value) for name, value in element.attrib.items() if str(name).startswith(f"{{{nsmap['r']}}}")}
        kinds = [dropped[key] for key in keys if key in dropped]
        if not kinds:
            continue
        if local(element) == "hyperlink":
            unwrap(element)
            continue
        frame = (
            element
            if local(element) in FRAMES
            else next((each for each in element.iterancestors() if local(each) in FRAMES), element)
        )
        remove(frame)
        gone += kinds
    return gone


def found_in_markup(root: etree._Element) -> Iterator[Found]:
    """Yield who changed what in a text with changes tracked, and what is hidden in it."""
    changes: Counter[str] = Counter()
    for element in root.iter(etree.Element):
        if local(element) in (*TAKEN_OUT, *PUT_IN[:2]) or local(element).endswith("Change"):
            changes[element.get(qn("w:author"), "somebody")] += 1
        elif local(element) == "r" and is_hidden(element):
            yield Found("hidden text", text_of(element))
        elif etree.QName(element).localname == "docPr" and element.get("descr"):
            yield Found("description of a picture", element.get("descr", ""))
    yield from (Found("author", f"{author}, {number} tracked changes") for author, number in changes.items())
