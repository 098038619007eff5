"""Making the copy of a sealed file that partners and the public get."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from sources.capture_store import keep
from sources.models import Capture

#: Seconds after which a file is given up. Others wait meanwhile to write, on SQLite.
LONGEST = 25


class Made(NamedTuple):
    """The copy of a file. `found` has a line for each thing that was in it; `problem` says why there is no copy."""

    content: bytes
    media_type: str
    found: str
    problem: str


def keep_copy(capture: Capture) -> None:
    """Put a copy of a capture's file into the store, and tell the row of it, or why there is none. Does not save."""
    made = make_copy(capture.path, capture.media_type)
    capture.found, capture.no_copy = made.found, made.problem
    if not made.problem:
        capture.copy_stored, capture.copy_sha256, capture.copy_size = keep([made.content])
        capture.copy_media_type = made.media_type


def make_copy(sealed: Path, media_type: str) -> Made:
    """Read a sealed file in a process of its own, which a hostile one can bring down, and nothing with it."""
    command = [sys.executable, "-E", "-s", "-B", "-m", "sources.copies", str(sealed), media_type]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and a path of the store)
            command, cwd=settings.BASE_DIR, env={}, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return Made(b"", "", "", f"It takes more than {LONGEST} seconds to read.")
    head, line, content = done.stdout.partition(b"\n")
    if done.returncode or not line:
        return Made(b"", "", "", "It could not be read: it is damaged, or takes too much memory or time.")
    told = json.loads(head)
    return Made(content, told["media_type"], told["found"], told["problem"])
