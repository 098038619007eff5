"""Working out the countries by which incidents may stand in the order of a list, and comparing what is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection

from cases.models import CountryKey, Incident, UnstoredIncident, UnstoredReason
from cases.models.country_key import COUNTRY_KEYS

COLUMNS = ("incident_id", "ref", "part", "country")


def settle_country_keys(keys: Collection[int]) -> None:
    """Write the keys of some incidents in the place of what was stored."""
    CountryKey.objects.filter(incident__in=keys).delete()
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {CountryKey._meta.db_table} ({', '.join(COLUMNS)}) {_sql(keys)}")


def wrongly_placed(keys: Collection[int]) -> Iterator[str]:
    """Yield the references of some incidents of which other keys are stored than their countries give.

    What is marked to be worked out anew is left out.
    """
    marks = UnstoredIncident.objects.filter(incident_id__in=keys, reason=UnstoredReason.WRITTEN)
    marked = set(marks.values_list("incident_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_sql(keys))
        right = set(cursor.fetchall())
    wrong = {row[0] for row in right ^ set(CountryKey.objects.filter(incident__in=keys).values_list(*COLUMNS))}
    yield from Incident.objects.filter(pk__in=wrong - marked).order_by("ref").values_list("ref", flat=True)


def _sql(keys: Collection[int]) -> str:
    return COUNTRY_KEYS.format(keys=", ".join(str(int(key)) for key in keys) or "NULL")
