#!/usr/bin/env bash
# Held since 2016, until when nobody knows: one library frees the person in 2026, the other before the arrest.
#
# Guess:    EDTF tells an unknown end ("2016/") from an open one ("2016/.."). A library gives no last day for the first,
#           and infinity at most.
# Surprise: Python's edtf invents an end ten years on; npm edtf counts the missing end as the number nought, so that the
#           interval ends on 1 January 1970, before it begins, and covers no day at all.
# For us:   the person leaves a partner's list of those still held, in 2026 or at once.
# Waymark:  writes ".." and never an empty side, and reads neither as an end; its parser refuses "2016/" and says what to
#           write. Keep both so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq edtf==5.0.2
npm install --silent --prefix "$work" edtf@4.11.1
cd "$work"
bin/python - <<'PY' >seen
from edtf import parse_edtf

found = parse_edtf("2016/").upper_strict()
print("python edtf 5.0.2, last day of 2016/:", "{0.tm_year}-{0.tm_mon:02}-{0.tm_mday:02}".format(found))
PY
node --input-type=module - <<'JS' >>seen
import edtf from "edtf";

const held = edtf("2016/");
console.log("npm edtf 4.11.1, last day of 2016/:", new Date(held.max).toISOString().slice(0, 10));
console.log("npm edtf 4.11.1, 2016/ covers June 2017:", held.covers(edtf("2017-06")));
JS
cat >known <<'TEXT'
python edtf 5.0.2, last day of 2016/: 2026-01-01
npm edtf 4.11.1, last day of 2016/: 1970-01-01
npm edtf 4.11.1, 2016/ covers June 2017: false
TEXT
echo "Expected: no last day, and June 2017 not excluded. Seen:"
cat seen
diff known seen
