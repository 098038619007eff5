"""The file of a backup: a plain tar of a few known members, and the SHA-256 of each.

`tar -xf` and `sha256sum -c SHA256SUMS` open and check it without Waymark. SHA256SUMS comes last and covers the
manifest too, so that a flipped bit anywhere is found. Members are read by name from a list of allowed ones and are
written under names of ours: a name that leads out of the folder, a link or a device is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from records.backup.problems import BackupRefused

FORMAT = 1
MANIFEST, SUMS, KEY, CAPTURES = "manifest.json", "SHA256SUMS", "secret_key", "captures/"
#: The member that holds the database, by what made it.
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
ALLOWED = re.compile(r"manifest\.json|SHA256SUMS|secret_key|database\.(sqlite3|dump)|captures/[A-Za-z0-9][\w.-]*", re.A)
LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
BLOCK = 1 << 20
#: Longest member that is read into memory.
LARGEST_TEXT = 64 * BLOCK
PROGRESS_EVERY = 200
Say = Callable[[str], None]


class Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: Any) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.file.read(size)
        self.hash.update(block)
        return block


class ArchiveWriter:
    """An archive in the making. What was added is hashed as it was written."""

    def __init__(self, file: BinaryIO) -> None:
        self.tar = tarfile.open(fileobj=file, mode="w")  # noqa: SIM115  # closed by finish
        self.sums: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file. Raises FileNotFoundError where it is gone."""
        with path.open("rb") as file:
            self._add(name, os.fstat(file.fileno()).st_size, file)

    def add_text(self, name: str, text: str) -> None:
        content = text.encode()
        self._add(name, len(content), io.BytesIO(content))

    def _add(self, name: str, size: int, file: Any) -> None:
        member, hashing = tarfile.TarInfo(name), Hashing(file)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        self.tar.addfile(member, hashing)
        self.sums[name] = hashing.hash.hexdigest()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Add the manifest and the hashes, and end the archive."""
        self.add_text(MANIFEST, json.dumps({"format": FORMAT} | manifest, indent=1, sort_keys=True) + "\n")
        self.add_text(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self.sums.items()))
        self.tar.close()


class Archive:
    """An archive that was read from its beginning to its end, and is what it was when it was made."""

    def __init__(self, tar: tarfile.TarFile, path: Path, say: Say) -> None:
        self.path, self.tar = path, tar
        self.members = {member.name: member for member in self._allowed()}
        self.sums = self._sums()
        for done, (name, expected) in enumerate(self.sums.items(), start=1):
            self._copy(name, expected, None)
            if done % PROGRESS_EVERY == 0:
                say(f"  {done} of {len(self.sums)} members checked")
        self.manifest: dict[str, Any] = json.loads(self._text(MANIFEST))
        if self.manifest["format"] != FORMAT:
            raise self.refuse(f"is of format {self.manifest['format']}; this Waymark reads {FORMAT}")

    def refuse(self, what: str) -> BackupRefused:
        return BackupRefused(f"{self.path} {what}. Nothing was written.")

    def _allowed(self) -> Iterator[tarfile.TarInfo]:
        """Yield the members. Raises BackupRefused at one that no backup has."""
        seen = set()
        for member in self.tar:
            if not ALLOWED.fullmatch(member.name) or member.type != tarfile.REGTYPE:
                raise self.refuse(f"holds {member.name!r}, which no backup holds")
            if member.name in seen:
                raise self.refuse(f"holds {member.name} twice")
            seen.add(member.name)
            yield member

    def _sums(self) -> dict[str, str]:
        """Return the hash of each member as the archive has it, and refuse it where it names others than are there."""
        if SUMS not in self.members:
            raise self.refuse(f"is damaged or was cut off: its end, {SUMS}, is missing")
        sums: dict[str, str] = {}
        for line in self._text(SUMS).removesuffix("\n").split("\n"):
            if not (found := LINE.fullmatch(line)):
                raise self.refuse(f"is damaged: {SUMS} has the line {line!r}")
            sums[found[2]] = found[1]
        if different := sums.keys() ^ (self.members.keys() - {SUMS}):
            raise self.refuse(f"is damaged: {sorted(different)[0]} is missing, or is not in {SUMS}")
        if MANIFEST not in sums or KEY not in sums or len(sums.keys() & set(DATABASES.values())) != 1:
            raise self.refuse("is no whole backup: it needs a manifest, a signing key and one database")
        return sums

    def _text(self, name: str) -> str:
        if self.members[name].size > LARGEST_TEXT:
            raise self.refuse(f"is damaged: {name} is too long")
        try:
            return self._read(name).read().decode()
        except UnicodeDecodeError as error:
            raise self.refuse(f"is damaged: {name} is no text") from error

    def _read(self, name: str) -> Any:
        return self.tar.extractfile(self.members[name])

    def _copy(self, name: str, expected: str, target: BinaryIO | None) -> None:
        """Read a member to its end, into a file where one is given. Raises BackupRefused where its hash differs."""
        hashing = Hashing(self._read(name))
        while block := hashing.read(BLOCK):
            if target is not None:
                target.write(block)
        if hashing.hash.hexdigest() != expected:
            raise self.refuse(f"is damaged: {name} does not have its SHA-256 any more")

    def unpack(self, name: str, target: Path) -> None:
        """Write a member into a new file that only this account can read, down to the disk."""
        with new_file(target) as file:
            self._copy(name, self.sums[name], file)

    @property
    def captures(self) -> list[str]:
        return sorted(name.removeprefix(CAPTURES) for name in self.sums if name.startswith(CAPTURES))


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Make a file that only this account can read; at the end it is on the disk. Raises FileExistsError."""
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def work_folder(path: Path) -> Iterator[Path]:
    """Make a folder beside `path` that only this account can read, and remove it at the end with what is in it."""
    folder = path.with_name(f"{path.name}.part")
    try:
        folder.mkdir(0o700)
    except FileExistsError as error:
        raise BackupRefused(
            f"{folder} is there: another backup is running, or one was interrupted. If none runs:  rm -r {folder}"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def opened_archive(path: Path, say: Say) -> Iterator[Archive]:
    """Open a backup and check every byte of it before anything is done with it. Raises BackupRefused."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115  # closed below, with every error that it can meet
    except (OSError, tarfile.TarError) as error:
        raise BackupRefused(f"{path} cannot be read as a backup: {error}") from error
    with tar:
        try:
            archive = Archive(tar, path, say)
        except (OSError, tarfile.TarError, ValueError, KeyError) as error:
            raise BackupRefused(f"{path} is damaged: {error}. Nothing was written.") from error
        yield archive
