"""Files that tell more than they show, made for tests. Whatever must not be in a copy bears the word SECRET.

`files/photo.heic` was made by hand as a telephone makes one: 96 x 64 points, red with a blue corner at the top on the
left, to be turned by 90 degrees, which it says twice (in EXIF, and in its own box `irot`), with a place and a device.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

SECRET = "SECRET"
HEIC = Path(__file__).parent / "files" / "photo.heic"
#: 39° 55' 30" north, 32° 51' east.
PLACE = "39.92500, 32.85000"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>SECRET of XMP</rdf:li>'
    b"</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)
#: IPTC (IIM): record 2, field 80 is the author, 90 the town.
IPTC = b"\x1c\x02\x50\x00\x0eSECRET of IPTC\x1c\x02\x5a\x00\x0bSECRET town"


def corner(mode: str = "RGB") -> Image.Image:
    """Return a red picture, 96 x 64, with a blue square at the top on the left."""
    picture = Image.new("RGB", (96, 64), (200, 30, 30))
    picture.paste((0, 0, 255), (0, 0, 32, 32))
    return picture.convert(mode)


def where_blue(content: bytes) -> str:
    """Return in which corner of a picture the blue square stands."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    right, bottom = picture.width - 8, picture.height - 8
    points = {"top left": (8, 8), "top right": (right, 8), "bottom left": (8, bottom), "bottom right": (right, bottom)}
    colours: dict[str, Any] = {name: picture.getpixel(point) for name, point in points.items()}
    return " and ".join(name for name, (red, _, blue) in colours.items() if blue > 150 > red)


def exif(orientation: int = 6) -> Image.Exif:
    told = Image.Exif()
    told[Base.Orientation] = orientation
    told[Base.Make], told[Base.Model] = "Apple", "iPhone SECRET"
    told[Base.Artist], told[Base.Software] = "SECRET of EXIF", "SECRET editor"
    told[Base.DateTime] = "2021:07:19 10:00:00"
    inner = told.get_ifd(IFD.Exif)
    inner[Base.BodySerialNumber], inner[Base.UserComment] = "SECRET 4711", b"ASCII\0\0\0SECRET comment"
    place = told.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (39.0, 55.0, 30.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (32.0, 51.0, 0.0)
    return told


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo_jpeg(**options: Any) -> bytes:
    """A photograph with EXIF, XMP, IPTC, a comment, a colour profile, and a second one hung behind it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(
        corner(), "JPEG", **{"exif": exif(), "xmp": XMP, "comment": b"SECRET remark", "icc_profile": profile} | options
    )
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(IPTC).to_bytes(4, "big") + IPTC + b"\0" * (len(IPTC) % 2)
    segment = b"\xff\xed" + (len(photoshop) + 2).to_bytes(2, "big") + photoshop
    end = 4 + int.from_bytes(content[4:6], "big")  # of JFIF, which some readers want to stand first
    return content[:end] + segment + content[end:] + b"SECRET film behind the end"


def photo_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "SECRET of PNG")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(corner(), "PNG", pnginfo=texts, exif=exif()) + b"SECRET behind the end"


def photo_webp() -> bytes:
    return saved(corner(), "WEBP", lossless=True, exif=exif(), xmp=XMP)


def photo_gif() -> bytes:
    return saved(corner(), "GIF", comment=b"SECRET of GIF")


def photo_tiff() -> bytes:
    """A scan of two pages, the second with the square at the bottom."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[Base.Artist], tags[Base.ImageDescription] = "SECRET of TIFF", "SECRET scan"
    tags[Base.Orientation] = 6
    tags[700] = XMP
    second = corner().rotate(180)
    return saved(corner(), "TIFF", tiffinfo=tags, save_all=True, append_images=[second])


def paper(**of_page: Any) -> Pdf:
    """A PDF file of one page with a photograph, a form, comments, a thumbnail and all that its makers write into it."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    photo = pdf.make_stream(
        photo_jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=96, Height=64, ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8, Filter=Name.DCTDecode, Metadata=pdf.make_stream(XMP),
    )  # fmt: skip
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(XObject=Dictionary(Photo=photo), Font=Dictionary(F=font))
    page.obj.Contents = pdf.make_stream(b"q 96 0 0 64 10 10 cm /Photo Do Q BT /F 12 Tf 10 150 Td (Detained) Tj ET")
    page.obj.PieceInfo = Dictionary(Word=Dictionary(Private=String("SECRET piece")))
    page.obj.LastModified = String("D:20210719SECRET")
    page.obj.Thumb = pdf.make_stream(b"SECRET thumbnail")
    place = Array([10, 100, 90, 120])
    page.obj.Annots = pdf.make_indirect(
        Array([
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, T=String("SECRET author"),
                                         Contents=String("SECRET remark"), Rect=place)),
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("SECRET field"),
                                         V=String("Idris"), DA=String("/F 12 Tf"), Rect=place)),
        ])
    )  # fmt: skip
    fields = Array([page.obj.Annots[1]])
    pdf.Root.AcroForm = Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(F=font)), NeedAppearances=True)
    pdf.Root.Metadata = pdf.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('SECRET')"))
    pdf.docinfo["/Author"], pdf.docinfo["/Producer"] = "SECRET writer", "SECRET program"
    pdf.attachments["SECRET.txt"] = pikepdf.AttachedFileSpec(pdf, b"SECRET attachment", filename="SECRET.txt")
    for name, value in of_page.items():
        page.obj[f"/{name}"] = value
    return pdf


def paper_pdf(**of_page: Any) -> bytes:
    out = io.BytesIO()
    paper(**of_page).save(out)
    return out.getvalue()


def paper_of_two_versions() -> bytes:
    """A PDF file to which a second version was added: the first one's words are still in it, drawn by no page."""
    pdf = Pdf.new()
    pdf.add_blank_page()
    earlier = pdf.make_indirect(pdf.make_stream(b"BT (SECRET earlier words) Tj ET"))
    pdf.pages[0].obj.Contents = earlier
    out = io.BytesIO()
    pdf.save(out, static_id=True, compress_streams=False)
    first = out.getvalue()
    page, start = pdf.pages[0].obj.objgen[0], first.rindex(b"startxref") + 10
    with Pdf.open(io.BytesIO(first)) as opened:
        page = opened.pages[0].obj.objgen[0]
        root, size = opened.Root.objgen[0], int(opened.trailer.Size)
        parent = opened.pages[0].obj.Parent.objgen[0]
    place = len(first)
    changed = f"{page} 0 obj\n<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 200 200]/Resources<<>>>>\nendobj\n".encode()
    table = f"xref\n{page} 1\n{place:010} 00000 n \n".encode()
    before = int(first[start:].split()[0])
    trailer = f"trailer\n<</Size {size}/Root {root} 0 R/Prev {before}>>\nstartxref\n{place + len(changed)}\n%%EOF\n"
    return first + changed + table + trailer.encode()


#: A paragraph in which Ann put in and took out words, moved some, hid others, commented, and let a field name her.
TRACKED = (
    f'<w:p {nsdecls("w")} w:rsidR="00SECRET"><w:r><w:t xml:space="preserve">Held </w:t></w:r>'
    '<w:ins w:id="1" w:author="SECRET Ann" w:date="2021-07-19T10:00:00Z"><w:r><w:t>in Izmir</w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="SECRET Ann"><w:r><w:delText>SECRET town</w:delText></w:r></w:del>'
    '<w:moveFrom w:id="3" w:author="SECRET Ann"><w:r><w:t>SECRET former place</w:t></w:r></w:moveFrom>'
    '<w:moveTo w:id="4" w:author="SECRET Ann"><w:r><w:t xml:space="preserve"> since July</w:t></w:r></w:moveTo>'
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET hidden words</w:t></w:r>"
    '<w:r><w:rPr><w:b/><w:rPrChange w:id="5" w:author="SECRET Ann"><w:rPr/></w:rPrChange></w:rPr><w:t>.</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>FILENAME \\p SECRET</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t xml:space="preserve"> Shown.</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    "</w:p>"
)
#: What a reader of it sees when the changes are accepted.
TRACKED_AS_SEEN = "Held in Izmir since July. Shown.1"
#: A row of a table that Ann took out.
ROW_TAKEN_OUT = (
    f'<w:tr {nsdecls("w")}><w:trPr><w:del w:id="9" w:author="SECRET Ann"/></w:trPr>'
    "<w:tc><w:p><w:r><w:t>SECRET row</w:t></w:r></w:p></w:tc></w:tr>"
)


def letter_docx() -> bytes:
    """A Word document with tracked changes, a comment, a photograph, properties and the traces that Word leaves."""
    document = Document()
    document.core_properties.author = "SECRET author"
    document.core_properties.last_modified_by = "SECRET editor"
    paragraph = document.add_paragraph("A letter.")
    document.add_comment(paragraph.runs, text="SECRET comment", author="SECRET Bea", initials="SB")
    document.element.body.insert(0, parse_xml(TRACKED))
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "A row"
    table._tbl.append(parse_xml(ROW_TAKEN_OUT))
    document.add_picture(io.BytesIO(photo_jpeg()))
    shown = document.inline_shapes[0]._inline
    shown.docPr.set("descr", "C:\\Users\\SECRET\\photo.jpg")
    shown.docPr.set("name", "SECRET name")
    document.sections[0].header.paragraphs[0].text = "A header"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def unpacked(content: bytes) -> bytes:
    """Return everything that a copy holds, unpacked: parts of a package, streams of a PDF file, the text as it is."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return b"\n".join([*(name.encode() for name in package.namelist()), *map(package.read, package.namelist())])
    if content.startswith(b"%PDF"):
        out = io.BytesIO()
        with Pdf.open(io.BytesIO(content)) as pdf:
            pdf.save(
                out,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )
        return out.getvalue()
    return content


def streams_of(page: Any) -> list[bytes]:
    """Return what a page of a PDF file is drawn by."""
    contents = page.obj.Contents
    return [each.read_bytes() for each in contents] if isinstance(contents, Array) else [contents.read_bytes()]
