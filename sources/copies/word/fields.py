"""The fields of a Word document: of each stays what it shows. What it asks for names authors, files and templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from sources.copies.findings import Found, NoCopy
from sources.copies.word.allowed import M, W, names
from sources.copies.word.frames import remove

MARK, ASKED, SIMPLE = f"{{{W}}}fldChar", f"{{{W}}}instrText", f"{{{W}}}fldSimple"
#: Fields whose value the reader's own program works out; of others the last value stays, as text.
KEPT = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b(?:.*\\\*\s*(arabic|roman|alphabetic|arabicdash)\b)?", re.IGNORECASE | re.DOTALL
)
#: Fields that show their last value (ECMA-376, part 1, 17.16.5). Others show nothing, or something that is not in the
#: file.
SHOWN = names(
    """
    = ADDIN ADDRESSBLOCK AUTHOR AUTOTEXT AUTOTEXTLIST BIBLIOGRAPHY CITATION COMMENTS COMPARE CREATEDATE DATE DDE DDEAUTO
    DOCPROPERTY DOCVARIABLE EDITTIME EMBED FILENAME FILESIZE FILLIN FORMTEXT GREETINGLINE HYPERLINK IF IMPORT INCLUDE
    INCLUDEPICTURE INCLUDETEXT INDEX INFO KEYWORDS LASTSAVEDBY LINK MERGEFIELD MERGEREC MERGESEQ NOTEREF NUMCHARS
    NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SHAPE STYLEREF SUBJECT
    TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME
    """
)
#: Fields that show nothing at all.
SILENT = {"ASK", "DATA", "NEXT", "NEXTIF", "PRIVATE", "RD", "SET", "SKIPIF", "TA", "TC", "XE"}


@dataclass
class Field:
    """A field that was begun: its marks, whether it is in one that does not show it, and whether we are past its
    question."""

    is_unseen: bool
    marks: list[etree._Element] = field(default_factory=list)
    shows: bool = False

    @property
    def asks(self) -> str:
        return "".join(mark.text or "" for mark in self.marks if mark.tag == ASKED)


def settle_fields(root: etree._Element, found: list[Found]) -> None:
    """Put what fields show in their places, and take out what they ask. Raises NoCopy for one without an end."""
    gone: list[etree._Element] = []
    begun: list[Field] = []
    for element in root.iter(etree.Element):
        if element.tag == MARK:
            follow_mark(element, begun, gone, found)
        elif element.tag == ASKED:
            (begun[-1].marks if begun else gone).append(element)
        elif any(not each.shows for each in begun) and is_content(element):
            gone.append(element)
    if begun:
        raise NoCopy("A field in it has no end: nobody knows what of it is shown.")
    for element in gone:
        remove(element)
    for simple in list(root.iter(SIMPLE)):
        settle_simple(simple, found)


def is_content(element: etree._Element) -> bool:
    """Whether an element is what a run draws, or a formula."""
    parent = element.getparent()
    in_run = parent is not None and parent.tag == f"{{{W}}}r" and element.tag != f"{{{W}}}rPr"
    return in_run or element.tag in (f"{{{M}}}oMath", SIMPLE)


def follow_mark(mark: etree._Element, begun: list[Field], gone: list[etree._Element], found: list[Found]) -> None:
    step = mark.get(f"{{{W}}}fldCharType")
    if step == "begin":
        begun.append(Field(any(not each.shows for each in begun)))
    if not begun:
        raise NoCopy("A field in it has no beginning: nobody knows what of it is shown.")
    current = begun[-1]
    current.marks.append(mark)
    if step == "separate":
        current.shows = shows(current.asks, found)
    elif step == "end":
        begun.pop()
        settle(current, gone, found)


def settle(done: Field, gone: list[etree._Element], found: list[Found]) -> None:
    is_unseen = done.is_unseen or any("hidden" in mark.attrib for mark in done.marks)
    kept = "" if is_unseen else kept_question(done.asks)
    if not kept:
        gone += done.marks
        if not any(mark.get(f"{{{W}}}fldCharType") == "separate" for mark in done.marks):
            shows(done.asks, found)
        return
    first, *others = [mark for mark in done.marks if mark.tag == ASKED]
    first.text = kept
    gone += others


def shows(asks: str, found: list[Found]) -> bool:
    """Whether a field shows the value that stands behind its question. Tells of those of which nobody knows."""
    name = (asks.split() or ["="])[0].upper()
    if name in SHOWN or name.startswith("="):
        return True
    if name not in SILENT:
        found.append(Found("left out", f"field {name}"))
    return False


def kept_question(asks: str) -> str:
    """Return the question for a number of pages in its plainest form, or nothing for other questions."""
    match = KEPT.match(asks)
    if not match:
        return ""
    return f" {match[1].upper()} " + (f"\\* {match[2]} " if match[2] else "")


def settle_simple(simple: etree._Element, found: list[Found]) -> None:
    asks = simple.get(f"{{{W}}}instr", "")
    kept = kept_question(asks)
    if kept:
        simple.set(f"{{{W}}}instr", kept)
        return
    if shows(asks, found):
        for child in list(simple):
            simple.addprevious(child)
    remove(simple)
