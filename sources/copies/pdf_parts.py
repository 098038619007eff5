"""What a page of a PDF file is drawn with: its fonts, pictures, colours and patterns, by a list of what draws.

Whatever is on no list here is not in the copy: entries that programs or people added, what no instruction names, and
what belongs to the document and not to its drawing. The tables are those of ISO 32000-2.
"""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, StreamDecodeLevel, String

from sources.copies.findings import Found, NoCopy
from sources.copies.pdf_contents import Contents
from sources.copies.pdf_pictures import strip_picture

#: Sorts of values: numbers, names and lists of them; the same with words; data without form. Others are tables below.
PLAIN, WORDS, DATA = "plain", "words", "data"
#: The sorts of values that are drawn by instructions, and name what they need in resources.
DRAWN, COLOURS = "drawn", "colours"


def plain(*names: str) -> dict[str, str]:
    return {f"/{name}": PLAIN for name in names}


TABLES: dict[str, dict[str, str]] = {
    "form": plain("Type", "Subtype", "FormType", "BBox", "Matrix") | {"/Group": "group"},
    "picture": plain("Type", "Subtype", "Width", "Height", "BitsPerComponent", "Intent", "ImageMask", "Decode",
                     "Interpolate", "SMaskInData", "Matte")
    | {"/ColorSpace": COLOURS, "/SMask": DRAWN, "/Mask": DRAWN},
    "group": plain("Type", "S", "I", "K") | {"/CS": COLOURS},
    "state": plain("Type", "LW", "LC", "LJ", "ML", "D", "RI", "OP", "op", "OPM", "FL", "SM", "SA", "BM", "CA", "ca",
                   "AIS", "TK")
    | {"/Font": "font", "/SMask": "mask"},
    "mask": plain("Type", "S", "BC") | {"/G": DRAWN, "/TR": "function"},
    "font": plain("Type", "Subtype", "BaseFont", "FirstChar", "LastChar", "Widths", "DW", "W", "DW2", "W2", "FontBBox",
                  "FontMatrix")
    | {"/FontDescriptor": "description", "/DescendantFonts": "font", "/Encoding": "encoding", "/ToUnicode": "encoding",
       "/CIDSystemInfo": "system", "/CIDToGIDMap": DATA, "/CharProcs": "glyphs"},
    "description": plain("Type", "FontName", "FontStretch", "FontWeight", "Flags", "FontBBox", "ItalicAngle", "Ascent",
                         "Descent", "Leading", "CapHeight", "XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth",
                         "MissingWidth")
    | {"/FontFile": "program", "/FontFile2": "program", "/FontFile3": "program", "/CIDSet": DATA, "/CharSet": WORDS},
    "program": plain("Subtype", "Length1", "Length2", "Length3"),
    "encoding": plain("Type", "BaseEncoding", "Differences", "CMapName", "WMode")
    | {"/CIDSystemInfo": "system", "/UseCMap": "encoding"},
    "system": plain("Supplement") | {"/Registry": WORDS, "/Ordering": WORDS},
    "function": plain("FunctionType", "Domain", "Range", "C0", "C1", "N", "Bounds", "Encode", "Decode", "Size",
                      "BitsPerSample", "Order")
    | {"/Functions": "function"},
    "pattern": plain("Type", "PatternType", "PaintType", "TilingType", "BBox", "XStep", "YStep", "Matrix")
    | {"/Shading": "shading", "/ExtGState": "state"},
    "shading": plain("ShadingType", "Background", "BBox", "AntiAlias", "Domain", "Matrix", "Coords", "Extend", "Decode",
                     "BitsPerCoordinate", "BitsPerComponent", "BitsPerFlag", "VerticesPerRow")
    | {"/ColorSpace": COLOURS, "/Function": "function"},
    "calibrated": plain("WhitePoint", "BlackPoint", "Gamma", "Matrix", "Range"),
    DATA: {},
}  # fmt: skip
OF_A_PAGE = plain("Type", "MediaBox", "CropBox", "Rotate", "UserUnit") | {"/Group": "group"}
#: The kinds of resources, and of what sort theirs are.
RESOURCES = {
    "/XObject": DRAWN, "/Font": "font", "/ExtGState": "state", "/ColorSpace": COLOURS, "/Pattern": "pattern",
    "/Shading": "shading",
}  # fmt: skip
#: How a stream is packed, which each writes anew or keeps.
OF_A_STREAM = ("/Length", "/Filter", "/DecodeParms")
DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
COMPONENTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4, "/CalGray": 1, "/CalRGB": 3, "/Lab": 3,
              "/Indexed": 1, "/Separation": 1}  # fmt: skip
#: The kind of function that is a program, and remarks in one.
PROGRAM, REMARK = 4, re.compile(rb"%[^\r\n]*")
STRANGE = "It has colours of a sort that is not known."


class Parts:
    """Leaves of the pages of a PDF file what draws them. `found` is what their pictures held besides.

    Works on the objects of the file: what many pages share is seen to once. Raises NoCopy for what it does not know.
    """

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.found: list[Found] = []
        self.invisible = 0
        self.pictures = 0
        self.seen: set[tuple[tuple[int, int], str]] = set()

    def keep_page(self, page: Any) -> None:
        """Leave of a page what draws it. Its resources become its own: another page needs others of the same list."""
        resources = page.get("/Resources")
        contents = Contents(page, "Picture")
        self.keep_entries(page, OF_A_PAGE, also=("/Parent",))
        page.Contents = self.pdf.make_stream(contents.written)
        self.keep_resources(page, resources, contents)

    def keep_resources(self, drawing: Any, resources: Any, contents: Contents) -> None:
        """Give a drawing the resources that its instructions name, and no others."""
        self.invisible += contents.invisible
        resources = resources if isinstance(resources, Dictionary) else Dictionary()
        pictures = {name: self.picture_of(each) for name, each in contents.pictures.items()}
        kept = Dictionary()
        for kind, names in contents.used.items():
            given = resources.get(kind)
            named = {name: given[name] for name in names if isinstance(given, Dictionary) and name in given}
            named |= pictures if kind == "/XObject" else {}
            values = {name: self.kept(value, RESOURCES[kind], resources) for name, value in named.items()}
            kept[kind] = Dictionary({name: value for name, value in values.items() if value is not None})
        drawing.Resources = kept

    def picture_of(self, inline: Any) -> Stream:
        """Return a picture that was written into a drawing as one that has entries of its own."""
        entries = {name: value for name, value in inline.obj.items() if name != "/Length"}
        picture = self.pdf.make_stream(inline.read_raw_bytes(), entries)
        picture.Type, picture.Subtype = Name.XObject, Name.Image
        return picture

    def kept(self, value: Any, sort: str, resources: Any = None) -> Any:
        """Return what is kept of a value of that sort; None where it is none."""
        if sort in (PLAIN, WORDS):
            return value if is_plain(value, sort == WORDS) else None
        if sort == COLOURS:
            return self.colours(value)
        if sort == "glyphs":
            return value if isinstance(value, Dictionary) else None
        if isinstance(value, Array):
            if sort == DRAWN:  # the colours that a picture masks
                return value if is_plain(value) else None
            each_kept = [self.kept(each, sort, resources) if isinstance(each, Object) else each for each in value]
            return Array([each for each in each_kept if each is not None])
        if isinstance(value, (Dictionary, Stream)):
            self.keep(value, sort, resources)
            return value
        return value if isinstance(value, Name) else None

    def keep(self, thing: Any, sort: str, resources: Any) -> None:
        """Leave of a part what draws, once, however many others name it."""
        if thing.is_indirect:
            if (thing.objgen, sort) in self.seen:
                return
            self.seen.add((thing.objgen, sort))
        if sort == DRAWN:
            self.keep_drawn(thing, resources)
        elif sort == "font" and "/CharProcs" in thing:
            self.keep_drawn_font(thing, resources)
        elif sort == "pattern" and isinstance(thing, Stream):
            self.keep_instructions(thing, sort, resources)
        else:
            self.keep_entries(thing, TABLES[sort])
            if isinstance(thing, Stream):  # without what hangs behind the end of packed data, and remarks in a program
                content = thing.read_bytes(StreamDecodeLevel.specialized)
                thing.write(REMARK.sub(b"", content) if thing.get("/FunctionType") == PROGRAM else content)

    def keep_entries(self, thing: Any, entries: dict[str, str], also: tuple[str, ...] = ()) -> None:
        for name in list(thing.keys()):
            if name in also or (isinstance(thing, Stream) and name in OF_A_STREAM):
                continue
            value = self.kept(thing[name], entries[name]) if name in entries else None
            if value is None:
                del thing[name]
            else:
                thing[name] = value

    def keep_drawn(self, thing: Any, resources: Any) -> None:
        kind = thing.get("/Subtype")
        if kind == Name.Form and isinstance(thing, Stream):
            self.keep_instructions(thing, "form", resources)
        elif kind == Name.Image and isinstance(thing, Stream):
            self.pictures += 1
            named = (resources or Dictionary()).get("/ColorSpace")
            if isinstance(named, Dictionary) and str(thing.get("/ColorSpace", "")) in named:
                thing.ColorSpace = named[str(thing.ColorSpace)]
            self.keep_entries(thing, TABLES["picture"])
            self.found += strip_picture(self.pdf, thing, components(thing.get("/ColorSpace")))
        else:
            raise NoCopy("It draws something that is neither a picture nor a form.")

    def keep_instructions(self, drawing: Any, sort: str, around: Any) -> None:
        """Leave of a form or pattern what draws it. Where it has no resources, it uses those of what it stands in."""
        resources = drawing.get("/Resources", around)
        contents = Contents(drawing, "Picture")
        self.keep_entries(drawing, TABLES[sort])
        drawing.write(contents.written)
        self.keep_resources(drawing, resources, contents)

    def keep_drawn_font(self, font: Any, around: Any) -> None:
        """Leave of a font whose letters are drawings what draws them."""
        resources = font.get("/Resources", around)
        self.keep_entries(font, TABLES["font"])
        together = None
        for number, name in enumerate(list(font.CharProcs.keys())):
            letter = font.CharProcs[name]
            contents = Contents(letter, f"Picture{number}")
            self.keep_entries(letter, {})
            letter.write(contents.written)
            together = contents if together is None else together.and_also(contents)
        if together is not None:
            self.keep_resources(font, resources, together)

    def colours(self, value: Any) -> Any:
        """Return a space of colours without profiles, which name screens and scanners, and without private entries."""
        if isinstance(value, Name):
            return value
        family = str(value[0]) if isinstance(value, Array) and len(value) else ""
        if family in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK") or (family == "/Pattern" and len(value) == 1):
            return value[0]
        if family == "/ICCBased":
            return device_of(value[1])
        if family in ("/CalGray", "/CalRGB", "/Lab"):
            return Array([value[0], self.kept(value[1], "calibrated")])
        if family == "/Pattern":
            return Array([value[0], self.colours(value[1])])
        if family == "/Indexed":
            base, last = self.colours(value[1]), int(value[2])
            table = value[3].read_bytes() if isinstance(value[3], Stream) else bytes(value[3])
            return Array([value[0], base, last, String(table[: (last + 1) * components(base)])])
        if family in ("/Separation", "/DeviceN"):
            names = self.kept(value[1], PLAIN)
            return Array([value[0], names, self.colours(value[2]), self.kept(value[3], "function")])
        raise NoCopy(STRANGE)


def device_of(profile: Any) -> Name:
    """Return the colours that stand for a profile."""
    number = int(profile.get("/N", 0))
    if number not in DEVICES or profile.read_bytes()[16:20] == b"Lab ":
        raise NoCopy(STRANGE)
    return DEVICES[number]


def components(colours: Any) -> int:
    """Return of how many numbers a colour of a space consists; one, where it is a mask."""
    if colours is None:
        return 1
    family = str(colours[0]) if isinstance(colours, Array) else str(colours)
    if family == "/DeviceN":
        return len(colours[1])
    if family not in COMPONENTS:
        raise NoCopy(STRANGE)
    return COMPONENTS[family]


def is_plain(value: Any, with_words: bool = False) -> bool:
    """Whether a value is a number, a name, yes or no, or a list of such; with words, those too."""
    if isinstance(value, Array):
        return all(is_plain(each, with_words) for each in value)
    return not isinstance(value, (Dictionary, Stream)) and (with_words or not isinstance(value, String))
