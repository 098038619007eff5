"""CSV exports, written row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from records.lists.built import records_as_json
from records.lists.listing import Listing

#: A spreadsheet takes a cell that begins with one of these for a formula (OWASP ASVS 1.2.10), full-width forms too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CHUNK = 500


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def guarded(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run. Numbers are left alone: -33.5 stays a number.

    Text that looks guarded already gets one more, so that taking one away gives back what was there, always.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def csv_lines(listing: Listing) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180, UTF-8): the header, then one line for each row of a listing."""
    writer, resource = csv.writer(_Echo()), listing.resource
    yield writer.writerow(resource.header())
    for cells in _rows_of_cells(listing):
        yield writer.writerow(map(guarded, cells))


def _rows_of_cells(listing: Listing) -> Iterator[Iterable[Any]]:
    """Yield the cells of each row, from the JSON that the database builds; of the past from the records themselves."""
    resource = listing.resource
    if listing.moment or not resource.is_built:
        yield from map(resource.cells, listing.sorted().iterator(chunk_size=CHUNK))
        return
    keys = listing.sorted_keys().iterator(chunk_size=CHUNK)
    while some := list(islice(keys, CHUNK)):
        for built in records_as_json(resource, listing.user, some):
            yield resource.cells_of(json.loads(built))


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """Encode lines for a response."""
    for line in lines:
        yield line.encode("utf-8")
