"""`make bench`: make the databases, measure each in a process of its own, print the table, and write var/bench.json.

SIZES="10000 100000" chooses the sizes, DATABASES="sqlite" the databases; DATASETTE=no and FORMER=no leave out these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from bench import former
from bench.databases import VAR, Database, postgresql, sqlite
from bench.table import judged, printed
from make.shell import ROOT, Trouble, say, tell
from tests.postgres import find, server

SIZES, DATABASES = "10000 100000 1000000", "sqlite postgresql"


def sizes() -> list[int]:
    """Return SIZES. Raises Trouble."""
    text = os.environ.get("SIZES") or SIZES
    if not all(each.isascii() and each.isdigit() and int(each) > 0 for each in text.split()):
        raise Trouble(f"SIZES must be numbers of incidents, as “10000 100000”, not {text!r}.")
    return [int(each) for each in text.split()]


def kinds() -> list[str]:
    """Return DATABASES. Raises Trouble."""
    chosen = (os.environ.get("DATABASES") or DATABASES).split()
    if unknown := set(chosen) - set(DATABASES.split()):
        raise Trouble(f"DATABASES must be among {DATABASES}, not {', '.join(sorted(unknown))}.")
    return chosen


def measured(database: Database, seconds: float) -> list[dict[str, Any]]:
    """Measure one database; return a row for each work. Raises Trouble."""
    say(f"{database.kind}, {database.size:,} incidents (made in {seconds:.0f} s)")
    file = VAR / f"{database.kind}-{database.size}.jsonl"
    file.unlink(missing_ok=True)
    words = [sys.executable, "-m", "bench.one", database.kind, str(database.size), database.copy_url, str(file)]
    if subprocess.run(words, env=database.environment, cwd=ROOT, check=False).returncode:
        raise Trouble(f"Measuring {database.kind} at {database.size:,} incidents failed; why stands above.")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    load = {"work": "bulk load", "database": database.kind, "reader": "command", "size": database.size, "kind": "load"}
    return [*rows, load | {"ours_ms": round(seconds * 1000), "failed": {}, "asked": 1, "peak_mb": 0.0, "others": {}}]


def main() -> int:
    """Measure everything that was chosen."""
    chosen, rows = kinds(), []
    VAR.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        url = ""
        if "postgresql" in chosen:
            programs = find()
            if programs is None:
                raise Trouble("No PostgreSQL 15 or newer was found. Install one, or:  DATABASES=sqlite make bench")
            url = stack.enter_context(server(programs))
        for size in sizes():
            for kind in chosen:
                rows += measured(*(sqlite(size) if kind == "sqlite" else postgresql(size, url)))
    if os.environ.get("FORMER") != "no":
        former.measure(rows)
    found = judged(rows)
    (ROOT / "var" / "bench.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(printed(found))
    print("\n* asked once, as it takes too long to be asked again and again.")
    print(f"{sum(bool(row['not_kept']) for row in found)} of {len(found)} rows do not keep a bound: see docs/speed.md.")
    return 0


if __name__ == "__main__":
    tell(main)
