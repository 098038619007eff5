"""What is found in a file beside what it shows, in words for whoever decides who may read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

#: So many findings of a file are kept, and so much of each: a file can hold any number.
MOST, LONGEST = 60, 200
#: Signs that steer a terminal, or that no database keeps.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: What tells of people and places comes first.
FIRST = ("place", "taken", "device", "author")


class NoCopy(ValueError):
    """A file of which no copy can be made, with the reason."""


class Found(NamedTuple):
    """One thing in a file: what it is ("place", "author", "comment"), and its words."""

    what: str
    words: str


def in_words(found: Iterable[Found]) -> str:
    """Return findings as lines of "what: words", each once; says how many more there are."""
    lines = {f"{plain(each.what)}: {plain(each.words)}": each for each in found if plain(each.words)}
    rank = {what: place for place, what in enumerate(FIRST)}
    in_order = sorted(lines, key=lambda line: rank.get(lines[line].what, len(FIRST)))
    more = len(in_order) - MOST
    return "\n".join(in_order[:MOST] + ([f"and {more} more"] if more > 0 else []))


def plain(words: str) -> str:
    """Return words on one line, cut where they are too long, without what no database keeps."""
    line = " ".join(CONTROLS.sub(" ", words).encode("utf-8", "replace").decode().split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def parse_xml(content: bytes) -> etree._Element:
    """Read XML that somebody else made. Raises NoCopy where it is none."""
    try:
        return etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoCopy("A part of it is no XML.") from error


def text_of(element: etree._Element) -> str:
    """Return the words inside an element, whatever its class makes of them."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def safe_parser() -> etree.XMLParser:
    """Return a reader of XML that loads nothing, expands nothing and gives up on what is nested without end."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def found_in_xmp(content: bytes) -> Iterator[Found]:
    """Yield what an XMP packet says (ISO 16684-1): names of properties, and their values as they stand there."""
    try:
        root = parse_xml(content.strip(b"\0 \r\n\t"))
    except NoCopy:
        yield Found("XMP", f"{len(content)} bytes that cannot be read")
        return
    for element in root.iter(etree.Element):
        if element.text and element.text.strip():
            yield Found(xmp_name(element), element.text)
        yield from (Found(etree.QName(name).localname, str(value)) for name, value in element.attrib.items() if value)


def xmp_name(element: etree._Element) -> str:
    """Return the property that a value belongs to: lists keep theirs in rdf:li, two levels down."""
    while etree.QName(element).localname in ("li", "Seq", "Bag", "Alt"):
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    name = etree.QName(element).localname
    return "author" if name == "creator" else name
