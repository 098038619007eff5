"""The headers and footers of a Word document: those of pages that there are."""

from __future__ import annotations

from lxml import etree

from sources.copies.findings import NoCopy
from sources.copies.word.allowed import W
from sources.copies.word.frames import remove
from sources.copies.word.unseen import is_on

REFERENCES = (f"{{{W}}}headerReference", f"{{{W}}}footerReference")


def has_even_pages(settings: etree._Element | None) -> bool:
    """Whether a document has headers of their own for even pages."""
    mark = None if settings is None else settings.find(f"{{{W}}}evenAndOddHeaders")
    return mark is not None and is_on(mark.get(f"{{{W}}}val", "true"))


def drop_unused_headers(root: etree._Element, *, even_pages: bool) -> None:
    """Take out the headers of first pages where these are like the others, and of even pages likewise.

    A section without a header of its own has that of the section before it. Raises NoCopy where one has two.
    """
    sections = list(root.iter(f"{{{W}}}sectPr"))
    for tag in REFERENCES:
        inherited: list[etree._Element] = []
        for section in sections:
            references = section.findall(tag)
            if len({each.get(f"{{{W}}}type", "default") for each in references}) < len(references):
                raise NoCopy("A section of it has two headers of one kind: nobody knows which is shown.")
            for reference in references:
                kind = reference.get(f"{{{W}}}type", "default")
                if kind == "first":
                    for each in inherited:
                        remove(each)
                    inherited = [reference]
                elif kind != "default" and not (kind == "even" and even_pages):
                    remove(reference)
            mark = section.find(f"{{{W}}}titlePg")
            if mark is not None and is_on(mark.get(f"{{{W}}}val", "true")):
                inherited = []
        for each in inherited:
            remove(each)
