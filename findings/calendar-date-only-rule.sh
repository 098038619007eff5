#!/usr/bin/env bash
# A weekly duty that began on a day, not at a time, begins at the second in which the program runs.
#
# Guess:    rrule reads DTSTART;VALUE=DATE:20200131, the form of RFC 5545 for a day without a time, or refuses it.
# Surprise: it drops the start without a word and takes the present moment for it, with today's weekday and clock time.
#           A rule that has ended gives no day at all.
# For us:   "signs at the police station every Monday since January" becomes "every Sunday since today" in a partner's
#           calendar page, on another day for each who opens it, and a duty that ended disappears.
# Waymark:  its feed is right and stays as it is; its documentation names readers that were seen to work (icalendar with
#           recurring-ical-events) and says that rrule needs DTSTART:20200131 without VALUE=DATE.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --prefix "$work" rrule@2.8.1
cd "$work"
node --input-type=module - <<'JS'
import rrule from "rrule";

const days = (start, end) =>
  rrule.rrulestr(`${start}\nRRULE:FREQ=WEEKLY;${end}`).all().map((day) => day.toISOString().slice(0, 10));
const seen = {
  "DTSTART:20200106": days("DTSTART:20200106", "COUNT=2"),
  "DTSTART;VALUE=DATE:20200106": days("DTSTART;VALUE=DATE:20200106", "COUNT=2"),
  "the same, ended in February 2020": days("DTSTART;VALUE=DATE:20200106", "UNTIL=20200203"),
};
console.log("rrule 2.8.1. Expected: 2020-01-06 2020-01-13 for each of the first two, five days for the third. Seen:");
for (const [rule, found] of Object.entries(seen)) console.log(`  ${rule}: ${found.join(" ") || "no day"}`);

const [plain, dated, ended] = Object.values(seen);
const known = plain[0] === "2020-01-06" && dated.length === 2 && dated[0] > "2026" && ended.length === 0;
if (!known) throw new Error("no longer so: look at this finding again");
JS
