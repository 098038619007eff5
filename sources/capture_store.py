"""The store of captured files on disk.

A file is whole on the disk before the row that names it is committed. An act that fails takes its files back.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from records.current_act import current_act

BLOCK = 1 << 16
#: Files on their way in. They are whole, or they are not there, once they have left it.
UNFINISHED = ".part"


class Kept(NamedTuple):
    """A file in the store: its name there, its hash and its size."""

    stored: str
    sha256: str
    size: int


def folder() -> Path:
    """Return the folder of the store; nobody but the server's own account may look into it."""
    path: Path = settings.CAPTURES_DIR
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(stored: str) -> Path:
    return folder() / stored


def keep(blocks: Iterable[bytes]) -> Kept:
    """Write a file into the store: first under another name, then to the disk, then under its own."""
    stored, hashed, size = secrets.token_hex(32), hashlib.sha256(), 0
    path = path_of(stored)
    unfinished = path.with_suffix(UNFINISHED)
    if (act := current_act()) is not None:
        act.undo.append(lambda: destroy(stored))
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for block in blocks:
                hashed.update(block)
                size += len(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    settle(path.parent)
    return Kept(stored, hashed.hexdigest(), size)


def settle(directory: Path) -> None:
    """Wait until the names in a directory are on the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def sha256_of(path: Path) -> str:
    hashed = hashlib.sha256()
    for block in blocks_of(path):
        hashed.update(block)
    return hashed.hexdigest()


def destroy(stored: str) -> None:
    """Write over a file and remove it. What a disk or a backup keeps of it besides, no program reaches."""
    path = path_of(stored)
    try:
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(BLOCK, left)))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    settle(path.parent)


def stored_files() -> list[str]:
    """Return the names of all files in the store, those on their way in too."""
    return sorted(path.name for path in folder().iterdir() if path.is_file())
