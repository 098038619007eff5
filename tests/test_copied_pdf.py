"""Copies of PDF files: what their pages draw, and nothing that no page draws or programs wrote beside it."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from sources.copies.__main__ import copied
from sources.copies.findings import NoCopy, in_words
from tests import telling_files as files

NAME = b"BT /F 20 Tf 20 100 Td (Idris) Tj ET"


def font(**entries: Any) -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, **entries)


def paper(contents: bytes = b"", **resources: Any) -> Pdf:
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    page.obj.Contents = pdf.make_stream(contents)
    page.obj.Resources = Dictionary(Font=Dictionary(F=font()), **resources)
    return pdf


def picture(pdf: Pdf, content: bytes, way: Any = Name.DCTDecode, **entries: Any) -> Any:
    told = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Width": 96, "Height": 64, "Filter": way} | entries
    return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Image, **told)


def shown(contents: bytes = b"/I Do", **entries: Any) -> Pdf:
    """A file that shows one picture; `entries` are of that."""
    pdf = paper(contents)
    given = {"content": files.photo_jpeg()} | entries
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=picture(pdf, **given))
    return pdf


def bytes_of(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def copy_of(pdf: Pdf) -> bytes:
    return files.unpacked(copied(bytes_of(pdf), "application/pdf")[0])


def found_in(pdf: Pdf) -> list[str]:
    return in_words(copied(bytes_of(pdf), "application/pdf")[2]).splitlines()


def test_what_stood_on_a_page_that_was_taken_out_is_not_in_the_copy() -> None:
    """Pages share their resources; a page that is deleted leaves its photograph and its words there."""
    pdf = shown(b"/I Do")
    resources = pdf.make_indirect(pdf.pages[0].obj.Resources)
    resources.XObject.Gone = picture(pdf, files.photo_jpeg(comment=b"SECRET of the page that is gone"))
    resources.XObject.Words = pdf.make_stream(
        b"BT /F 12 Tf (SECRET words) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200])
    )
    pdf.pages[0].obj.Resources = resources
    second = pdf.add_blank_page(page_size=(200, 200))
    second.obj.Resources, second.obj.Contents = resources, pdf.make_stream(b"/Gone Do /Words Do")
    assert b"SECRET words" in copy_of(pdf)
    del pdf.pages[1]
    assert b"SECRET" not in copy_of(pdf)
    assert "left out: 1 pictures that no page draws" in found_in(pdf)


def test_each_page_keeps_what_it_draws_where_pages_share_resources() -> None:
    pdf = shown(b"/I Do /Form Do")
    resources = pdf.make_indirect(pdf.pages[0].obj.Resources)
    resources.XObject.Form = pdf.make_stream(NAME, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    pdf.pages[0].obj.Resources = resources
    second = pdf.add_blank_page(page_size=(200, 200))
    second.obj.Resources, second.obj.Contents = resources, pdf.make_stream(NAME.replace(b"Idris", b"Bahram"))
    with pikepdf.open(io.BytesIO(copied(bytes_of(pdf), "application/pdf")[0])) as copy:
        first, other = (page.obj.Resources for page in copy.pages)
        assert (set(first.keys()), set(first.XObject.keys())) == ({"/XObject"}, {"/I", "/Form"})
        assert first.XObject.Form.Resources.Font.F.BaseFont == Name.Helvetica
        assert set(other.keys()) == {"/Font"}


def test_entries_that_draw_nothing_are_not_in_the_copy_however_deep_they_stand() -> None:
    pdf = shown(
        b"% SECRET remark\n/Span <</ActualText (SECRET)>> BDC /I Do EMC (SECRET) 1 w /G gs BX /SECRET zz EX " + NAME,
        Author=String("SECRET"), Alternates=Array([Dictionary(Image=1, Note=String("SECRET"))]),
        Measure=Dictionary(X=String("SECRET")), PtData=Dictionary(X=String("SECRET")), Name=Name("/SECRET"),
    )  # fmt: skip
    page = pdf.pages[0].obj
    profile = pdf.make_stream(b"SECRET profile" * 9, N=3)
    page.Resources.XObject.I.ColorSpace = Array([Name.ICCBased, profile])
    page.Resources.SECRET = String("SECRET")
    page.Resources.ExtGState = Dictionary(G=Dictionary(Type=Name.ExtGState, CA=0.5, Note=String("SECRET")))
    page.Resources.Properties = Dictionary(P=Dictionary(Title=String("SECRET")))
    page.Resources.Font.F = font(Note=String("SECRET"), Name=Name.SECRET)
    page.Group = Dictionary(S=Name.Transparency, Private=String("SECRET"))
    told = copy_of(pdf)
    assert b"SECRET" not in told
    for drawn in (b"/I Do", b"/G gs", b"(Idris) Tj", b"/CA .5", b"/DeviceRGB", b"/Transparency", b"/Helvetica"):
        assert drawn in told or drawn.replace(b".5", b"0.5") in told


POINTS = bytes(96 * 64 * 3)


@pytest.mark.parametrize(
    "entries",
    [
        {"content": zlib.compress(POINTS) + b"SECRET", "way": Name.FlateDecode},
        {"content": zlib.compress(POINTS + b"SECRET"), "way": Name.FlateDecode},
        {"content": POINTS + b"SECRET", "way": Array([])},
        {"way": Name.DCT},
        {"way": Array([Name.FlateDecode, Name.DCTDecode]), "content": zlib.compress(files.photo_jpeg())},
        {"is_mask": True},
    ],
    ids=["behind packed data", "behind the last point", "behind points", "a short name", "packed twice", "a mask"],
)
def test_nothing_hangs_behind_the_points_of_a_picture_however_it_is_packed(entries: dict[str, Any]) -> None:
    pdf = shown(**{name: value for name, value in entries.items() if name != "is_mask"})
    if "is_mask" in entries:
        pdf.pages[0].obj.Resources.XObject.I.SMask = picture(pdf, files.photo_jpeg())
    copy = copied(bytes_of(pdf), "application/pdf")[0]
    assert b"SECRET" not in copy + files.unpacked(copy)
    assert b"/Subtype /Image" in copy


@pytest.mark.parametrize(
    "entries", [
        {"Subtype": Name.PS},
        {"content": files.photo_jpeg()[:-60]},
        {"way": Name.Own},
        {"way": Array([])},
        {"content": files.photo_jpeg().replace(b"\xff\xe1", b"\xff\xc7")},
        {"content": files.photo_jpeg().replace(b"\xff\xe1", b"\xff\xc4")},
    ],
    ids=["no kind", "cut off", "unknown packing", "a photograph as points", "a false frame", "a false table"],
)  # fmt: skip
def test_of_what_is_drawn_and_not_understood_there_is_no_copy(entries: dict[str, Any]) -> None:
    pdf = shown(**{name: value for name, value in entries.items() if name != "Subtype"})
    if "Subtype" in entries:
        del pdf.pages[0].obj.Resources.XObject.I["/Subtype"]
    with pytest.raises(NoCopy):
        copied(bytes_of(pdf), "application/pdf")


def test_a_picture_written_into_the_drawing_itself_is_stripped_too() -> None:
    inline = b"q BI /W 96 /H 64 /BPC 8 /CS /RGB /F /DCT ID " + files.photo_jpeg() + b" EI Q " + NAME
    copy = copied(bytes_of(paper(inline)), "application/pdf")[0]
    assert b"SECRET" not in files.unpacked(copy)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        (photo,) = pdf.pages[0].obj.Resources.XObject.values()
        assert files.where_blue(photo.read_raw_bytes()) == "top left"


def test_a_picture_in_the_drawing_keeps_its_points_and_one_that_breaks_off_is_damaged() -> None:
    inline = b"BI /W 2 /H 2 /CS /G /BPC 8 ID abcd%s EI " + NAME
    copy = copied(bytes_of(paper(inline % b" SECRET")), "application/pdf")[0]
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        (points,) = pdf.pages[0].obj.Resources.XObject.values()
        assert (points.read_bytes(), points.ColorSpace) == (b"abcd", Name.DeviceGray)
    with pytest.raises(NoCopy, match="damaged"):  # the letters EI stand in its points, and it seems to end there
        copied(bytes_of(paper(b"BI /W 4 /H 4 /CS /G /BPC 8 ID abc EI efghijklmn EI")), "application/pdf")


def jpeg_2000() -> bytes:
    """A JPEG 2000 picture with a comment in its codes, and a box of its own in its header."""
    content = files.saved(files.corner(), "JPEG2000")
    header = content.index(b"jp2h")
    size = int.from_bytes(content[header - 4 : header], "big")
    box = b"\0\0\0\x1euuid" + bytes(16) + b"SECRET"
    content = (
        content[: header - 4]
        + (size + len(box)).to_bytes(4, "big")
        + content[header : header - 4 + size]
        + box
        + (content[header - 4 + size :])
    )
    codes = content.index(b"jp2c") + 4
    first = codes + 4 + int.from_bytes(content[codes + 4 : codes + 6], "big")
    comment = b"\xff\x64\0\x0a\0\x01SECRET"
    size = int.from_bytes(content[codes - 8 : codes - 4], "big")
    size = (size + len(comment)) if size else 0
    return content[: codes - 8] + size.to_bytes(4, "big") + b"jp2c" + content[codes:first] + comment + content[first:]


def test_nothing_is_written_beside_a_jpeg_2000_picture() -> None:
    sealed = jpeg_2000()
    assert sealed.count(b"SECRET") == 2
    copy = copied(bytes_of(shown(content=sealed, way=Name.JPXDecode)), "application/pdf")[0]
    assert b"SECRET" not in copy
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        kept = pdf.pages[0].obj.Resources.XObject.I.read_raw_bytes()
    with Image.open(io.BytesIO(kept)) as ours, Image.open(io.BytesIO(sealed)) as theirs:
        assert ours.tobytes() == theirs.tobytes()


def bar(pdf: Pdf, kind: str, **entries: Any) -> Any:
    """Lay a mark over a page."""
    mark = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 200, 200]), F=4, **entries)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])
    return pdf


def test_a_name_under_a_black_bar_stays_covered_and_is_said_to_be_there() -> None:
    pdf = paper(NAME)
    black = pdf.make_stream(
        b"0 g 10 90 180 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200])
    )
    bar(pdf, "Square", AP=Dictionary(N=black), Contents=String("SECRET remark"), T=String("SECRET author"))
    told = copy_of(pdf)
    assert b"10 90 180 30 re" in told
    assert b"SECRET" not in told
    with pikepdf.open(io.BytesIO(copied(bytes_of(pdf), "application/pdf")[0])) as copy:
        drawn = b"".join(files.streams_of(copy.pages[0]))
        assert drawn.index(b"Idris") < drawn.rindex(b" Do")  # the bar is drawn over the name
    assert "still in the copy: words and pictures under what is drawn over them, such as 1 marks" in found_in(pdf)


@pytest.mark.parametrize("kind", ["Square", "Redact", "FreeText", "Highlight"])
def test_of_a_file_whose_marks_each_reader_draws_in_its_own_way_there_is_no_copy(kind: str) -> None:
    with pytest.raises(NoCopy, match="print it into a new file"):
        copied(bytes_of(bar(paper(NAME), kind, IC=Array([0, 0, 0]))), "application/pdf")


def test_words_that_nobody_sees_are_left_out_and_those_outside_of_the_page_are_named() -> None:
    pdf = paper(b"q BT 3 Tr /F 12 Tf 1 0 0 1 5 5 Tm (SECRET) Tj (SECRET) ' 1 1 (SECRET) \" ET Q " + NAME)
    assert b"SECRET" not in copy_of(pdf)
    assert b"(Idris) Tj" in copy_of(pdf)
    assert "left out: words that are drawn invisibly, such as what a scanner recognised" in found_in(pdf)
    pdf.pages[0].obj.CropBox = Array([0, 0, 200, 90])
    assert "still in the copy: what stands outside of the shown part, on 1 pages" in found_in(pdf)
    with pytest.raises(NoCopy, match="invisibly"):  # without them, the others would stand elsewhere
        copied(bytes_of(paper(b"BT /F 9 Tf 3 Tr (a) Tj 0 Tr (b) Tj ET")), "application/pdf")


@pytest.mark.parametrize("leaves_it", [True, False])
def test_a_password_in_a_form_is_not_drawn(leaves_it: bool) -> None:
    pdf = paper(NAME)
    field = {"FT": Name.Tx, "T": String("a"), "DA": String("/F 12 Tf"), "V": String("SECRET"), "Ff": 1 << 13}
    bar(pdf, "Widget", **field)
    fields = Array([pdf.pages[0].obj.Annots[0]])
    pdf.Root.AcroForm = Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(F=font())), NeedAppearances=leaves_it)
    assert b"SECRET" not in copy_of(pdf)
    assert found_in(pdf) == ["left out: a password in a form"]


def test_the_frame_of_a_field_stays_where_its_value_is_drawn_anew() -> None:
    pdf = paper()
    former = pdf.make_stream(
        b"1 1 77 17 re s /Tx BMC BT /F 12 Tf (SECRET) Tj ET EMC", Type=Name.XObject, Subtype=Name.Form
    )
    former.BBox = Array([0, 0, 9, 9])
    bar(pdf, "Widget", FT=Name.Tx, DA=String("/F 12 Tf"), V=String("Idris"), T=String("a"), AP=Dictionary(N=former))
    fields = Array([pdf.pages[0].obj.Annots[0]])
    pdf.Root.AcroForm = Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(F=font())), NeedAppearances=True)
    told = copy_of(pdf)
    assert b"1 1 77 17 re" in told and b"(Idris)" in told
    assert b"SECRET" not in told


@pytest.mark.parametrize(("value", "is_copied"), [("Idris", True), ("İdris", False)])
def test_what_is_filled_in_is_drawn_with_its_own_letters_or_not_at_all(value: str, is_copied: bool) -> None:
    pdf = paper()
    former = pdf.make_stream(
        b"BT /F 12 Tf (SECRET) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
    )
    field = {"FT": Name.Tx, "T": String("a"), "DA": String("/F 12 Tf"), "V": String(value), "AP": Dictionary(N=former)}
    bar(pdf, "Widget", **field)
    fields = Array([pdf.pages[0].obj.Annots[0]])
    pdf.Root.AcroForm = Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(F=font())), NeedAppearances=True)
    if is_copied:
        assert b"(Idris)" in copy_of(pdf)
        assert b"SECRET" not in copy_of(pdf)
    else:
        with pytest.raises(NoCopy, match="print it into a new file"):
            copy_of(pdf)


def test_a_property_whose_name_is_no_text_is_told_all_the_same() -> None:
    sealed = paper(NAME)
    sealed.trailer.Info = sealed.make_indirect(Dictionary({"/QQQQ": String("a"), f"/{'L' * 5000}": String("b")}))
    out = io.BytesIO()
    sealed.save(out, static_id=True)
    told = in_words(copied(out.getvalue().replace(b"/QQQQ", b"/Q#ff"), "application/pdf")[2])
    assert told.encode().count(b"\n") == 1
    assert len(told) < 300
