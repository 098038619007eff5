#!/usr/bin/env bash
# "Summer 2018" is April to June for one EDTF library and June to August for the other; winter has one month.
#
# Guess:    2018-22 and 2018-24 mean the same months in the two best-known EDTF libraries; winter has three, over new year.
# Surprise: npm edtf takes the seasons for quarters: spring January to March, summer April to June, winter October to
#           December. Python's edtf has summer from June to August, and its winter of 2018 is December alone: it neither goes
#           on into the next year nor begins with January. undate, a third reader, refuses seasons.
# For us:   an arrest of January 2019, told as "in winter 2018-19", is outside the winter of both; one of August is outside
#           the summer of a page that a partner made in JavaScript.
# Waymark:  24 is December to February of the next year. Exports give `earliest` and `latest` beside the text, so that
#           nobody has to ask a library; the codebook says which months are meant.
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

for text in ("2018-22", "2018-24"):
    found = parse_edtf(text)
    days = ("{0.tm_year}-{0.tm_mon:02}-{0.tm_mday:02}".format(at()) for at in (found.lower_strict, found.upper_strict))
    print("python edtf 5.0.2", text, *days)
    try:
        print("undate 0.8.0", text, Undate.parse(text, "EDTF"))
    except Exception:
        print("undate 0.8.0", text, "refused")
PY
node --input-type=module - <<'JS' >>seen
import edtf from "edtf";

for (const text of ["2018-22", "2018-24"]) {
  const [first, last] = [edtf(text).min, edtf(text).max].map((each) => new Date(each).toISOString().slice(0, 10));
  console.log("npm edtf 4.11.1", text, first, last);
}
JS
cat >known <<'TEXT'
python edtf 5.0.2 2018-22 2018-06-01 2018-08-31
undate 0.8.0 2018-22 refused
python edtf 5.0.2 2018-24 2018-12-01 2018-12-31
undate 0.8.0 2018-24 refused
npm edtf 4.11.1 2018-22 2018-04-01 2018-06-30
npm edtf 4.11.1 2018-24 2018-10-01 2018-12-31
TEXT
echo "Expected: one answer for 2018-22; 2018-12-01 to 2019-02-28 for 2018-24. Seen:"
cat seen
diff known seen
