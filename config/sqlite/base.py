"""SQLite whose file has to be there: one that is gone is not replaced by an empty one, which would look like a loss.

A connection lasts over many requests, since to read the schema anew takes longer than most answers. Before each
request it is seen whether the name still leads to the file that was opened: a restored file takes the place of another.
When a connection is closed, SQLite counts again what has grown tenfold or was never counted, by which it chooses its
indexes: without that a list took nine times as long.

`make run` makes the file of a new installation (make/database.py).
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from django.db.backends.sqlite3 import base

#: How often a process lets SQLite count at most, in seconds, and how many entries of each index it looks at.
COUNT_EVERY, LOOK_AT = 3600, 100_000


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens the file that NAME names for reading and writing. Raises OperationalError where it is missing."""

    _last_counted: ClassVar[float] = -COUNT_EVERY

    @property
    def file(self) -> Path | None:
        """Return the file, None for a database in memory."""
        name = self.settings_dict["NAME"]
        return None if self.is_in_memory_db() else Path(name).absolute()

    def identity(self) -> tuple[int, int] | None:
        """Return what tells the file at our name from any other, None where there is none."""
        if self.file is None or not self.file.exists():
            return None
        found = self.file.stat()
        return found.st_dev, found.st_ino

    def _close(self) -> None:
        if self.connection is not None and self.file and not self.connection.in_transaction:
            self._count()
        super()._close()  # type: ignore[misc]  # the stubs do not know it

    def _count(self) -> None:
        """Let SQLite count what it chooses indexes by. Whoever writes goes first: there will be a next time."""
        now = time.monotonic()
        if now - DatabaseWrapper._last_counted < COUNT_EVERY:
            return
        DatabaseWrapper._last_counted = now
        with suppress(sqlite3.Error):
            for name in ("busy_timeout = 0", f"analysis_limit = {LOOK_AT}", "optimize"):
                self.connection.execute(f"PRAGMA {name}")

    def is_usable(self) -> bool:
        """Whether the open file is still the one that NAME names: asked once for each request."""
        return super().is_usable() and self.identity() == self._opened

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | ({"database": f"{self.file.as_uri()}?mode=rw"} if self.file else {})

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            self._opened = self.identity()  # taken before, so that a file that comes meanwhile is opened again
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            if self.file is None or self.file.exists():
                raise
            raise sqlite3.OperationalError(
                f"the database file {self.file} is missing. Bring it back from a backup. "
                "`make run` makes the file of a new installation."
            ) from error
