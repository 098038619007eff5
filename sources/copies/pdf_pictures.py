"""Pictures in PDF files: their data without metadata and without what hangs behind it. Its pixels stay."""

from __future__ import annotations

import io
import zlib
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, StreamDecodeLevel
from PIL import Image

from sources.copies.findings import Found, NoCopy
from sources.copies.jpeg import pixels_of_jpeg
from sources.copies.jpeg_2000 import pixels_of_jpeg_2000
from sources.copies.pictures import found_in_picture

#: What packs any data, with the short names that some programs write, and what packs pictures alone.
PACKED = {
    "/FlateDecode": "/FlateDecode", "/Fl": "/FlateDecode", "/LZWDecode": "/LZWDecode", "/LZW": "/LZWDecode",
    "/ASCII85Decode": "/ASCII85Decode", "/A85": "/ASCII85Decode", "/ASCIIHexDecode": "/ASCIIHexDecode",
    "/AHx": "/ASCIIHexDecode", "/RunLengthDecode": "/RunLengthDecode", "/RL": "/RunLengthDecode",
}  # fmt: skip
CODED = {
    "/DCTDecode": "/DCTDecode", "/DCT": "/DCTDecode", "/JPXDecode": "/JPXDecode",
    "/CCITTFaxDecode": "/CCITTFaxDecode", "/CCF": "/CCITTFaxDecode", "/JBIG2Decode": "/JBIG2Decode",
}  # fmt: skip
#: What tells a reader how to unpack (ISO 32000-2, tables 8 to 13).
PARAMETERS = (
    "/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/K", "/EndOfLine", "/EncodedByteAlign",
    "/Rows", "/EndOfBlock", "/BlackIs1", "/DamagedRowsBeforeError", "/ColorTransform",
)  # fmt: skip
#: Predictors of PNG write a byte before each line.
PNG_PREDICTORS = 10


def strip_picture(pdf: Pdf, picture: Any, components: int) -> list[Found]:
    """Take out of a picture's data what is not the picture, and return what it held. `components` of a point.

    Raises NoCopy where it is packed in a way that is not known, or damaged.
    """
    filters, parameters = list_of(picture, "/Filter"), list_of(picture, "/DecodeParms")
    names = [PACKED.get(str(each)) or CODED.get(str(each), "") for each in filters]
    if not all(names) or any(name in CODED for name in names[:-1]):
        raise NoCopy("It holds a picture that is packed in a way that is not known.")
    parameters += [None] * (len(names) - len(parameters))
    if not names or names[-1] not in CODED:
        strip_points(pdf, picture, names, parameters, components)
        return []
    content = unpacked(pdf, picture.read_raw_bytes(), names[:-1], parameters[:-1])
    name, how = names[-1], parameters_of(pdf, parameters[-1])
    found: list[Found] = []
    if name == "/DCTDecode":
        found, content = found_in_photograph(content), pixels_of_jpeg(content)
    elif name == "/JPXDecode":
        content = pixels_of_jpeg_2000(content)
    picture.write(content, filter=Name(name), decode_parms=how)
    return found


def list_of(stream: Any, name: str) -> list[Any]:
    value = stream.get(name)
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def parameters_of(pdf: Pdf, parameters: Any) -> Dictionary | None:
    """Return what is needed to unpack: numbers, and the signs that fax pictures share."""
    if not isinstance(parameters, Dictionary):
        return None
    kept = Dictionary({name: parameters[name] for name in PARAMETERS if isinstance(parameters.get(name), (int, bool))})
    shared = parameters.get("/JBIG2Globals")
    if isinstance(shared, Stream):
        kept["/JBIG2Globals"] = pdf.make_stream(shared.read_bytes())
    return kept


def unpacked(pdf: Pdf, content: bytes, names: list[str], parameters: list[Any]) -> bytes:
    """Return data without the packing that lies round a coded picture."""
    if not names:
        return content
    around = Stream(pdf, b"")
    how = Array([parameters_of(pdf, each) for each in parameters])
    around.write(content, filter=Array([Name(name) for name in names]), decode_parms=how)
    return around.read_bytes(StreamDecodeLevel.specialized)


def strip_points(pdf: Pdf, picture: Any, names: list[str], parameters: list[Any], components: int) -> None:
    """Cut what stands behind the last point of a picture that is written point by point."""
    bits = 1 if picture.get("/ImageMask", False) else int(picture.get("/BitsPerComponent", 8))
    line, height = (int(picture.Width) * bits * components + 7) // 8, int(picture.Height)
    if names == ["/FlateDecode"] and is_whole(picture.read_raw_bytes(), parameters[0], line, height):
        if (how := parameters_of(pdf, parameters[0])) is not None:
            picture.DecodeParms = how
        return
    if names:
        picture.Filter = Array([Name(name) for name in names])
    points = picture.read_bytes(StreamDecodeLevel.specialized)
    if len(points) < line * height:  # such as a photograph that does not say that it is packed
        raise NoCopy("A picture in it is damaged.")
    picture.write(points[: line * height])


def is_whole(packed: bytes, parameters: Any, line: int, height: int) -> bool:
    """Whether packed data holds the points of a picture and nothing else; most do, and need not be packed anew."""
    is_png = isinstance(parameters, Dictionary) and int(parameters.get("/Predictor", 1)) >= PNG_PREDICTORS
    unpacking = zlib.decompressobj()
    size = len(unpacking.decompress(packed, (line + 1) * height + 1))
    return unpacking.eof and not unpacking.unused_data and size == (line + is_png) * height


def found_in_photograph(content: bytes) -> list[Found]:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "MPO")) as picture:
            return list(found_in_picture(picture))
    except Exception:  # its pixels are in the copy as they are; what is written beside them nobody can read
        return [Found("metadata", "in a photograph, which cannot be read")]
