#!/usr/bin/env bash
# Working days counted with the holidays of a country, and no holiday is taken off.
#
# Guess:    list(country_holidays("MA")) is Morocco's holidays, so numpy's busday_count() leaves them out.
# Surprise: the list is empty until somebody has asked for a day of the year. `date in holidays` is right, since it asks;
#           handing the same object to another library hands over nothing. A time limit that runs over the new year, with
#           years=2025 given, knows no holiday of January.
# For us:   a limit of so many working days is days too short, and nothing looks wrong: the number is plausible.
# Waymark:  nobody here counts so. A script of a partner who does: give every year that the time limit can touch.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq holidays==0.108 numpy==2.4.6
"$work/bin/python" - <<'PY'
import sys

import holidays
import numpy


def january(**years: object) -> int:
    """Working days of January 2026; the 1st, the 11th (a Sunday) and the 14th are holidays of Morocco."""
    free = list(holidays.country_holidays("MA", **years))
    return int(numpy.busday_count("2026-01-01", "2026-02-01", holidays=free))


expected = {"no year": 20, "2025": 20, "2025 and 2026": 20}
surprise = {"no year": 22, "2025": 22, "2025 and 2026": 20}
seen = {"no year": january(), "2025": january(years=2025), "2025 and 2026": january(years=[2025, 2026])}
print("holidays 0.108 with numpy 2.4.6", f"{expected = }", f"{seen = }", sep="\n")
sys.exit("no longer so: look at this finding again" if seen != surprise else 0)
PY
