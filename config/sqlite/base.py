"""SQLite whose file has to be there: one that is gone is not replaced by an empty one, which would look like a loss.

A connection lasts over many requests, since to read the schema anew takes longer than most answers. Before each
request it is seen whether the name still leads to the file that was opened: a restored file takes the place of another.

`make run` makes the file of a new installation (make/database.py).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens the file that NAME names for reading and writing. Raises OperationalError where it is missing."""

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
