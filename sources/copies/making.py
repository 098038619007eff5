"""Making the copy of a sealed file that partners and the public get.

It takes seconds, in which nobody else could write on SQLite. So it is done before the act that names the files.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from records.current_act import TryAgain, current_act
from sources.capture_store import destroy, keep, path_of
from sources.models import Capture

#: Seconds after which a file is given up.
LONGEST = 25
#: So many copies are made at once on a machine: each takes a processor, and up to 3 GB of memory. Who comes meanwhile
#: waits so many seconds, since it keeps a thread of the server from answering others.
AT_ONCE, PATIENCE = 2, 5


class Made(NamedTuple):
    """The copy of a file. `found` has a line for each thing that was in it; `problem` says why there is no copy."""

    content: bytes
    media_type: str
    found: str
    problem: str


class NewFiles(NamedTuple):
    """Files that lie in the store before a row names them. `columns` is what the row will tell of them."""

    columns: dict[str, Any]
    undo: ExitStack

    def name_in(self, capture: Capture) -> None:
        """Tell a row of the files. From now on they stay, unless the act that is going on fails. Does not save."""
        for name, value in self.columns.items():
            setattr(capture, name, value)
        self._stay()

    def take_the_place_of(self, capture: Capture) -> None:
        """Put the copy in the place of the one that a row tells of, which is destroyed once this is written."""
        capture.replace_copy(self.columns)
        self._stay()

    def _stay(self) -> None:
        undo = self.undo.pop_all()
        if (act := current_act()) is not None:
            act.undo.append(undo.close)


@contextmanager
def taken_in(blocks: Iterable[bytes], media_type: str) -> Iterator[NewFiles]:
    """Keep a new file and its copy, as long as this lasts or for good where a row is told of them. Raises TryAgain."""
    with ExitStack() as undo:
        sealed = keep(blocks)
        undo.callback(destroy, sealed.stored)
        with copy_of(path_of(sealed.stored), media_type) as copy:
            undo.push(copy.undo.pop_all())
            yield NewFiles(sealed._asdict() | copy.columns, undo)


@contextmanager
def copy_of(sealed: Path, media_type: str) -> Iterator[NewFiles]:
    """Keep the copy of a sealed file, as long as this lasts or for good where a row is told of it. Raises TryAgain."""
    with ExitStack() as undo:
        with turn():
            made = make_copy(sealed, media_type)
        columns: dict[str, Any] = {"found": made.found, "no_copy": made.problem}
        if not made.problem:
            kept = keep([made.content])
            undo.callback(destroy, kept.stored)
            columns |= {f"copy_{name}": value for name, value in kept._asdict().items()}
            columns["copy_media_type"] = made.media_type
        yield NewFiles(columns, undo)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until fewer than AT_ONCE copies are being made, by any process. Raises TryAgain after PATIENCE seconds."""
    folder: Path = settings.CAPTURES_DIR.with_name("copying")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + PATIENCE
    with ExitStack() as files:
        places = [files.enter_context((folder / str(number)).open("w")) for number in range(AT_ONCE)]
        while not any(is_free(place) for place in places):
            if time.monotonic() > until:
                raise TryAgain("Other files are being read just now, and yours was not taken. Try again in a minute.")
            time.sleep(0.1)
        yield


def is_free(place: Any) -> bool:
    """Take a place, if nobody has it; it is given back when its file is closed, or its process dies."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_copy(sealed: Path, media_type: str) -> Made:
    """Read a sealed file in a process of its own, which a hostile one can bring down, and nothing with it."""
    command = [sys.executable, "-E", "-s", "-B", "-m", "sources.copies", str(sealed), media_type]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and a path of the store)
            command,
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Made(b"", "", "", f"It takes more than {LONGEST} seconds to read.")
    head, line, content = done.stdout.partition(b"\n")
    if done.returncode or not line:
        return Made(b"", "", "", "It could not be read: it is damaged, or takes too much memory or time.")
    told = json.loads(head)
    return Made(content, told["media_type"], told["found"], told["problem"])
