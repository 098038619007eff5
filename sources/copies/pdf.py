"""PDF files: what is in them beside their pages, and a copy that has what is drawn on the pages and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream, StreamDecodeLevel
from PIL import Image

from sources.copies.findings import Found, NoCopy, found_in_xmp
from sources.copies.jpeg import pixels_of_jpeg
from sources.copies.pictures import found_in_picture

#: What draws a page. Comments, links, forms, scripts, thumbnails and the times of pages are in other entries.
OF_A_PAGE = ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit")
#: Entries that any object may have, and that draw nothing (ISO 32000-2).
NOT_DRAWN = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF", "/OPI", "/StructParent", "/StructParents")
DOCUMENT = {"/Author": "author", "/CreationDate": "taken", "/Creator": "device", "/Producer": "device"}
MOST_PAGES = 3000
#: What qpdf remarks on when it opens a file, and nothing is lost by: common slips of programs that write PDF.
SLIPS = re.compile("reported number of objects|extraneous whitespace seen before xref|xref stream itself is missing")
#: The boxes of a JPEG 2000 picture that are the picture (ISO 15444-1, annex I); others hold XML and texts.
BOXES = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")


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
            draw_forms(sealed)
            for page in sealed.pages:
                keep_only(page.obj, OF_A_PAGE)
            copy.pages.extend(sealed.pages)
            found += strip_objects(copy)
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


def keep_only(entries: Object, names: tuple[str, ...]) -> None:
    for name in [name for name in entries.keys() if name not in names]:  # noqa: SIM118  (an Object is no dict)
        del entries[name]


def draw_forms(pdf: Pdf) -> None:
    """Draw what is filled into forms as a part of the page; drop comments and every other annotation."""
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, pikepdf.Array):
            page.obj.Annots = pikepdf.Array([each for each in annotations if kind_of(each) == "/Widget"])
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")


def kind_of(annotation: Any) -> str:
    return str(annotation.get("/Subtype", "")) if isinstance(annotation, Dictionary) else ""


def strip_objects(pdf: Pdf) -> list[Found]:
    """Take out of every object what draws nothing, and metadata out of the pictures. Returns what those held."""
    found: list[Found] = []
    for thing in pdf.objects:
        strip_entries(thing)
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.OCG:
            keep_only(thing, ("/Type",))
            thing.Name = pikepdf.String("layer")
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Image:
            found += strip_picture(thing)
    return found


def strip_entries(thing: Any) -> None:
    """Take out of an object, and of what is written inside it, the entries that draw nothing.

    What an object only names is an object of its own, and has its turn.
    """
    if isinstance(thing, pikepdf.Array):
        inner: list[Any] = list(thing)
    elif isinstance(thing, (Dictionary, Stream)):
        for name in NOT_DRAWN:
            if name in thing:
                del thing[name]
        inner = [thing[name] for name in thing.keys()]  # noqa: SIM118  (an Object is no dict)
    else:
        return
    for each in inner:
        if isinstance(each, Object) and not each.is_indirect:
            strip_entries(each)


def strip_picture(picture: Stream) -> list[Found]:
    """Take metadata out of a picture as it lies in the file; its pixels stay as they are, byte for byte."""
    filters = picture.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names[-1] not in ("/DCTDecode", "/JPXDecode"):
        return []
    if len(names) > 1:
        # Packed twice. As bare pixels it has no room for metadata.
        if names[-1] == "/JPXDecode":
            raise NoCopy("It holds a JPEG 2000 picture that is packed twice.")
        picture.write(picture.read_bytes(StreamDecodeLevel.all))
        return []
    content = picture.read_raw_bytes()
    if names == ["/JPXDecode"]:
        picture.write(pixels_of_jpeg_2000(content), filter=Name.JPXDecode)
        return []
    parameters: Any = picture.get("/DecodeParms")
    picture.write(pixels_of_jpeg(content), filter=Name.DCTDecode, decode_parms=parameters)
    return found_in_photograph(content)


def found_in_photograph(content: bytes) -> list[Found]:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "MPO")) as picture:
            return list(found_in_picture(picture))
    except Exception:  # its pixels are in the copy as they are; what is written beside them nobody can read
        return [Found("metadata", "in a photograph, which cannot be read")]


def pixels_of_jpeg_2000(content: bytes) -> bytes:
    """Return a JPEG 2000 picture with the boxes that are the picture. A bare codestream has none."""
    if not content.startswith(b"\0\0\0\x0cjP  "):
        return content
    kept, at = [], 0
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        end = at + size if size else len(content)
        if end < at + 8:
            raise NoCopy("A picture in it is damaged.")
        if kind in BOXES:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


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
    for page in pdf.pages:
        if "/Thumb" in page.obj:
            yield Found("thumbnail", "of a page as it once was")
        for annotation in page.obj.get("/Annots") or []:
            yield from found_in_annotation(annotation, draws_forms)


def found_in_annotation(annotation: Any, draws_forms: bool) -> Iterator[Found]:
    """Yield what a comment, a signature or a field says. `draws_forms`: the file leaves that to its reader."""
    kind = kind_of(annotation)
    if kind in ("/Link", "/Popup", ""):
        return
    if kind == "/Widget":
        value = annotation.get("/V")
        if annotation.get("/FT") == Name.Sig and isinstance(value, Dictionary):
            yield Found("author", f"signed by {value.get('/Name', 'somebody')}")
        elif value is not None and "/AP" not in annotation and not draws_forms:
            yield Found("left out", f"what is filled into a form, and drawn nowhere: {value}")
        return
    said = [str(annotation[name]) for name in ("/T", "/Contents") if name in annotation]
    yield Found("comment", ": ".join(said) or kind.removeprefix("/"))
