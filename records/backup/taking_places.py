"""Files and folders that take the places of others: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType


class TakingPlaces:
    """Renamings that are undone when the block ends in an error. What was there is kept beside, with the time."""

    def __init__(self) -> None:
        self.stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        self.kept: list[Path] = []
        self.undo: list[Callable[[], object]] = []

    def __enter__(self) -> TakingPlaces:
        return self

    def take(self, staged: Path, place: Path) -> None:
        """Move `staged` to `place`, on the same disk."""
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
            self.undo.append(place.mkdir)
        elif os.path.lexists(place):
            beside = place.with_name(f"{place.name}.before-{self.stamp}")
            place.rename(beside)
            self.kept.append(beside)
            self.undo.append(lambda: beside.rename(place))
        staged.rename(place)
        self.undo.append(lambda: place.rename(staged))
        settle(place.parent)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            for undo in reversed(self.undo):
                undo()
            self.kept.clear()


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
