"""`make bench`: how long everything takes, beside what it would take by hand and with other tools (docs/speed.md)."""
