"""The pictures of a Word document: copied without metadata, and cut to what is shown of them."""

from __future__ import annotations

import io
import re
from typing import NamedTuple

from lxml import etree
from PIL import Image

from sources.copies.findings import Found
from sources.copies.pictures import READERS, copy_picture, pictures_of, write
from sources.copies.word.allowed import A, V

#: The content types of pictures that are copied, with the media type under which they are read.
KINDS = {"image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/png": "image/png", "image/gif": "image/gif"}
SIDES = ("l", "t", "r", "b")
VML_SIDES = ("cropleft", "croptop", "cropright", "cropbottom")


class Cut(NamedTuple):
    """What is cut away of a picture: shares of its width and height, between 0 and 1."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0


def copy_cut(content: bytes, media_type: str, cut: Cut) -> tuple[bytes, list[Found]]:
    """Return a copy of a picture without metadata and without what is cut away, and what was found in it.

    A document turns its pictures itself, by their frames: Word shows the pixels as they lie. Raises errors of many
    kinds where the picture is damaged.
    """
    copy, _, found = copy_picture(content, media_type, upright=False)
    if cut == Cut():
        return copy, found
    with Image.open(io.BytesIO(content), formats=READERS[media_type]) as picture:
        pictures = [(one.crop(box(one, cut)), shown) for one, shown in pictures_of(picture, media_type, False)]
    return write(pictures, media_type), found


def box(picture: Image.Image, cut: Cut) -> tuple[int, int, int, int]:
    """Return the points of a picture that stay: at least one."""
    left = min(int(cut.left * picture.width), picture.width - 1)
    top = min(int(cut.top * picture.height), picture.height - 1)
    right = max(picture.width - int(cut.right * picture.width), left + 1)
    bottom = max(picture.height - int(cut.bottom * picture.height), top + 1)
    return left, top, right, bottom


def take_cut(image: etree._Element) -> Cut:
    """Return what a document cuts away of a picture, and take out of the markup that it does.

    A side that is moved outwards leaves an empty margin, which stays, as a share of what is left of the picture.
    """
    if image.tag == f"{{{V}}}imagedata":
        cut = Cut(*(share(image.get(side, "")) for side in VML_SIDES))
        etree.strip_attributes(image, *VML_SIDES)
        return cut
    fill = image.getparent()
    shown = None if fill is None else fill.find(f"{{{A}}}srcRect")
    if shown is None:
        return Cut()
    sides = {side: share_of_thousands(shown.get(side, "0")) for side in SIDES}
    cut = Cut(*(min(max(sides[side], 0), 1) for side in SIDES))
    for side in SIDES:
        left = 1 - (cut.left + cut.right if side in "lr" else cut.top + cut.bottom)
        etree.strip_attributes(shown, side)
        if sides[side] < 0 < left:
            shown.set(side, str(round(sides[side] / left * 100_000)))
    return cut


def share_of_thousands(value: str) -> float:
    """Return a share that is written in thousandths of a hundredth: `25000`, or `25%`."""
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(%?)", value.strip())
    return 0 if match is None else float(match[1]) / (100 if match[2] else 100_000)


def share(value: str) -> float:
    """Return a share that an old shape writes: `.25`, or `16384f` in parts of 65,536. One outwards counts as none."""
    match = re.fullmatch(r"(-?\d*\.?\d+)(f?)", value.strip())
    return 0 if match is None else min(max(float(match[1]) / (65536 if match[2] else 1), 0), 1)


def is_cut_by_its_frame(image: etree._Element) -> bool:
    """Whether a frame shows less than the picture in it: a round one, or one that is too small for it."""
    fill = image.getparent()
    if fill is None or image.tag == f"{{{V}}}imagedata":
        return False
    shown = fill.find(f"{{{A}}}stretch/{{{A}}}fillRect")
    outside = shown is not None and any(share_of_thousands(shown.get(side, "0")) < 0 for side in SIDES)
    form = fill.getparent()
    others = [] if form is None else [*form.iterfind(f"*/{{{A}}}prstGeom"), *form.iterfind(f"{{{A}}}prstGeom")]
    is_round = any(each.get("prst") != "rect" for each in others)
    return outside or is_round or fill.find(f"{{{A}}}tile") is not None
