#!/usr/bin/env bash
# A duty on the 31st, or the last day of a shorter month, shows on up to four days of each month.
#
# Guess:    RFC 5545 says it with BYMONTHDAY=28,29,30,31;BYSETPOS=-1 (the last of these days that a month has). Every
#           calendar reader shows one day a month, and a plain FREQ=MONTHLY from the 31st only months that have a 31st.
# Surprise: ical.js, which many web and desktop calendars are built on, leaves BYSETPOS out here: 28, 29, 30 and 31 March.
#           node-ical reads that rule well, but moves a plain monthly rule from the 31st to the 28th for good.
# For us:   a lawyer sees a report to the police due three days early, or on four days, and stops trusting the feed.
# Waymark:  write no BYSETPOS. Two events that all three readers agree on: FREQ=YEARLY;BYMONTH=1,3,4,...,12;BYMONTHDAY=30
#           and, for February, FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1; for the 31st, FREQ=MONTHLY;BYMONTHDAY=-1 alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq icalendar==7.3.0 recurring-ical-events==3.8.2
npm install --silent --prefix "$work" ical.js@2.2.1 node-ical@0.26.1
cd "$work"

event() {
    printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//Example//Example//EN BEGIN:VEVENT UID:example \
        DTSTAMP:20260101T000000Z 'DTSTART;VALUE=DATE:20260131' 'DTEND;VALUE=DATE:20260201' SUMMARY:Report \
        "RRULE:$1;UNTIL=20260430" END:VEVENT END:VCALENDAR >"$2.ics"
}
event 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1' setpos
event 'FREQ=MONTHLY' plain
event 'FREQ=MONTHLY;BYMONTHDAY=-1' last

cat >read.py <<'PY'
import sys
from datetime import date

import icalendar
import recurring_ical_events

for name in sys.argv[1:]:
    with open(f"{name}.ics", "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    found = recurring_ical_events.of(calendar).between(date(2026, 1, 1), date(2027, 1, 1))
    print("recurring-ical-events 3.8.2", name, *(f"{event.start:%m-%d}" for event in found))
PY
cat >read.mjs <<'JS'
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
import ical from "node-ical";

for (const name of process.argv.slice(2)) {
  const text = readFileSync(`${name}.ics`, "utf8");
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent"));
  const days = [];
  for (let each, all = event.iterator(); (each = all.next()); ) days.push(each.toString().slice(5));
  console.log("ical.js 2.2.1", name, ...days);
  const other = Object.values(ical.sync.parseICS(text)).find((each) => each.rrule);
  console.log("node-ical 0.26.1", name, ...other.rrule.all().map((day) => day.toISOString().slice(5, 10)));
}
JS
{ bin/python read.py setpos plain last; TZ=UTC node read.mjs setpos plain last; } | sort >seen
cat >known <<'TEXT'
ical.js 2.2.1 last 01-31 02-28 03-31 04-30
ical.js 2.2.1 plain 01-31 03-31
ical.js 2.2.1 setpos 01-31 02-28 03-28 03-29 03-30 03-31 04-28 04-29 04-30
node-ical 0.26.1 last 01-31 02-28 03-31 04-30
node-ical 0.26.1 plain 01-31 02-28 03-28 04-28
node-ical 0.26.1 setpos 01-31 02-28 03-31 04-30
recurring-ical-events 3.8.2 last 01-31 02-28 03-31 04-30
recurring-ical-events 3.8.2 plain 01-31 03-31
recurring-ical-events 3.8.2 setpos 01-31 02-28 03-31 04-30
TEXT
echo "Expected: setpos 01-31 02-28 03-31 04-30 and plain 01-31 03-31 by every reader. Seen:"
cat seen
LC_ALL=C sort -o seen seen && LC_ALL=C sort -o known known && diff known seen
