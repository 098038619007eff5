#!/usr/bin/env bash
# Born after March 1985? Everybody of whom only the year is known, also those born in 1950.
#
# Guess:    SPARQL cannot compare a year (xsd:gYear) with a day (xsd:date); a comparison that makes no sense is an error, and
#           FILTER drops the row, as it does for any two types that do not compare.
# Surprise: rdflib falls back on ordering the two by the name of their type. ">" then holds for every year and every month
#           that there is, "<" for none, whatever the numbers are.
# For us:   a partner who takes linked data, and asks who was under age on a day, gets everyone whose birth is vague, or
#           no one, by the direction of the question.
# Waymark:  if it ever writes RDF: two plain xsd:date values, earliest and latest, beside the EDTF text, and never gYear or
#           gYearMonth alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work"
"$work/bin/pip" install -qq rdflib==7.6.0
"$work/bin/python" - <<'PY'
import sys

from rdflib import XSD, Graph, Literal, URIRef

BORN = URIRef("urn:example:born")
PEOPLE = {
    "day in 1984": ("1984-01-01", XSD.date),
    "day in 1986": ("1986-06-15", XSD.date),
    "year 1950": ("1950", XSD.gYear),
    "year 1999": ("1999", XSD.gYear),
    "month in 1901": ("1901-06", XSD.gYearMonth),
}
graph = Graph()
for name, (text, kind) in PEOPLE.items():
    graph.add((URIRef(f"urn:example:{name.replace(' ', '-')}"), BORN, Literal(text, datatype=kind)))


def born(sign: str) -> list[str]:
    found = graph.query(f"SELECT ?who {{ ?who <{BORN}> ?day FILTER(?day {sign} '1985-03-01'^^<{XSD.date}>) }}")
    return sorted(str(row.who).removeprefix("urn:example:").replace("-", " ") for row in found)


expected = {"<": ["day in 1984"], ">": ["day in 1986"]}
surprise = {"<": ["day in 1984"], ">": ["day in 1986", "month in 1901", "year 1950", "year 1999"]}
seen = {sign: born(sign) for sign in expected}
print("rdflib 7.6.0, born before and after 1 March 1985", f"{expected = }", f"{seen = }", sep="\n")
sys.exit("no longer so: look at this finding again" if seen != surprise else 0)
PY
