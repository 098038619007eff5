"""The media type of a captured file, told from its contents.

A short list on purpose. What can hold other files (zip) or run (SVG) is not on it.
"""

from __future__ import annotations

import re
from pathlib import PurePath

#: For each media type the endings that a file of it may have.
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "text/html": (".html", ".htm"),
    "multipart/related": (".mhtml", ".mht"),
    "application/warc": (".warc",),
}
#: So much of a file is looked at.
BEGINNING = 2048
SIGNATURES = {
    "application/pdf": rb"%PDF-\d\.\d",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF....WEBP",
    "application/warc": rb"WARC/1\.\d\r?\n",
    "multipart/related": rb"(?i)(?=[^\0]{0,1500}?^mime-version:)(?=[^\0]{0,1500}?multipart/related)[a-z-]+:",
    # A page begins with its type or with one of its own elements, after blanks and comments.
    "text/html": rb"(?i)(?:\xef\xbb\xbf)?(?:\s|<!--[^\0]{0,1000}?-->)*<(?:!doctype\s+html|html|head|title|body)[\s>]",
}
SIGNS = {media_type: re.compile(sign, re.DOTALL | re.MULTILINE) for media_type, sign in SIGNATURES.items()}


class WrongFile(ValueError):
    """A file that is not taken, with the reason."""


def media_type_of(name: str, beginning: bytes) -> str:
    """Return the media type of a file. Raises WrongFile where it is none of the list, or not what its name says."""
    if not beginning:
        raise WrongFile("The file is empty.")
    found = next((media_type for media_type, sign in SIGNS.items() if sign.match(beginning[:BEGINNING])), None)
    ending = PurePath(name).suffix.lower()
    if found is None:
        known = ", ".join(endings[0] for endings in ENDINGS.values())
        raise WrongFile(f"The contents are of no kind that is kept here ({known}).")
    if ending not in ENDINGS[found]:
        raise WrongFile(f"The contents are {found}, but the name ends in “{ending}”: rename the file, or check it.")
    return found


def ending_of(media_type: str) -> str:
    return ENDINGS[media_type][0]
