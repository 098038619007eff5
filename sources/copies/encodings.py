"""In which encoding a web page is written, as browsers tell it (HTML standard, section 13.2.3), or not at all."""

from __future__ import annotations

import codecs
import re

from sources.copies.findings import NoCopy

MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
#: Where a page says it: in its first lines, outside of remarks and scripts.
FIRST = 1 << 16
NO_PART_OF_IT = re.compile(rb"<!--.*?-->|<(script|style)\b.*?</\1", re.DOTALL | re.IGNORECASE)
SAID = re.compile(
    rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)|\A\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)""",
    re.IGNORECASE,
)
#: Names that mean another encoding to browsers than to Python (Encoding Standard, section 4.2).
MEANT = {
    "iso8859-1": "windows-1252", "latin-1": "windows-1252", "ascii": "windows-1252", "iso8859-9": "windows-1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
#: Encodings that are no text, or in which no browser reads a page.
UNREAD = ("utf-7", "utf-32", "utf-32-le", "utf-32-be", "hz", "idna", "punycode", "unicode_escape", "raw_unicode_escape")
OTHER_NAMES = {"windows-874": "cp874", "windows-31j": "cp932", "iso-8859-8-i": "iso8859-8"}


def as_text(page: bytes, charset: str | None = None) -> str:
    """Return a page as text; what cannot be read in its encoding stands there as U+FFFD.

    `charset` is what was said beside the page. Raises NoCopy where nobody says it: names in it would be wrong.
    """
    for mark, encoding in MARKS.items():
        if page.startswith(mark):
            return page.removeprefix(mark).decode(encoding, "replace")
    if not page.isascii() and (text := in_utf_8(page)) is not None:
        return text  # what is good UTF-8 by chance is a word, not a page
    said = charset or said_in(page)
    if said is None:
        if page.isascii():
            return page.decode("ascii")
        raise NoCopy("It does not say in which encoding it is written, and names would be wrong: save it anew.")
    return page.decode(python_name(said), "replace")


def in_utf_8(page: bytes) -> str | None:
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        return None


def said_in(page: bytes) -> str | None:
    found = SAID.search(NO_PART_OF_IT.sub(b"", page[:FIRST]))
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def python_name(charset: str) -> str:
    """Return what Python calls an encoding that a page names. Raises NoCopy for one that is not known."""
    charset = charset.strip().lower().removeprefix("x-")
    try:
        name = codecs.lookup(OTHER_NAMES.get(charset, charset)).name
        name = MEANT.get(name, name)
        "".encode(name)  # what is no encoding of text is refused here
    except (LookupError, ValueError):
        name = ""
    if not name or name in UNREAD:
        raise NoCopy(f"It says that it is written in “{charset[:40]}”, which is not known here: save it anew.")
    return name
