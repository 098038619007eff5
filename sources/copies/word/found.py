"""What is in a Word document beside what it shows, in words for whoever decides who may read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.opc.package import OpcPackage
from docx.opc.part import Part, XmlPart
from lxml import etree

from sources.copies.findings import Found, parse_xml, text_of
from sources.copies.word.allowed import M, V, W
from sources.copies.word.unseen import TAKEN_OUT, is_taken_out, is_unseen, key_of

PROPERTIES = {"creator": "author", "lastModifiedBy": "author", "Manager": "author", "created": "taken"}
#: Properties that count or switch something, and tell of nobody.
SILENT = {
    *("Pages", "Words", "Characters", "Lines", "Paragraphs", "CharactersWithSpaces", "TotalTime", "AppVersion"),
    *("DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "lpstr", "i4", "revision"),
}
CHANGES = TAKEN_OUT | {(W, "ins"), (W, "moveTo")}


def found_in_package(package: OpcPackage) -> Iterator[Found]:
    """Yield the properties of a document, the parts that are more than its text, and what it names outside."""
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
    for link in package.iter_rels():
        if link.is_external:
            yield Found(f"link ({link.reltype.rpartition('/')[2]})", link.target_ref)


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
        author = str(comment.get(f"{{{W}}}author", ""))
        yield Found("comment", f"{author}: {text_of(comment)}")


def found_in_markup(root: etree._Element) -> Iterator[Found]:
    """Yield who changed what in a text with changes tracked, and what is hidden in it."""
    changes: Counter[str] = Counter()
    for element in root.iter(etree.Element):
        key = key_of(element)
        if key in CHANGES or (key[0] == W and key[1].endswith("Change")):
            changes[element.get(f"{{{W}}}author", "somebody")] += 1
        elif key in ((W, "r"), (M, "r")) and is_unseen(element, key) and not is_taken_out(element):
            yield Found("hidden text", text_of(element))
        elif key == (W, "tr") and element.find(f"{{{W}}}trPr/{{{W}}}hidden") is not None:
            yield Found("hidden row", text_of(element))
        elif key in ((W, "drawing"), (V, "shape")) and is_unseen(element, key):
            yield Found("hidden shape", text_of(element).strip() or "without words")
        elif key[1] == "docPr" and element.get("descr"):
            yield Found("description of a picture", element.get("descr", ""))
    yield from (Found("author", f"{author}, {number} tracked changes") for author, number in changes.items())


def unshown_pictures(package: OpcPackage, shown: Collection[Part]) -> list[Found]:
    """Return how many pictures are in a document that nobody sees in it: deleted, hidden, or left over."""
    pictures = {link.target_part for link in package.iter_rels() if link.reltype == KIND.IMAGE and not link.is_external}
    number = len(pictures - set(shown))
    return [Found("pictures that are not shown", str(number))] if number else []
