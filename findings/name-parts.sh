#!/usr/bin/env bash
# Tran Thi Vi is taken for the sixth of her line, and Sultan Karim for a sultan: the given name is gone.
#
# Guess:    a parser of names may take an Asian given name for a family name; but each word of the name stands in first,
#           middle or last, so that a search in these columns finds it.
# Surprise: nameparser takes the last word Vi, a common Vietnamese given name, for VI after a ruler's name: suffix. Sultan and
#           Prince, given names from Morocco to Kazakhstan, become titles. The word leaves the columns that are searched, and
#           nothing warns. With its accents (Vị) the name is whole.
# For us:   partners split names with it for their tables. "Tran Thi" is one of very many, and Sultan Karim and Prince
#           Karim are both "Karim".
# Waymark:  stores whole forms of a name and splits none; an import of split names joins all columns, title and suffix too,
#           and asks which is the family name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq nameparser==2.6.0
"$work/bin/python" - <<'PY'
import sys

from nameparser import HumanName

surprise = {
    "Tran Thi Vi": {"first": "Tran", "last": "Thi", "suffix": "Vi"},
    "Truong My Vi": {"first": "Truong", "last": "My", "suffix": "Vi"},
    "Sultan Karim": {"title": "Sultan", "last": "Karim"},
    "Prince Karim": {"title": "Prince", "first": "Karim"},
    "Trần Thị Vị": {"first": "Trần", "middle": "Thị", "last": "Vị"},
}
seen = {name: {part: word for part, word in HumanName(name).as_dict().items() if word} for name in surprise}
print("nameparser 2.6.0. Expected: every word in first, middle or last, as for Trần Thị Vị. Seen:")
for name, parts in seen.items():
    print(f"  {name}: {parts}")
sys.exit("no longer so: look at this finding again" if seen != surprise else 0)
PY
