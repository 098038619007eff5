"""Working out when cases were last heard of, by the citations of each lane, and comparing what is stored of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection

from cases.models import Involvement, StoredLastSign
from cases.models.last_sign import last_signs_sql

COLUMNS = ("incident_id", "involvement_id", "lane", "earliest", "latest", "is_dated")


def settle_last_signs(keys: Collection[int]) -> None:
    """Write when the cases of some incidents were last heard of in the place of what was stored."""
    StoredLastSign.objects.filter(incident__in=keys).delete()
    if keys:
        with connection.cursor() as cursor:
            table = StoredLastSign._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({', '.join(COLUMNS)}) {_sql(keys)}")


def wrongly_heard(keys: Collection[int]) -> Iterator[str]:
    """Yield the references of the cases in some incidents of which another last sign is stored than citations give."""
    stored, by_citations = StoredLastSign._meta.db_table, _sql(keys)
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(by_citations)
        right = {(*row[:3], str(row[3]), str(row[4]), bool(row[5])) for row in cursor.fetchall()}
        cursor.execute(f"SELECT {columns} FROM {stored} WHERE incident_id IN ({_listed(keys)})")  # noqa: S608
        found = {(*row[:3], str(row[3]), str(row[4]), bool(row[5])) for row in cursor.fetchall()}
    wrong = {row[1] for row in right ^ found}
    yield from Involvement.objects.filter(pk__in=wrong).order_by("ref").values_list("ref", flat=True)


def _sql(keys: Collection[int]) -> str:
    return last_signs_sql().format(keys=_listed(keys))


def _listed(keys: Collection[int]) -> str:
    return ", ".join(str(int(key)) for key in keys) or "NULL"
