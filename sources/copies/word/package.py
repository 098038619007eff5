"""Copies of Word documents: a new package of the parts that its cleaned text still names.

A document is a package of parts that name each other (ECMA-376, part 2). Comments, settings (with the path of the
template), properties, embedded files, scripts, fonts and printers' settings are never named by a copy. Of the settings
those are that lay out pages.
"""

from __future__ import annotations

import io
import zipfile

from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.opc.rel import _Relationship
from lxml import etree

from sources.copies.findings import Found, NoCopy, parse_xml
from sources.copies.word import found as findings
from sources.copies.word.allowed import PIC, A, R, V, W
from sources.copies.word.fields import settle_fields
from sources.copies.word.forms import build_forms
from sources.copies.word.frames import remove, tidy
from sources.copies.word.headers import drop_unused_headers, has_even_pages
from sources.copies.word.layout import build_layout
from sources.copies.word.names import Names
from sources.copies.word.pictures import KINDS, Cut, copy_cut, is_cut_by_its_frame, take_cut
from sources.copies.word.text import IS_STRICT, STRICT, Builder
from sources.media_types import WORD

#: A package may unpack to so many bytes and parts: a small one can hold any number of zeros.
MOST_BYTES, MOST_PARTS = 300_000_000, 5000
CONTENT = "application/vnd.openxmlformats-officedocument"
XML = f"{CONTENT}.wordprocessingml"
#: What goes when the picture in it has no copy: a picture, the filling of a shape, a whole old shape.
FRAMES = (f"{{{PIC}}}pic", f"{{{A}}}blipFill", f"{{{V}}}fill")
NOTES = {"footnotes": KIND.FOOTNOTES, "endnotes": KIND.ENDNOTES}
#: Notes that are none, but lines between text and notes, with their numbers in a copy.
SEPARATORS = {"separator": "-1", "continuationSeparator": "0"}
FORMS = {"numbering": KIND.NUMBERING, "styles": KIND.STYLES}


def copy_word(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return a copy of a Word document without metadata, its media type, and what was found.

    Tracked changes are accepted. Raises NoCopy where nobody can be sure of what it shows, and errors of many kinds
    where it is damaged.
    """
    refuse_doubtful(content)
    old = OpcPackage.open(io.BytesIO(content))
    kinds = {link.reltype for link in old.iter_rels()}
    if any(STRICT in kind for kind in kinds):
        raise NoCopy(IS_STRICT)
    if KIND.OFFICE_DOCUMENT not in kinds:
        raise NoCopy("It is no Word document: it does not say which of its parts is the text.")
    copy = WordCopy(old)
    copy.build()
    out = io.BytesIO()
    copy.package.save(out)
    return without_times(out.getvalue()), WORD, copy.found


def refuse_doubtful(content: bytes) -> None:
    """Raise NoCopy for a package that unpacks to too much, or of which programs read one part or another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise NoCopy("It unpacks to more than is read.")
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise NoCopy("Two of its parts have one name: nobody knows which is shown.")


def without_times(content: bytes) -> bytes:
    """Return a package whose parts bear no time of writing: the same document gives the same copy."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def root_of(part: Part) -> etree._Element:
    """Return the markup of a part. Raises NoCopy where it is none, or defines words of its own."""
    root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
    if root.getroottree().docinfo.internalDTD is not None:
        raise NoCopy("A part of it defines words of its own (DOCTYPE), as no Word document does.")
    return root


class WordCopy:
    """The copy of one document, part by part."""

    def __init__(self, old: OpcPackage) -> None:
        self.old, self.package = old, OpcPackage()
        self.noted = {name: self.notes_of(kind) for name, kind in NOTES.items()}
        self.found = list(findings.found_in_package(old))
        self.builder = Builder(Names(), self.found)
        #: Pictures that were copied, by the old part and the cut; None where there is no copy.
        self.pictures: dict[tuple[Part, Cut], Part | None] = {}
        self.headers: dict[Part, Part] = {}
        #: The notes to which the copied text refers, each with its new number.
        self.notes: dict[str, dict[str, str]] = {name: {} for name in NOTES}

    def build(self) -> None:
        main = self.old.main_document_part
        settings = self.linked_root(main, KIND.SETTINGS)
        document = self.new_part("document", f"{XML}.document.main+xml")
        self.package.relate_to(document, KIND.OFFICE_DOCUMENT)
        root = self.built(root_of(main), "document")
        drop_unused_headers(root, even_pages=has_even_pages(settings))
        self.finish(root, main, document)
        for name in NOTES:
            self.build_notes(main, document, name)
        self.build_forms(main, document)
        if settings is not None:
            layout = self.new_part("layout", f"{XML}.settings+xml")
            document.relate_to(layout, KIND.SETTINGS)
            self.finish(build_layout(settings, self.builder), main, layout)
        theme = self.linked(main, KIND.THEME)
        if theme is not None:
            new = self.new_part("theme", f"{CONTENT}.theme+xml")
            document.relate_to(new, KIND.THEME)
            self.finish(self.builder.build(root_of(theme), (A, "theme")), theme, new)
        self.found += findings.unshown_pictures(self.old, [part for part, _ in self.pictures])

    def linked(self, part: Part, kind: str) -> Part | None:
        """Return the part that another one names as its styles, its notes and the like: the first one."""
        links = (link for link in part.rels.values() if link.reltype == kind and not link.is_external)
        link = next(links, None)
        return None if link is None else link.target_part

    def linked_root(self, part: Part, kind: str) -> etree._Element | None:
        linked = self.linked(part, kind)
        return None if linked is None else root_of(linked)

    def notes_of(self, kind: str) -> set[str]:
        root = self.linked_root(self.old.main_document_part, kind)
        return set() if root is None else {note.get(f"{{{W}}}id", "") for note in root if is_note(note)}

    def new_part(self, name: str, content_type: str) -> Part:
        return Part(PackURI(f"/word/{name}.xml"), content_type, b"")

    def built(self, old: etree._Element, name: str) -> etree._Element:
        """Return the markup of a part in which words are shown, with what its fields show."""
        self.found += findings.found_in_markup(old)
        root = self.builder.build(old, (W, name))
        settle_fields(root, self.found)
        return root

    def finish(self, root: etree._Element, old: Part, new: Part) -> None:
        """Copy what the markup of a part names, name it anew, and write the markup into the new part."""
        for element in list(root.iter(etree.Element)):
            for attribute in (f"{{{R}}}embed", f"{{{R}}}id"):
                key = element.get(attribute)
                if key is not None:
                    del element.attrib[attribute]
                    self.name_anew(element, attribute, old.rels.get(key), new)
        for name in NOTES:
            for reference in list(root.iter(f"{{{W}}}{name[:-1]}Reference")):
                self.name_note(reference, name)
        tidy(root)
        new._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def name_anew(self, element: etree._Element, attribute: str, link: _Relationship | None, new: Part) -> None:
        """Copy the part that an element names, and name the copy; without one the element goes, or its frame."""
        target = None if link is None or link.is_external else link.target_part
        if element.tag in (f"{{{W}}}headerReference", f"{{{W}}}footerReference"):
            named = None if target is None else self.copy_header(target, element.tag == f"{{{W}}}headerReference")
            kind = KIND.HEADER if element.tag == f"{{{W}}}headerReference" else KIND.FOOTER
        else:
            named, kind = None if target is None else self.copy_picture(target, take_cut(element)), KIND.IMAGE
        if named is not None:
            element.set(attribute, new.relate_to(named, kind))
            if kind == KIND.IMAGE and is_cut_by_its_frame(element):
                self.found.append(Found("picture in a frame that shows less of it", "the copy has all of it"))
        else:
            remove(next((frame for frame in element.iterancestors(*FRAMES)), element))

    def copy_header(self, old: Part, is_header: bool) -> Part:
        """Return the copy of a header or footer."""
        if old not in self.headers:
            name, tag = ("header", "hdr") if is_header else ("footer", "ftr")
            new = self.headers[old] = self.new_part(f"{name}{len(self.headers) + 1}", f"{XML}.{name}+xml")
            self.finish(self.built(root_of(old), tag), old, new)
        return self.headers[old]

    def copy_picture(self, old: Part, cut: Cut) -> Part | None:
        """Return the copy of a picture, or None: of a drawing, or where it is damaged."""
        if (old, cut) not in self.pictures:
            self.pictures[old, cut] = self.new_picture(old, cut)
        return self.pictures[old, cut]

    def new_picture(self, old: Part, cut: Cut) -> Part | None:
        kind = KINDS.get(old.content_type, "")
        try:
            if not kind:
                raise NoCopy("It is of a kind that is not copied.")
            content, found = copy_cut(old.blob, kind, cut)
        except Exception:  # damaged in one way or another
            self.found.append(Found("left out", f"a picture ({old.content_type})"))
            return None
        self.found += [Found(each.what, f"{each.words} (in a picture)") for each in found if each.words.strip()]
        name = f"/word/media/image{len(self.pictures) + 1}.{kind.rpartition('/')[2]}"
        return Part(PackURI(name), kind, content)

    def name_note(self, reference: etree._Element, name: str) -> None:
        """Number a note by its place in the text. One that is not there is not referred to any more."""
        old = reference.get(f"{{{W}}}id", "")
        if old in self.noted[name]:
            numbers = self.notes[name]
            reference.set(f"{{{W}}}id", numbers.setdefault(old, str(len(numbers) + 1)))
        else:
            remove(reference)

    def build_notes(self, main: Part, document: Part, name: str) -> None:
        """Copy the notes to which the copied text still refers, and the lines that separate them from it."""
        part = self.linked(main, NOTES[name])
        if part is None or not self.notes[name]:
            return
        root = root_of(part)
        for note in list(root):
            number = SEPARATORS.get(note.get(f"{{{W}}}type", "normal"), "")
            number = number or (self.notes[name].get(note.get(f"{{{W}}}id", ""), "") if is_note(note) else "")
            note.set(f"{{{W}}}id", number) if number else root.remove(note)
        new = self.new_part(name, f"{XML}.{name}+xml")
        document.relate_to(new, NOTES[name])
        self.finish(self.built(root, name), part, new)

    def build_forms(self, main: Part, document: Part) -> None:
        """Copy the styles and lists that the text uses."""
        parts = {name: self.linked(main, kind) for name, kind in FORMS.items()}
        there = {name: part for name, part in parts.items() if part is not None}
        for name, root in build_forms({name: root_of(part) for name, part in there.items()}, self.builder).items():
            new = self.new_part(name, f"{XML}.{name}+xml")
            document.relate_to(new, FORMS[name])
            self.finish(root, there[name], new)


def is_note(note: etree._Element) -> bool:
    return note.tag in (f"{{{W}}}footnote", f"{{{W}}}endnote") and note.get(f"{{{W}}}type", "normal") == "normal"
