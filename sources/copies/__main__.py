"""The process in which one file is read that somebody else made: `python -m sources.copies PATH MEDIA_TYPE`.

It knows no secret of the installation and gives up what it does not need (`confinement`) before it looks at the file.
Writes a line of JSON to standard output, then the bytes of the copy.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from sources.copies.confinement import confine
from sources.copies.findings import Found, NoCopy, in_words
from sources.copies.pdf import copy_pdf
from sources.copies.pictures import READERS, copy_picture
from sources.copies.text import copy_archived_page, copy_page
from sources.copies.word.package import copy_word
from sources.media_types import WORD

#: Of these, the readers start threads.
READ_BY_THREADS = ("image/heic",)
Copied = tuple[bytes, str, list[Found]]
COPIERS: dict[str, Callable[[bytes], Copied]] = {
    "application/pdf": copy_pdf,
    "text/html": copy_page,
    "multipart/related": copy_archived_page,
    WORD: copy_word,
}


def copied(content: bytes, media_type: str) -> Copied:
    """Return the copy of a file, the media type of the copy, and what was found.

    Raises NoCopy, whatever the readers of damaged files raise: there is no list of that.
    """
    try:
        if media_type in READERS:
            return copy_picture(content, media_type)
        if media_type in COPIERS:
            return COPIERS[media_type](content)
    except NoCopy:
        raise
    except Exception as error:
        raise NoCopy(f"It is damaged: it cannot be read ({type(error).__name__}).") from error
    raise NoCopy(f"No copy is made of a file of the kind {media_type}.")


def main(path: str, media_type: str) -> None:
    content = Path(path).read_bytes()
    confine(may_start_threads=media_type in READ_BY_THREADS)
    try:
        copy, kind, found = copied(content, media_type)
        told = {"media_type": kind, "found": in_words(found), "problem": ""}
    except NoCopy as problem:
        copy, told = b"", {"media_type": "", "found": "", "problem": str(problem)}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + copy)


if __name__ == "__main__":
    main(*sys.argv[1:])
