"""SQLite whose file has to be there: one that is gone is not replaced by an empty one, which would look like a loss.

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

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | ({"database": f"{self.file.as_uri()}?mode=rw"} if self.file else {})

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            if self.file is None or self.file.exists():
                raise
            raise sqlite3.OperationalError(
                f"the database file {self.file} is missing. Bring it back from a backup. "
                "`make run` makes the file of a new installation."
            ) from error
