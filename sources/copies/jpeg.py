"""JPEG files as bytes (ITU-T T.81, annex B): where the picture ends, and what of them is the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sources.copies.findings import NoCopy

#: Markers: a scan begins, the picture ends; Adobe's segment tells the colours.
SCAN, END, ADOBE = 0xDA, 0xD9, 0xEE
#: What describes the picture, as PDF files may have it: frames of three kinds, tables, numbers of lines, intervals.
FRAMES, CODES, STEPS, LINES, INTERVAL = (0xC0, 0xC1, 0xC2), 0xC4, 0xDB, 0xDC, 0xDD
OF_THE_PICTURE = {*FRAMES, CODES, STEPS, LINES, INTERVAL, SCAN}
#: APPn and comments.
BESIDE = {*range(0xE0, 0xF0), 0xFE}
#: Any marker that can stand behind the data of a scan; in the data, 0xFF is followed by 0 or restarts a count.
MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
DAMAGED = "A photograph in it is damaged."


class Segment(NamedTuple):
    """A piece of a JPEG, of a scan with its data: its marker, and from where to where it goes."""

    marker: int
    start: int
    end: int


def segments(content: bytes) -> Iterator[Segment]:
    """Yield the segments of a JPEG, the last of which is its end. Raises NoCopy where it is not whole, or no JPEG."""
    if not content.startswith(b"\xff\xd8"):
        raise NoCopy(DAMAGED)
    at = 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a byte that fills up
            at += 1
            continue
        if marker == END:
            yield Segment(END, at, at + 2)
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not at + 4 <= end <= len(content) or marker not in OF_THE_PICTURE | BESIDE:
            raise NoCopy(DAMAGED)
        if marker not in BESIDE and length_of(marker, content[at + 4 : end]) != end - at - 4:
            raise NoCopy(DAMAGED)  # there would be room in it for anything
        if marker == SCAN:
            after = MARKER.search(content, end)
            end = after.start() if after else len(content)
        yield Segment(marker, at, end)
        at = end
    raise NoCopy(DAMAGED)


def length_of(marker: int, content: bytes) -> int:
    """Return how long the content of a segment has to be, by what stands in it; -1 where that cannot be told."""
    try:
        if marker in FRAMES:
            return 6 + 3 * content[5]
        if marker == SCAN:
            return 4 + 2 * content[0]
        length = 0
        while marker in (CODES, STEPS) and length < len(content):
            is_wide = content[length] >> 4
            length += 17 + sum(content[length + 1 : length + 17]) if marker == CODES else 129 if is_wide else 65
    except IndexError:
        return -1
    return length if marker in (CODES, STEPS) else 2


def pixels_of_jpeg(content: bytes) -> bytes:
    """Return a JPEG without its APPn segments and comments, but Adobe's, which tells the colours. Raises NoCopy.

    What hangs behind the end of the picture stays behind: a second picture, or a film.
    """
    kept = [b"\xff\xd8"]
    for marker, start, end in segments(content):
        if marker == ADOBE and content[start + 4 : start + 9] == b"Adobe":
            kept.append(b"\xff\xee\0\x0e" + content[start + 4 : start + 16])
        elif marker not in BESIDE:
            kept.append(content[start:end])
    return b"".join(kept)


def behind_the_end(content: bytes) -> int:
    """Return how many bytes stand behind the end of a JPEG; none, where nobody knows where it ends."""
    try:
        *_, last = segments(content)
    except NoCopy:
        return 0
    return len(content) - last.end
