#!/usr/bin/env bash
# Born between 1980 and 1990, before 1990, after 1990: "1990" three times, a plain number.
#
# Guess:    GEDCOM has words for vague dates (ABT, BEF, AFT, BET ... AND ..., INT) since the 1990s, so get_birth_year()
#           gives a range, nothing, or raises.
# Surprise: python-gedcom takes the last four figures of the line for the year of birth: the far end of a range, the day
#           before which, the day after which, and 5745 of the Hebrew calendar. What the format calls an interpreted date
#           ("INT 1985 (aged 33 in 2018)") gives -1, the value for no date. ged4py, the other reader, tells them apart.
# For us:   family trees are how relatives abroad keep track of who was taken. A range of eleven years becomes one year, and
#           birth_year_match() then says yes to somebody else.
# Waymark:  a form of import for family trees, if ever, reads with ged4py and keeps ranges; "BET 1980 AND 1990" is written
#           1980/1990, BEF ../1989, AFT 1991/.., ABT with ~.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq python-gedcom==1.1.0 ged4py==0.5.5
cd "$work"
bin/python - <<'PY'
import sys

from ged4py import GedcomReader
from gedcom.parser import Parser

DATES = {
    "5 APR 1985": 1985,
    "BET 1980 AND 1990": 1990,
    "BEF 1990": 1990,
    "AFT 1990": 1990,
    "@#DHEBREW@ 13 TSH 5745": 5745,
    "INT 1985 (aged 33 in 2018)": -1,
}
lines = ["0 HEAD", "1 GEDC", "2 VERS 5.5.5", "2 FORM LINEAGE-LINKED", "1 CHAR UTF-8"]
for number, text in enumerate(DATES):
    lines += [f"0 @I{number}@ INDI", "1 NAME Aygul /Example/", "1 BIRT", f"2 DATE {text}"]
with open("tree.ged", "w", encoding="utf-8") as file:
    file.write("\n".join([*lines, "0 TRLR", ""]))

tree = Parser()
tree.parse_file("tree.ged")
people = [each for each in tree.get_root_child_elements() if each.get_tag() == "INDI"]
seen = dict(zip(DATES, (person.get_birth_year() for person in people), strict=True))
with GedcomReader("tree.ged") as other:
    kinds = [person.sub_tag_value("BIRT/DATE").kind.name for person in other.records0("INDI")]
print("python-gedcom 1.1.0 (ged4py 0.5.5). Expected: a year for the first line alone. Seen:")
for (text, year), kind in zip(seen.items(), kinds, strict=True):
    print(f"  {text}: {year} ({kind})")
told_apart = kinds == ["SIMPLE", "RANGE", "BEFORE", "AFTER", "SIMPLE", "INTERPRETED"]
sys.exit("no longer so: look at this finding again" if seen != DATES or not told_apart else 0)
PY
