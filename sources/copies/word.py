"""Word documents: what is in them beside their text, and a copy that has the text, its form and its pictures.

A document is a package of parts that name each other (ECMA-376, part 2). Only parts of kinds that draw the text go into
the copy; sources.copies.word_text cleans the markup of each.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.opc.package import OpcPackage
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import qn
from lxml import etree

from sources.copies.findings import Found, NoCopy, parse_xml, text_of
from sources.copies.pictures import copy_picture
from sources.copies.word_text import clean, found_in_markup, missing_links_removed
from sources.media_types import WORD

#: The kinds of parts that draw the text. Not among them: comments, settings (with the path of the template),
#: properties, embedded files, scripts, fonts, printers' settings.
DRAWN = {
    KIND.OFFICE_DOCUMENT,
    KIND.STYLES,
    KIND.NUMBERING,
    KIND.THEME,
    KIND.HEADER,
    KIND.FOOTER,
    KIND.FOOTNOTES,
    KIND.ENDNOTES,
    KIND.IMAGE,
}
PICTURES = {"image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/png": "image/png", "image/gif": "image/gif"}
#: A package may unpack to so many bytes and parts: a small one can hold any number of zeros.
MOST_BYTES, MOST_PARTS = 300_000_000, 5000
PROPERTIES = {"creator": "author", "lastModifiedBy": "author", "Manager": "author", "created": "taken"}
#: Properties that count or switch something, and tell of nobody.
SILENT = {
    *("Pages", "Words", "Characters", "Lines", "Paragraphs", "CharactersWithSpaces", "TotalTime", "AppVersion"),
    *("DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "lpstr", "i4", "revision"),
}


def copy_word(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return a copy of a Word document without metadata, its media type, and what was found.

    Tracked changes are accepted. Raises NoCopy where the document is too large, and errors of many kinds where it is
    damaged.
    """
    refuse_bomb(content)
    package = OpcPackage.open(io.BytesIO(content))
    found = list(found_in_package(package))
    seen: set[Part] = set()
    drop_links(package.rels, seen, found)
    strip_part(package.main_document_part, seen, found)
    out = io.BytesIO()
    package.save(out)
    return without_times(out.getvalue()), WORD, found


def refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise NoCopy("It unpacks to more than is read.")


def without_times(content: bytes) -> bytes:
    """Return a package whose parts bear no time of writing: the same document gives the same copy."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def strip_part(part: Part, seen: set[Part], found: list[Found]) -> None:
    """Clean a part and those that it names, and drop its links to everything that does not draw the text."""
    if part in seen:
        return
    seen.add(part)
    dropped = drop_links(part.rels, seen, found)
    root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
    found += found_in_markup(root)
    clean(root)
    found += [Found("left out", what) for what in missing_links_removed(root, dropped)]
    if not isinstance(part, XmlPart):
        part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for link in part.rels.values():
        if not link.is_external and link.reltype != KIND.IMAGE:
            strip_part(link.target_part, seen, found)


def strip_image(part: Part, seen: set[Part], found: list[Found]) -> bool:
    """Put a copy in the place of a picture. Says whether there is one: not of a drawing, or where it is damaged."""
    if part in seen:
        return True
    if part.content_type not in PICTURES:
        return False
    try:
        # A document turns its pictures itself, by their frames: Word shows the pixels as they lie.
        part._blob, _, more = copy_picture(part.blob, PICTURES[part.content_type], upright=False)
    except Exception:  # damaged in one way or another
        return False
    seen.add(part)
    found += [Found(each.what, f"{each.words} (in a picture)") for each in more]
    return True


def drop_links(links: Any, seen: set[Part], found: list[Found]) -> dict[str, str]:
    """Drop links to what does not draw the text. Returns the key of each, with the name of its kind."""
    dropped = {}
    for key, link in list(links.items()):
        if not is_drawn(link, seen, found):
            dropped[key] = link.reltype.rpartition("/")[2]
            del links[key]
    return dropped


def is_drawn(link: Any, seen: set[Part], found: list[Found]) -> bool:
    if link.is_external:
        return link.reltype == KIND.HYPERLINK and link.target_ref.lower().startswith(("https://", "http://", "mailto:"))
    if link.reltype == KIND.IMAGE:
        return strip_image(link.target_part, seen, found)
    return link.reltype in DRAWN


def found_in_package(package: OpcPackage) -> Iterator[Found]:
    """Yield the properties of a document, and the parts that are more than its text."""
    for part in package.iter_parts():
        name = str(part.partname)
        if name.startswith("/docProps/") and part.content_type.endswith("+xml"):
            root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
            yield from found_properties(root)
        elif name.startswith("/docProps/"):
            yield Found("thumbnail", "of the document as it once was")
        elif part.content_type.endswith("comments+xml"):
            yield from found_comments(part.element if isinstance(part, XmlPart) else parse_xml(part.blob))
        elif name.startswith("/word/embeddings/"):
            yield Found("embedded file", name.rpartition("/")[2])


def found_properties(root: etree._Element) -> Iterator[Found]:
    for element in root.iter(etree.Element):
        name = element.get("name") or etree.QName(element).localname  # a property of the office's own bears its name
        if len(element) and element.get("name"):
            yield Found(name, text_of(element))
        elif element.text and element.text.strip() and name not in SILENT and not in_own_property(element):
            yield Found(PROPERTIES.get(name, name), element.text)


def in_own_property(element: etree._Element) -> bool:
    return any(parent.get("name") for parent in element.iterancestors())


def found_comments(root: etree._Element) -> Iterator[Found]:
    for comment in root:
        author = str(comment.get(qn("w:author"), ""))
        yield Found("comment", f"{author}: {text_of(comment)}")
