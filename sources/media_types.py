"""The media type of a captured file, told from its contents.

A short list on purpose. What can hold any other file (zip) or run (SVG) is not on it; nor are films, of which we could
make no copy without metadata.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath
from typing import IO

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: For each media type the endings that a file of it may have.
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    WORD: (".docx",),
    "text/html": (".html", ".htm"),
    "multipart/related": (".mhtml", ".mht"),
    "application/warc": (".warc",),
}
#: What people call them. A text is taken in by no upload: it is the copy of a web page.
TEXT = "text/plain"
NAMES = {
    "application/pdf": "PDF file",
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "image/gif": "GIF picture",
    "image/webp": "WebP picture",
    "image/tiff": "TIFF picture",
    "image/heic": "HEIC picture",
    WORD: "Word document",
    "text/html": "web page",
    "multipart/related": "web page saved with its pictures (MHTML)",
    "application/warc": "crawl of web pages (WARC)",
    TEXT: "text of the page",
}
#: What a browser shows by itself: pictures, and texts as they stand. Everything else is saved.
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", TEXT)
#: So much of a file is looked at.
BEGINNING = 2048
SIGNATURES = {
    "application/pdf": rb"%PDF-\d\.\d",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF....WEBP",
    "image/tiff": rb"II[*+]\0|MM\0[*+]",
    "image/heic": rb"....ftyp(?:heic|heix|heim|heis|mif1)",
    # Which kind of package it is, stands further in: see refuse_other_packages.
    WORD: (rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|word/)"),
    "application/warc": rb"WARC/1\.\d\r?\n",
    "multipart/related": rb"(?i)(?=[^\0]{0,1500}?^mime-version:)(?=[^\0]{0,1500}?multipart/related)[a-z-]+:",
    # A page begins with its type or with one of its own elements, after blanks and comments.
    "text/html": rb"(?i)(?:\xef\xbb\xbf)?(?:\s|<!--[^\0]{0,1000}?-->)*<(?:!doctype\s+html|html|head|title|body)[\s>]",
}
#: Films and recordings: MP4 and its kin, Matroska and WebM, AVI, Flash, MPEG, Ogg, Windows Media.
FILM = re.compile(
    rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI |FLV\x01|\0\0\x01[\xba\xb3]|OggS|\x30\x26\xb2\x75\x8e\x66\xcf\x11", re.DOTALL
)
#: What the list of contents of a Word document calls its text; one with macros, and a template, call theirs otherwise.
TEXT_OF_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LONGEST_LIST = 1 << 20
SIGNS = {media_type: re.compile(sign, re.DOTALL | re.MULTILINE) for media_type, sign in SIGNATURES.items()}


class WrongFile(ValueError):
    """A file that is not taken, with the reason."""


def media_type_of(name: str, beginning: bytes) -> str:
    """Return the media type of a file. Raises WrongFile where it is none of the list, or not what its name says."""
    if not beginning:
        raise WrongFile("The file is empty.")
    found = next((media_type for media_type, sign in SIGNS.items() if sign.match(beginning[:BEGINNING])), None)
    ending = PurePath(name).suffix.lower()
    if found is None and FILM.match(beginning):
        raise WrongFile(
            "Films and recordings are not taken: no copy without metadata could be made for others. Keep the file "
            "where only the team reaches it, and upload pictures of what it shows."
        )
    if found is None:
        known = ", ".join(endings[0] for endings in ENDINGS.values())
        raise WrongFile(f"The contents are of no kind that is kept here ({known}).")
    if ending not in ENDINGS[found]:
        raise WrongFile(f"The contents are {found}, but the name ends in “{ending}”: rename the file, or check it.")
    return found


def refuse_other_packages(file: IO[bytes]) -> None:
    """Raise WrongFile where a package is no Word document: a table, a document with macros, or a mere archive."""
    try:
        with zipfile.ZipFile(file) as package, package.open("[Content_Types].xml") as contents:
            is_word = TEXT_OF_WORD in contents.read(LONGEST_LIST)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError) as error:
        raise WrongFile("The contents are an archive, and no Word document.") from error
    finally:
        file.seek(0)
    if not is_word:
        raise WrongFile("The contents are no plain Word document (.docx): one with macros, a template or a table.")


def ending_of(media_type: str) -> str:
    return ".txt" if media_type == TEXT else ENDINGS[media_type][0]
