#!/usr/bin/env bash
# "About December 2018" is exactly December 2018 for two EDTF libraries, and 27 months for the third.
#
# Guess:    a library that reads 2018-12~ keeps the mark, widens by something like a month, and never calls it equal to
#           2018-12.
# Surprise: undate drops the mark: what it writes back is 2018-12, and the two are equal. npm edtf keeps the mark and does
#           not widen. Python's edtf adds its margin for a year to its margin for a month: November 2017 to January 2020,
#           nearly as wide as "about 2018" without a month, which is three years.
# For us:   through one partner's script a guess comes back as a fact; through another's, every case of 2019 matches it.
# Waymark:  widens by one unit on either side (November 2018 to January 2019) and gives `earliest`, `latest` and
#           `precision` in every export. On import, a date that lost its mark since the export is a question.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq edtf==5.0.2 undate==0.8.0
npm install --silent --prefix "$work" edtf@4.11.1
cd "$work"
bin/python - <<'PY' >seen
from edtf import parse_edtf
from undate import Undate

about, exact = (Undate.parse(text, "EDTF") for text in ("2018-12~", "2018-12"))
print("undate 0.8.0:", about.format("EDTF"), "equal" if about == exact else "not equal")
found = parse_edtf("2018-12~")
days = ("{0.tm_year}-{0.tm_mon:02}-{0.tm_mday:02}".format(at()) for at in (found.lower_fuzzy, found.upper_fuzzy))
print("python edtf 5.0.2:", *days)
PY
node --input-type=module - <<'JS' >>seen
import edtf from "edtf";

const about = edtf("2018-12~");
console.log("npm edtf 4.11.1:", ...[about.min, about.max].map((each) => new Date(each).toISOString().slice(0, 10)));
JS
cat >known <<'TEXT'
undate 0.8.0: 2018-12 equal
python edtf 5.0.2: 2017-11-01 2020-01-31
npm edtf 4.11.1: 2018-12-01 2018-12-31
TEXT
echo "Expected: 2018-12~ kept, not equal to 2018-12, and about 2018-11-01 to 2019-01-31. Seen:"
cat seen
diff known seen
