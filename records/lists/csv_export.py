"""CSV exports, written row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from records.lists.codebook import Resource

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


def csv_lines(resource: Resource, rows: QuerySet) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180, UTF-8): the header, then one line for each row."""
    writer = csv.writer(_Echo())
    yield writer.writerow(resource.header())
    for record in rows.iterator(chunk_size=CHUNK):
        yield writer.writerow(map(guarded, resource.cells(record)))


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """Encode lines for a response."""
    for line in lines:
        yield line.encode("utf-8")
