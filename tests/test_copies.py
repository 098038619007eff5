"""Copies without metadata: what is found in a file, that the copy has none of it, and that it shows the same."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sources.copies.__main__ import copied
from sources.copies.findings import LONGEST, MOST, Found, NoCopy, in_words
from sources.media_types import WORD
from tests import telling_files as files

Make = Callable[[], bytes]
PICTURES: dict[str, Make] = {
    "image/jpeg": files.photo_jpeg,
    "image/png": files.photo_png,
    "image/webp": files.photo_webp,
    "image/tiff": files.photo_tiff,
    "image/gif": files.photo_gif,
    "image/heic": files.HEIC.read_bytes,
}
TELLING: dict[str, Make] = PICTURES | {"application/pdf": files.paper_pdf, WORD: files.letter_docx}
PAGE = b"""<!doctype html><html><head><title>Held in Izmir</title><meta name="author" content="Ann">
<meta name="viewport" content="width=1"><!-- saved from url=(0021)https://example.org/a --><!-- SECRET remark -->
<style>p { color: SECRET }</style></head><body><script>alert("SECRET")</script><p>Idris was <b>held</b>.</p>
<form><input type="hidden" name="csrf" value="SECRET"></form><p>In Izmir.</p></body></html>"""


WHOLE = {kind: make() for kind, make in TELLING.items()} | {"text/html": PAGE}


def found_in(content: bytes, media_type: str) -> str:
    return in_words(copied(content, media_type)[2])


@pytest.mark.parametrize("media_type", TELLING)
def test_nothing_that_a_file_holds_beside_what_it_shows_is_in_its_copy(media_type: str) -> None:
    sealed = TELLING[media_type]()
    copy, _, found = copied(sealed, media_type)
    assert found
    told = files.unpacked(copy)
    assert b"SECRET" not in told
    for trace in (b"Exif", b"adobe:ns", b"xmpmeta", b"Photoshop", b"ICC_PROFILE", b"iCCP", b"Apple", b"python-docx"):
        assert trace not in told


@pytest.mark.parametrize("media_type", TELLING)
def test_the_same_file_gives_the_same_copy(media_type: str) -> None:
    sealed = TELLING[media_type]()
    assert copied(sealed, media_type)[0] == copied(sealed, media_type)[0]


# Pictures


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic"])
def test_a_picture_stands_upright_in_its_copy(media_type: str) -> None:
    """Each is to be turned by 90 degrees clockwise: the corner at the top on the left comes to the right."""
    copy, kind, _ = copied(PICTURES[media_type](), media_type)
    assert kind == ("image/jpeg" if media_type == "image/heic" else media_type)
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.size == (64, 96)
        assert not picture.getexif().get(274, 1) > 1
    assert files.where_blue(copy) == "top right"


#: By number in EXIF, where the corner at the top on the left comes to stand (CIPA DC-008, table of orientations).
CORNERS = {
    1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left",
    5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left",
}  # fmt: skip


@pytest.mark.parametrize(("orientation", "corner"), CORNERS.items())
def test_all_eight_ways_of_holding_a_camera(orientation: int, corner: str) -> None:
    copy, _, _ = copied(files.photo_jpeg(exif=files.exif(orientation)), "image/jpeg")
    assert files.where_blue(copy) == corner


def test_place_device_author_and_moment_are_found_first() -> None:
    lines = found_in(files.photo_jpeg(), "image/jpeg").splitlines()
    assert lines[0] == f"place: {files.PLACE}"
    assert lines[1] == "place: SECRET town"
    assert "taken: 2021:07:19 10:00:00" in lines
    assert "device: Apple iPhone SECRET" in lines
    assert "device: SECRET 4711" in lines
    assert {"author: SECRET of EXIF", "author: SECRET of XMP", "author: SECRET of IPTC"} <= set(lines)
    assert {"comment: SECRET remark", "UserComment: SECRET comment", "Software: SECRET editor"} <= set(lines)
    assert [line.partition(":")[0] for line in lines[:7]] == [
        "place",
        "place",
        "taken",
        *["device"] * 2,
        *["author"] * 2,
    ]


def test_a_place_in_the_south_and_west_is_counted_downwards() -> None:
    told = files.exif()
    place = told.get_ifd(0x8825)
    place[1], place[3] = "S", "W"
    assert found_in(files.photo_jpeg(exif=told), "image/jpeg").startswith("place: -39.92500, -32.85000")


def test_the_position_of_a_telephones_own_format_is_found() -> None:
    lines = found_in(files.HEIC.read_bytes(), "image/heic").splitlines()
    assert lines == [f"place: {files.PLACE}", "device: Apple iPhone 12", "author: Ann Example"]


def test_all_pages_of_a_scan_are_copied_in_order() -> None:
    copy, _, _ = copied(files.photo_tiff(), "image/tiff")
    with Image.open(io.BytesIO(copy)) as scan:
        assert scan.n_frames == 2  # type: ignore[attr-defined]
        scan.seek(1)
        second = files.saved(scan.convert("RGB"), "PNG")
    assert files.where_blue(second) == "bottom left"  # turned by 90 degrees, like the first


def test_a_picture_that_moves_still_moves() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    moving = files.saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300])
    with Image.open(io.BytesIO(copied(moving, "image/gif")[0])) as copy:
        assert copy.n_frames == 3  # type: ignore[attr-defined]
        copy.seek(1)
        assert copy.info["duration"] == 200


def test_what_was_cut_out_and_cannot_be_seen_is_not_in_the_copy() -> None:
    cut = files.corner("RGBA")
    cut.putalpha(0)
    cut.putpixel((90, 60), (1, 2, 3, 255))
    with Image.open(io.BytesIO(copied(files.saved(cut, "PNG"), "image/png")[0])) as copy:
        assert copy.getpixel((8, 8)) == (0, 0, 0, 0)
        assert copy.getpixel((90, 60)) == (1, 2, 3, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "YCbCr"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP", "GIF"])
def test_pictures_of_every_sort_of_colour_are_copied(mode: str, kind: str) -> None:
    picture = Image.new(mode, (30, 20))
    try:
        sealed = files.saved(picture, kind)
    except (OSError, ValueError):
        pytest.skip(f"There is no {kind} of this sort.")
    copy, _, _ = copied(sealed, f"image/{kind.lower()}")
    with Image.open(io.BytesIO(copy)) as opened:
        assert opened.size == (30, 20)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.photo_png()[:200], "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "damaged"),
        (files.photo_jpeg(), "damaged"),
    ],
    ids=["cut off", "only a beginning", "of another kind"],
)
def test_of_a_damaged_picture_there_is_no_copy(content: bytes, why: str) -> None:
    with pytest.raises(NoCopy, match=why):
        copied(content, "image/png")


# PDF files


def test_what_a_pdf_file_holds_is_found() -> None:
    lines = set(found_in(files.paper_pdf(), "application/pdf").splitlines())
    assert {"author: SECRET writer", "author: SECRET of XMP", "device: SECRET program"} <= lines
    assert {"comment: SECRET author: SECRET remark", "attached file: SECRET.txt"} <= lines
    assert {"script: runs when the file is opened", "thumbnail: of a page as it once was"} <= lines
    assert f"place: {files.PLACE}" in lines


def test_a_page_of_the_copy_draws_what_the_page_drew() -> None:
    copy, _, _ = copied(files.paper_pdf(), "application/pdf")
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        page = pdf.pages[0]
        drawn = b"".join(bytes(each) for each in files.streams_of(page))
        assert b"(Detained)" in drawn
        assert b"(Idris)" in files.unpacked(copy)
        photo = page.obj.Resources.XObject.Photo.read_raw_bytes()
        assert list(page.obj.MediaBox) == [0, 0, 200, 200]
    assert files.where_blue(photo) == "top left"  # a page turns its pictures itself
    with Image.open(io.BytesIO(photo)) as ours, Image.open(io.BytesIO(files.photo_jpeg())) as theirs:
        assert ours.convert("RGB").tobytes() == theirs.convert("RGB").tobytes()


def test_what_is_written_deep_inside_a_page_does_not_go_into_the_copy_either() -> None:
    pdf = files.paper()
    telling = pikepdf.Dictionary(Type=pikepdf.Name.OCG, Metadata=pdf.make_stream(files.XMP), PieceInfo="SECRET")
    deep = pikepdf.Dictionary(Inner=pikepdf.Array([pikepdf.Dictionary(LastModified="D:SECRET", Kept="yes")]))
    pdf.pages[0].obj.Resources.Properties = pikepdf.Dictionary(One=telling, Two=deep)
    out = io.BytesIO()
    pdf.save(out)
    told = files.unpacked(copied(out.getvalue(), "application/pdf")[0])
    assert b"SECRET" not in told
    assert b"(yes)" not in told


def test_an_earlier_version_does_not_go_into_the_copy() -> None:
    sealed = files.paper_of_two_versions()
    assert b"SECRET earlier words" in sealed
    copy, _, found = copied(sealed, "application/pdf")
    assert Found("earlier versions", "1") in found
    assert b"SECRET" not in files.unpacked(copy)


def test_a_page_that_inherits_its_size_keeps_it() -> None:
    pdf = files.paper()
    pdf.Root.Pages.MediaBox, pdf.Root.Pages.Rotate = pikepdf.Array([0, 0, 300, 400]), 90
    del pdf.pages[0].obj["/MediaBox"]
    out = io.BytesIO()
    pdf.save(out)
    copy, _, _ = copied(out.getvalue(), "application/pdf")
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert [int(number) for number in opened.pages[0].obj.MediaBox] == [0, 0, 300, 400]
        assert opened.pages[0].obj.Rotate == 90


def test_of_a_locked_file_there_is_no_copy() -> None:
    out = io.BytesIO()
    files.paper().save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(NoCopy, match="locked with a password"):
        copied(out.getvalue(), "application/pdf")


def test_of_a_damaged_pdf_file_there_is_no_copy() -> None:
    with pytest.raises(NoCopy, match="damaged"):
        copied(b"%PDF-1.7\n%\xe2\xe3", "application/pdf")


@pytest.mark.parametrize("size", [1000, 3000, 4000, len(WHOLE["application/pdf"]) - 10])
def test_of_a_pdf_file_that_was_cut_off_there_is_no_copy(size: int) -> None:
    """Its reader puts together what is left, and would give a page without its photograph for the whole."""
    with pytest.raises(NoCopy, match="damaged"):
        copied(WHOLE["application/pdf"][:size], "application/pdf")


def test_of_a_pdf_file_with_a_hole_there_is_no_copy() -> None:
    sealed = files.paper_pdf()
    hole = sealed.rindex(b" obj", 0, sealed.index(b"/DCTDecode"))  # the beginning of its photograph
    with pytest.raises(NoCopy, match="damaged"):
        copied(sealed[:hole] + bytes(20) + sealed[hole + 20 :], "application/pdf")


def test_a_pdf_file_with_a_slip_that_loses_nothing_is_copied() -> None:
    """Many programs count the objects of a file wrongly, or leave a blank line before their table."""
    out = io.BytesIO()
    files.paper().save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    sealed, count = re.subn(rb"/Size \d+", b"/Size 99", out.getvalue())
    assert count
    copy, _, _ = copied(sealed, "application/pdf")
    assert b"(Detained)" in files.unpacked(copy)


def test_what_is_filled_in_and_drawn_nowhere_is_named() -> None:
    pdf = files.paper()
    pdf.Root.AcroForm.NeedAppearances = False
    out = io.BytesIO()
    pdf.save(out)
    found = copied(out.getvalue(), "application/pdf")[2]
    assert Found("left out", "what is filled into a form, and drawn nowhere: Idris") in found


# Word documents


def test_what_a_word_document_holds_is_found() -> None:
    lines = set(found_in(files.letter_docx(), WORD).splitlines())
    assert {"author: SECRET author", "author: SECRET editor", "comment: SECRET Bea: SECRET comment"} <= lines
    # In the paragraph five changes, and the row.
    assert "author: SECRET Ann, 6 tracked changes" in lines
    assert "hidden text: SECRET hidden words" in lines
    assert "description of a picture: C:\\Users\\SECRET\\photo.jpg" in lines
    assert f"place: {files.PLACE} (in a picture)" in lines


def test_the_copy_of_a_letter_reads_as_the_letter_with_its_changes_accepted() -> None:
    copy, kind, _ = copied(files.letter_docx(), WORD)
    assert kind == WORD
    document = Document(io.BytesIO(copy))
    assert [paragraph.text for paragraph in document.paragraphs][:2] == [files.TRACKED_AS_SEEN, "A letter."]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["A row"]]
    assert document.sections[0].header.paragraphs[0].text == "A header"
    assert files.where_blue(picture_in(document)) == "top left"


def picture_in(document: Any) -> bytes:
    shape = document.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill.blip.embed
    return bytes(document.part.related_parts[shape].blob)


@pytest.mark.parametrize("turned", [None, 5_400_000], ids=["by nothing", "by its frame"])
@pytest.mark.parametrize("picture", [files.photo_jpeg, files.photo_png], ids=["JPEG", "PNG"])
def test_a_picture_in_a_document_looks_as_it_did(picture: Make, turned: int | None) -> None:
    """Word shows the pixels as they lie, in a frame that it may turn (in 60,000ths of a degree), and asks no EXIF."""
    document = Document()
    document.add_picture(io.BytesIO(picture()))
    shape = document.inline_shapes[0]
    if turned:
        shape._inline.graphic.graphicData.pic.spPr.get_or_add_xfrm().set("rot", str(turned))
    out = io.BytesIO()
    document.save(out)
    copy = Document(io.BytesIO(copied(out.getvalue(), WORD)[0]))
    shown = copy.inline_shapes[0]
    assert (shown.width, shown.height) == (shape.width, shape.height)
    assert shown._inline.graphic.graphicData.pic.spPr.xfrm.get("rot") == (str(turned) if turned else None)
    with Image.open(io.BytesIO(picture_in(copy))) as ours:
        assert (ours.size, ours.getexif().get(274)) == ((96, 64), None)
    assert files.where_blue(picture_in(copy)) == "top left"


def test_what_a_style_hides_is_to_be_seen_in_the_copy() -> None:
    """Whoever decides about the copy sees it then: of a style nobody knows where it is used."""
    document = Document()
    document.styles["Quote"].font.hidden = True
    document.add_paragraph("Hidden by its style", style="Quote")
    out = io.BytesIO()
    document.save(out)
    copy = Document(io.BytesIO(copied(out.getvalue(), WORD)[0]))
    assert copy.paragraphs[0].text == "Hidden by its style"
    assert b"vanish" in files.unpacked(out.getvalue())
    assert b"vanish" not in files.unpacked(copied(out.getvalue(), WORD)[0])


def test_the_parts_of_a_copy_are_those_that_draw_the_text() -> None:
    with zipfile.ZipFile(io.BytesIO(copied(files.letter_docx(), WORD)[0])) as package:
        names = set(package.namelist())
    kinds = {name.partition("/")[2].rstrip("0123456789.xmlpnjg") for name in names if name.startswith("word/")}
    assert not {name for name in names if "docProps" in name or "comments" in name or "settings" in name}
    assert {"document", "styles", "header"} <= kinds


@pytest.mark.parametrize("content", [b"PK\x03\x04", files.letter_docx()[:3000]], ids=["a beginning", "cut off"])
def test_of_a_damaged_document_there_is_no_copy(content: bytes) -> None:
    with pytest.raises(NoCopy, match="damaged"):
        copied(content, WORD)


# Web pages


def test_the_copy_of_a_page_is_its_text() -> None:
    copy, kind, found = copied(PAGE, "text/html")
    assert kind == "text/plain"
    assert copy.decode() == "Held in Izmir\n\nIdris was held.\n\nIn Izmir.\n"
    assert in_words(found).splitlines() == [
        "author: Ann",
        "saved from: https://example.org/a",
        "comments in the page's source: 1",
        "hidden fields: 1, such as the keys of a session",
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>يىدىرىس ھەسەن</p>".encode(), "يىدىرىس ھەسەن"),
        ("\ufeff<html><p>İdris</p>".encode(), "İdris"),
        ('<meta charset="windows-1254"><p>İdris</p>'.encode("windows-1254"), "İdris"),
        ('<meta charset="gb18030"><p>伊德里斯</p>'.encode("gb18030"), "伊德里斯"),
    ],
    ids=["Uyghur in UTF-8, not said", "UTF-8 with its mark", "Turkish", "Chinese"],
)
def test_pages_in_the_scripts_of_the_field_are_read_right(page: bytes, text: str) -> None:
    assert copied(page, "text/html")[0].decode() == f"{text}\n"


def test_the_page_in_a_saved_archive_is_read() -> None:
    archive = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/b\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C4=B0dris</p>\r\n--B--\r\n"
    )
    copy, kind, found = copied(archive, "multipart/related")
    assert (copy.decode(), kind) == ("İdris\n", "text/plain")
    assert Found("snapshot-content-location", "https://example.org/b") in found


def test_of_a_page_without_words_and_of_a_crawl_there_is_no_copy() -> None:
    with pytest.raises(NoCopy, match="no text"):
        copied(b"<html><script>draw()</script></html>", "text/html")
    with pytest.raises(NoCopy, match="application/warc"):
        copied(b"WARC/1.1\r\n", "application/warc")


@given(data=st.data(), kind=st.sampled_from(sorted({*TELLING, "text/html"})))
@settings(max_examples=60, deadline=None)
def test_a_file_with_any_bytes_changed_is_copied_or_there_is_a_reason_why_not(data: st.DataObject, kind: str) -> None:
    content = bytearray(WHOLE[kind])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] ^= data.draw(st.integers(1, 255))
    try:
        copy, media_type, _ = copied(bytes(content), kind)
    except NoCopy as problem:
        assert str(problem).endswith(".")
    else:
        assert copy and media_type


# What was found, in words


def test_what_is_left_out_of_what_was_found_is_counted() -> None:
    lines = in_words(Found("comment", f"number {n}") for n in range(MOST + 5)).splitlines()
    assert len(lines) == MOST + 1
    assert lines[-1] == "and 5 more"


def test_words_that_were_found_fill_one_line_of_a_bounded_length() -> None:
    assert in_words([Found("comment", "one\ntwo\0 three"), Found("comment", " "), Found("author", "Ann")]) == (
        "author: Ann\ncomment: one two three"
    )
    assert in_words([Found("author", "half a sign: \ud83d")]) == "author: half a sign: ?"  # which no database takes
    assert len(in_words([Found("comment", "x" * 5000)])) == LONGEST + len("comment: ")
