// Write what ICU says of each year of other calendars: its first Gregorian day, and the days of its months.
// Made by Node 20.20.2 with ICU 78.2 (Intl):  node tests/files/make_icu_calendars.mjs > tests/files/icu_calendars.csv
const DAY = 86400000;
const RANGES = {
  SH: ["persian", 1319, 1437, "1940-01-01", "2060-01-01"],
  AH: ["islamic-umalqura", 1420, 1450, "1999-01-01", "2030-01-01"],
  EC: ["ethiopic", 1900, 2040, "1906-01-01", "2049-01-01"],
  BE: ["buddhist", 2484, 2599, "1940-01-01", "2058-01-01"],
  ROC: ["roc", 1, 180, "1911-01-01", "2093-01-01"],
};
console.log("calendar,year,first_day,days_of_months");
for (const [code, [name, first, last, from, to]] of Object.entries(RANGES)) {
  const format = new Intl.DateTimeFormat(`en-u-ca-${name}-nu-latn`, {
    year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC",
  });
  const years = new Map();
  let before = null;
  for (let at = Date.parse(from); at < Date.parse(to); at += DAY) {
    const part = Object.fromEntries(format.formatToParts(at).map((each) => [each.type, each.value]));
    const year = Number(part.year ?? part.relatedYear), month = Number(part.month), day = Number(part.day);
    // Every day follows on the one before it, or begins a month: so the table below holds every day.
    if (before && day !== before + 1 && day !== 1) throw new Error(`${code} ${year}-${month}-${day}`);
    before = day;
    if (year < first || year > last || (code === "ROC" && part.era && /B|前/.test(part.era))) continue;
    if (!years.has(year)) years.set(year, { start: new Date(at).toISOString().slice(0, 10), lengths: [] });
    const lengths = years.get(year).lengths;
    lengths[month - 1] = day;
  }
  for (const [year, { start, lengths }] of years) console.log(`${code},${year},${start},${lengths.join(" ")}`);
}
