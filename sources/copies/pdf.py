"""PDF files: what is in them beside their pages, and a copy that has what is drawn on the pages and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from sources.copies.findings import Found, NoCopy, found_in_xmp
from sources.copies.pdf_parts import Parts

#: What a page is drawn by. Comments, links, forms, scripts, thumbnails and the times of pages are in other entries.
OF_A_PAGE = ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit")
#: Marks that can cover what stands on a page. Where one brings no drawing, each program draws it in its own way.
MARKS = ("/Square", "/Circle", "/Line", "/Polygon", "/PolyLine", "/Ink", "/Highlight", "/Underline", "/StrikeOut",
         "/Squiggly", "/FreeText", "/Stamp", "/Redact")  # fmt: skip
#: Flags of annotations and fields: not shown on a screen, and whose value is not to be read.
HIDDEN, NO_VIEW, PASSWORD = 1 << 1, 1 << 5, 1 << 13
DOCUMENT = {"/Author": "author", "/CreationDate": "taken", "/Creator": "device", "/Producer": "device"}
MOST_PAGES, DEEPEST = 3000, 50
#: Where in the drawing of a field its value stands, which is then drawn anew, and the frame round it stays.
VALUE = b"/Tx BMC"
#: What qpdf remarks on when it opens a file, and nothing is lost by: common slips of programs that write PDF.
SLIPS = re.compile("reported number of objects|extraneous whitespace seen before xref|xref stream itself is missing")


def copy_pdf(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return a copy of a PDF file without metadata, its media type, and what was found.

    The pages go into a new file: what an earlier version had, and no page uses any more, stays behind. Raises NoCopy
    where the file is locked or too long or had to be repaired, and errors of many kinds where it is damaged.
    """
    try:
        with Pdf.open(io.BytesIO(content)) as sealed, Pdf.new() as copy:
            if len(sealed.pages) > MOST_PAGES:
                raise NoCopy(f"It has more than {MOST_PAGES} pages.")
            refuse_repaired(sealed)
            found = [*found_versions(content, sealed), *found_in_pdf(sealed)]
            draw_annotations(sealed)
            for page in sealed.pages:
                for name in {*page.obj.keys()}.difference(OF_A_PAGE):
                    del page.obj[name]
            copy.pages.extend(sealed.pages)
            found += keep_what_is_drawn(copy, sealed)
            out = io.BytesIO()
            copy.save(out, deterministic_id=True)
            return out.getvalue(), "application/pdf", found
    except pikepdf.PasswordError as error:
        raise NoCopy("It is locked with a password.") from error


def refuse_repaired(pdf: Pdf) -> None:
    """Raise NoCopy where qpdf had to guess: what it puts together from a damaged file can lack pages and pictures."""
    list(pdf.objects)  # each is read now: a damaged one is remarked on when it is read
    if any(not SLIPS.search(remark) for remark in pdf.get_warnings()):
        raise NoCopy("It is damaged: a copy could lack some of what it shows.")


def keep_what_is_drawn(copy: Pdf, sealed: Pdf) -> list[Found]:
    """Leave of the pages what draws them; return what else there was. Raises NoCopy where it cannot be told."""
    parts = Parts(copy)
    for page in copy.pages:
        parts.keep_page(page.obj)
    refuse_repaired(copy)
    undrawn = sum(isinstance(each, Stream) and each.get("/Subtype") == Name.Image for each in sealed.objects)
    if (undrawn := undrawn - parts.pictures) > 0:
        parts.found.append(Found("left out", f"{undrawn} pictures that no page draws"))
    if parts.invisible:
        parts.found.append(Found("left out", "words that are drawn invisibly, such as what a scanner recognised"))
    return parts.found


def draw_annotations(pdf: Pdf) -> None:
    """Draw the marks on pages, and what is filled into forms, as parts of the pages: a black bar stays one.

    Raises NoCopy where a mark is left to the program that shows it: its copy would show what it covers.
    """
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        for mark in annotations:
            if kind_of(mark) in MARKS and is_shown(mark) and not is_drawn(mark):
                raise NoCopy("A mark on a page has no drawing of its own: print it into a new file, and capture that.")
        left_out = [each for each in annotations if kind_of(each) in ("", "/Popup") or is_password(each)]
        page.obj.Annots = pikepdf.Array([each for each in annotations if each not in left_out])
    if (pdf.Root.get("/AcroForm") or Dictionary()).get("/NeedAppearances", False):
        draw_fields(pdf)
    pdf.flatten_annotations("screen")


def draw_fields(pdf: Pdf) -> None:
    """Draw what is filled into forms, where a file leaves that to its reader, in place of what was drawn for it before.

    Raises NoCopy for letters beyond ASCII, in whose place there would be question marks.
    """
    for page in pdf.pages:
        for field in page.obj.get("/Annots") or []:
            value = inherited(field, "/V")
            if kind_of(field) != "/Widget" or str(inherited(field, "/FT")) not in ("/Tx", "/Ch") or value is None:
                continue
            if is_shown(field) and not str(value).isascii():
                raise NoCopy("What is filled into its form has no drawing of its own: print it into a new file.")
            drawing = (field.get("/AP") or Dictionary()).get("/N")
            if drawing is not None and not (isinstance(drawing, Stream) and VALUE in drawing.read_bytes()):
                del field["/AP"]
    pdf.generate_appearance_streams()


def is_shown(annotation: Any) -> bool:
    return not int(annotation.get("/F", 0)) & (HIDDEN | NO_VIEW)


def is_drawn(annotation: Any) -> bool:
    """Whether an annotation brings its drawing, of the state that it is in."""
    drawing = (annotation.get("/AP") or Dictionary()).get("/N")
    if isinstance(drawing, Dictionary):
        drawing = drawing.get(str(annotation.get("/AS", "")) or "/Off")
    return isinstance(drawing, Stream)


def is_password(field: Any) -> bool:
    """Whether what is filled into a field is a secret. Its flags may stand in what it is a part of."""
    return kind_of(field) == "/Widget" and bool(int(inherited(field, "/Ff") or 0) & PASSWORD)


def inherited(field: Any, name: str) -> Any:
    for _ in range(DEEPEST):
        if name in field:
            return field[name]
        field = field.get("/Parent")
        if not isinstance(field, Dictionary):
            break
    return None


def kind_of(annotation: Any) -> str:
    return str(annotation.get("/Subtype", "")) if isinstance(annotation, Dictionary) else ""


def found_versions(content: bytes, pdf: Pdf) -> Iterator[Found]:
    """Yield how many earlier versions a file holds: what is saved anew is written behind what was there."""
    earlier = content.count(b"%%EOF") - 1 - int(pdf.is_linearized)
    if earlier > 0:
        yield Found("earlier versions", str(earlier))


def found_in_pdf(pdf: Pdf) -> Iterator[Found]:
    """Yield what a file says of itself, and what it holds beside its pages."""
    for name, value in (pdf.trailer.get("/Info") or Dictionary()).items():
        yield Found(DOCUMENT.get(name, name.removeprefix("/").lower()), str(value))
    root = pdf.Root
    if isinstance(root.get("/Metadata"), Stream):
        yield from found_in_xmp(root.Metadata.read_bytes())
    for name in pdf.attachments:
        yield Found("attached file", name)
    if "/OCProperties" in root:
        yield Found("layers", "what they hide is to be seen in the copy")
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in (root.get("/Names") or Dictionary()):
        yield Found("script", "runs when the file is opened")
    draws_forms = bool((root.get("/AcroForm") or Dictionary()).get("/NeedAppearances", False))
    yield from found_on_pages(pdf)
    for page in pdf.pages:
        if "/Thumb" in page.obj:
            yield Found("thumbnail", "of a page as it once was")
        for annotation in page.obj.get("/Annots") or []:
            yield from found_in_annotation(annotation, draws_forms)


def found_on_pages(pdf: Pdf) -> Iterator[Found]:
    """Yield what nobody sees on the pages and stays in the copy: what is cropped, and what is covered."""
    cropped = sum(list(page.cropbox) != list(page.mediabox) for page in pdf.pages)
    if cropped:
        yield Found("still in the copy", f"what stands outside of the shown part, on {cropped} pages")
    marks = sum(
        kind_of(each) in MARKS and is_shown(each) for page in pdf.pages for each in page.obj.get("/Annots") or []
    )
    if marks:
        yield Found("still in the copy", f"words and pictures under what is drawn over them, such as {marks} marks")


def found_in_annotation(annotation: Any, draws_forms: bool) -> Iterator[Found]:
    """Yield what a comment, a signature or a field says. `draws_forms`: the file leaves that to its reader."""
    kind = kind_of(annotation)
    if kind in ("/Link", "/Popup", ""):
        return
    if kind == "/Widget":
        value = annotation.get("/V")
        if is_password(annotation):
            yield Found("left out", "a password in a form")
            return
        if annotation.get("/FT") == Name.Sig and isinstance(value, Dictionary):
            yield Found("author", f"signed by {value.get('/Name', 'somebody')}")
        elif value is not None and "/AP" not in annotation and not draws_forms:
            yield Found("left out", f"what is filled into a form, and drawn nowhere: {value}")
        return
    said = [str(annotation[name]) for name in ("/T", "/Contents") if name in annotation]
    yield Found("comment", ": ".join(said) or kind.removeprefix("/"))
