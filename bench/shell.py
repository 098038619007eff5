"""The databases' own programs, which write the same cells as an export: `sqlite3 -csv` and `psql \\copy`."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable

from bench.by_hand import ByHand

NULL = subprocess.DEVNULL


def keep_cells(hand: ByHand, export: str) -> int:
    """Keep the cells of an export as a table of text, in its order; return how many columns it has."""
    header, *rows = csv.reader(export.lstrip("\ufeff").splitlines(keepends=True))
    columns = ", ".join(f"c{number} text" for number in range(len(header)))
    hand.run("DROP TABLE IF EXISTS bench_cell")
    hand.run(f"CREATE TABLE bench_cell (place int PRIMARY KEY, {columns})")
    hand.keep("bench_cell", ((place, *row) for place, row in enumerate(rows)))
    return len(header)


def writer(hand: ByHand, columns: int) -> Callable[[], int]:
    """Return a function that lets the database's own program write the cells that were kept."""
    names = ", ".join(f"c{number}" for number in range(columns))
    query = f"SELECT {names} FROM bench_cell ORDER BY place"
    words = ["sqlite3", "-csv", "-header", hand.address, query]
    if not hand.is_sqlite:
        words = ["psql", "--quiet", "--command", f"\\copy ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", hand.address]

    def write() -> int:
        subprocess.run(words, check=True, stdout=NULL)
        return 0

    return write
