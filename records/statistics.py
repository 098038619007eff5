"""What the database knows of how its rows are spread: by that it chooses the index that answers a question."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

#: How many indexes there are of which nothing is known, though their table is known; a partial one may have no rows.
UNCOUNTED = (
    "SELECT count(*) FROM sqlite_master i WHERE i.type = 'index' AND i.sql NOT LIKE '% WHERE %' "
    "AND i.tbl_name IN (SELECT tbl FROM sqlite_stat1 WHERE idx IS NOT NULL) "
    "AND i.name NOT IN (SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL)"
)


def refresh(*models: type[Model]) -> None:
    """Let the database count what it holds: without statistics a plan can take a thousand times as long.

    Of the tables of some models alone within a transaction that goes on: PostgreSQL locks what it counts until the end,
    and among all else are tables that it has for all databases.
    """
    with connection.cursor() as cursor:
        for statement in [f'ANALYZE "{model._meta.db_table}"' for model in models] or ["ANALYZE"]:
            cursor.execute(statement)


def refresh_if_incomplete() -> None:
    """Count anew where SQLite knows of a table, but not of each of its indexes, as after a migration that adds one.

    It takes such an index for one that finds ten rows, and prefers it to the right one. PostgreSQL counts by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchone():
            return
        cursor.execute(UNCOUNTED)
        (uncounted,) = cursor.fetchone()
    if uncounted:
        refresh()
