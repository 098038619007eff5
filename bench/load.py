"""`make load`: 20 analysts, 5 programs and 2 editors ask over HTTP, each as fast as it is answered.

They ask the server as `make run` starts it, over 10,000 made-up incidents, for five minutes on each database, and the
former build in turn. SECONDS, SIZE and DATABASES choose others; FORMER=no leaves the former build out.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench import former
from bench.__main__ import kinds
from bench.clients import Asked, Caller
from bench.databases import VAR, Database, postgresql, sqlite
from make.shell import ROOT, Trouble, say, tell
from tests.postgres import find, server

ANALYSTS, PROGRAMS, EDITORS = 20, 5, 2
KINDS = ("list", "page", "API", "form", "save")
STARTS_WITHIN = 60


def main() -> int:
    """Put the load on each database and build that was chosen; print the table, and write var/load.json."""
    seconds, size = (int(os.environ.get(name) or given) for name, given in (("SECONDS", 300), ("SIZE", former.SIZE)))
    VAR.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        for kind in kinds():
            if kind == "sqlite":
                database, _ = sqlite(size)
            elif programs := find():
                database, _ = postgresql(size, stack.enter_context(server(programs)))
            else:
                raise Trouble("There is no PostgreSQL here. Without it:  DATABASES=sqlite make load")
            rows.append(loaded(database, ROOT, database.environment, seconds, "today's"))
            if kind == "sqlite" and os.environ.get("FORMER") != "no":
                rows.append(former_build(seconds))
    print(printed(rows))
    (ROOT / "var" / "load.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 1 if any(row["errors"] or row["dropped"] for row in rows if row["build"] == "today's") else 0


def former_build(seconds: int) -> dict[str, Any]:
    """Put the load on the former build, with the same cases in its tables."""
    file = VAR / f"{former.SIZE}-former.sqlite3"
    with former.checked_out() as tree:
        former.fill(tree, file)
        url = f"sqlite:///{file}"
        return loaded(Database("sqlite", former.SIZE, url, url), tree, former.environment_of(file), seconds, "former")


def loaded(database: Database, tree: Path, environment: dict[str, str], seconds: int, build: str) -> dict[str, Any]:
    """Start a build's server, let everybody ask for so long, and return what they saw."""
    say(f"{database.kind}, {database.size:,} incidents, {build} build, {seconds} s")
    refs = people(tree, environment)
    cookies = {"analyst": refs.pop("analysts"), "program": [""] * PROGRAMS, "editor": refs.pop("editors")}
    with serving(tree, environment) as (port, process):
        until = time.monotonic() + seconds
        callers = [
            Caller(role, port, until, cookie, refs, seed)
            for role, given in cookies.items()
            for seed, cookie in enumerate(given)
        ]
        for caller in callers:
            caller.start()
        peak = 0.0
        while any(caller.is_alive() for caller in callers):
            time.sleep(1)
            peak = max(peak, memory_of(process))
    asked = [each for caller in callers for each in caller.asked]
    return {"build": build, "database": database.kind, "size": database.size, "seconds": seconds} | summed(asked, peak)


def people(tree: Path, environment: dict[str, str]) -> dict[str, list[str]]:
    """Let everybody in; return their cookies, and references to ask for. Raises Trouble."""
    words = [sys.executable, str(ROOT / "bench" / "people.py"), str(ANALYSTS), str(EDITORS)]
    told = subprocess.run(words, cwd=tree, env=environment, text=True, stdout=subprocess.PIPE, check=False)
    if told.returncode:
        raise Trouble("Nobody could be let in; why stands above.")
    found: dict[str, list[str]] = json.loads(told.stdout.splitlines()[-1])
    return found


@contextmanager
def serving(tree: Path, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve a build as `make run` does; yield the port and the number of the process. Raises Trouble."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hosts = {"PORT": str(port), "ALLOWED_HOSTS": "127.0.0.1"}
    words = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    with subprocess.Popen(words, cwd=tree, env=environment | hosts) as process:
        try:
            for _ in range(STARTS_WITHIN * 10):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            else:
                raise Trouble(f"The server did not start within {STARTS_WITHIN} seconds.")
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGTERM)


def memory_of(process: int) -> float:
    """Return the memory of a server and its workers, what they share counted once, in megabytes (Linux)."""
    total = 0
    for each in (process, *children_of(process)):
        with suppress(OSError):
            told = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
    return total / 1024


def children_of(process: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def summed(asked: list[Asked], peak: float) -> dict[str, Any]:
    """Return the answers a second, what went wrong, and the middle and the 95th of a hundred of each kind, in ms."""
    seconds = max(sum(each.ms for each in asked) / 1000 / (ANALYSTS + PROGRAMS + EDITORS), 1)
    wrong = Counter(f"{each.status} {each.address.partition('?')[0]}" for each in asked if each.status >= 400)
    took = {kind: sorted(each.ms for each in asked if each.kind == kind and 0 < each.status < 400) for kind in KINDS}
    parts = {kind: quantiles(ms, n=20) for kind, ms in took.items() if len(ms) > 1}
    return {
        "answers": len(asked),
        "a_second": round(len(asked) / seconds, 1),
        "errors": sum(wrong.values()),
        "wrong": dict(wrong.most_common(5)),
        "dropped": sum(not each.status for each in asked),
        "p50_ms": {kind: round(part[9]) for kind, part in parts.items()},
        "p95_ms": {kind: round(part[18]) for kind, part in parts.items()},
        "saved": sum(each.kind == "save" and each.status == 302 for each in asked),
        "peak_mb": round(peak),
    }


def printed(rows: list[dict[str, Any]]) -> str:
    """Return the table of what was seen, p50/p95 in milliseconds for each kind of question."""
    head = ["build", "database", "answers/s", "errors", "dropped", "saved", *KINDS, "MB"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        times = [f"{row['p50_ms'].get(kind, '-')}/{row['p95_ms'].get(kind, '-')}" for kind in KINDS]
        counts = [row["a_second"], row["errors"], row["dropped"], row["saved"]]
        lines.append([row["build"], row["database"], *map(str, counts), *times, str(row["peak_mb"])])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    tell(main)
