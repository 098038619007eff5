"""JPEG 2000 files as bytes (ISO 15444-1): the picture without what is written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sources.copies.findings import NoCopy

SIGNATURE, CODESTREAM = b"\0\0\0\x0cjP  ", b"\xff\x4f"
#: The boxes that are the picture (annex I), in the file and in its header; others hold XML, texts and numbers.
BOXES, HEADER = (b"jP  ", b"ftyp", b"jp2h", b"jp2c"), (b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef")
#: The colours that stand for a profile, by number of components: grey, sRGB, CMYK (table I.10, and part 2).
COLOURS = {1: 17, 2: 17, 3: 16, 4: 12}
#: Markers (annex A): a comment, a tile, its data, the end of all.
COMMENT, TILE, DATA, END = b"\xff\x64", b"\xff\x90", b"\xff\x93", b"\xff\xd9"
DAMAGED = "A picture in it is damaged."


class Box(NamedTuple):
    kind: bytes
    content: bytes


def pixels_of_jpeg_2000(content: bytes) -> bytes:
    """Return a JPEG 2000 picture without texts, profiles and private boxes. Raises NoCopy where it is damaged."""
    if content.startswith(CODESTREAM):
        return without_comments(content)
    if not content.startswith(SIGNATURE):
        raise NoCopy(DAMAGED)
    kept = [picture_of(box) for box in boxes(content) if box.kind in BOXES]
    return b"".join(written(box) for box in kept)


def boxes(content: bytes) -> Iterator[Box]:
    at = 0
    while at + 8 <= len(content):
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        end = at + size if size else len(content)
        if end < at + head or end > len(content):
            raise NoCopy(DAMAGED)
        yield Box(kind, content[at + head : end])
        at = end


def written(box: Box) -> bytes:
    return (len(box.content) + 8).to_bytes(4, "big") + box.kind + box.content


def picture_of(box: Box) -> Box:
    """Return a box without what in it is not the picture."""
    if box.kind == b"jp2c":
        return Box(box.kind, without_comments(box.content))
    if box.kind == b"jP  ":
        return Box(box.kind, box.content[:4])
    if box.kind != b"jp2h":
        return box
    inner = [each for each in boxes(box.content) if each.kind in HEADER]
    number = next((int.from_bytes(each.content[8:10], "big") for each in inner if each.kind == b"ihdr"), 0)
    return Box(box.kind, b"".join(written(without_profile(each, number)) for each in inner))


def without_profile(box: Box, components: int) -> Box:
    """Return a box of colours that names them by number: a profile names screens and scanners."""
    if box.kind != b"colr" or box.content[:1] == b"\x01":
        return box
    if components not in COLOURS:
        raise NoCopy("A picture in it has colours of a sort that is not known.")
    return Box(box.kind, b"\x01\0\0" + COLOURS[components].to_bytes(4, "big"))


def without_comments(codestream: bytes) -> bytes:
    """Return the codes of a picture up to their end, with zeros in place of each comment."""
    kept, at = bytearray(codestream), 2
    while at + 4 <= len(kept):
        marker, size = bytes(kept[at : at + 2]), int.from_bytes(kept[at + 2 : at + 4], "big")
        if marker == END:
            break
        if size < 2 or at + 2 + size > len(kept):
            raise NoCopy(DAMAGED)
        if marker == COMMENT:
            kept[at + 6 : at + 2 + size] = bytes(size - 4)
        if marker == TILE:
            tile, length = at, int.from_bytes(kept[at + 6 : at + 10], "big")
        at += 2 + size
        if kept[at : at + 2] == DATA:
            # A tile that does not say how long it is, goes to the end. In its codes no marker can stand.
            at = tile + length if length else kept.find(END, at)
            if at <= tile:
                raise NoCopy(DAMAGED)
    if kept[at : at + 2] != END:
        raise NoCopy(DAMAGED)
    return bytes(kept[: at + 2])
