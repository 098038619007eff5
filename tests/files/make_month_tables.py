"""Write the table of months that records/fields/calendars.py reads, from libraries that are no part of Waymark.

pip install hijridate==2.6.0 nepali-datetime==1.0.8.5 nepali==1.2.0
python tests/files/make_month_tables.py records/fields/month_lengths.csv
"""

# mypy: ignore-errors
import csv
import sys
from itertools import pairwise

import nepali_datetime
from hijridate import Hijri
from nepali.datetime import nepalidate


def rows():
    for year in range(1343, 1501):
        lengths = [Hijri(year, month, 1).month_length() for month in range(1, 13)]
        yield "AH", year, Hijri(year, 1, 1).to_gregorian(), *lengths
    for year in range(2000, 2100):
        firsts = [nepali_datetime.date(year, month, 1).to_datetime_date() for month in range(1, 13)]
        firsts.append(nepali_datetime.date(year + 1, 1, 1).to_datetime_date())
        others = [nepalidate(year, month, 1).to_date() for month in range(1, 13)]
        if firsts[:12] != others and year <= 2083:
            print(f"BS {year}: the two libraries differ", file=sys.stderr)
        yield "BS", year, firsts[0], *((after - first).days for first, after in pairwise(firsts))


with open(sys.argv[1], "w", newline="", encoding="utf-8") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["calendar", "year", "first_day", "days_of_months"])
    for calendar, year, first, *lengths in rows():
        table.writerow([calendar, year, first, " ".join(map(str, lengths))])
