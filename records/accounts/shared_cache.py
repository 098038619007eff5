"""The cache in which tries to sign in are counted: files that all workers share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks


class SharedFileCache(FileBasedCache):
    """A cache in files in which `add` is one step, so that of two workers only one adds.

    Locks are taken and one-time codes are marked as used by `add`; the stock one looks first and writes later.
    """

    _dir: str
    _createdir: Any  # the stubs leave both out

    def add(self, key: Any, value: Any, timeout: Any = 0, version: Any = None) -> bool:
        self._createdir()
        with (Path(self._dir) / "lock").open("ab") as gate:
            locks.lock(gate, locks.LOCK_EX)
            return super().add(key, value, timeout, version)
