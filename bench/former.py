"""The build of 22 November 2026, checked out beside: the same cases in its tables, and the same addresses.

It shows what was gained. Its tables are others: incidents had one state behind them and one place, and fewer kinds of
stages were told apart. What it has no column or no code for is left out, and counted.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.databases import VAR, Database
from make.shell import ROOT, Trouble, say

COMMIT, SIZE = "99b84e1", 10_000
#: Its packages, installed once.
PACKAGES = VAR / f"packages-{COMMIT}"
#: Tables that had another name.
RENAMED = {"sources_team": "records_team", "sources_team_members": "records_team_members"}
TAKEN = ("auth_user", *RENAMED)
#: Lists that come with each build.
LISTS = {"cases_country", "cases_clockrule", "cases_silencethreshold"}
#: What an incident said itself, and what its parts say now.
OF_INCIDENT = {
    "origin_id": "coalesce((SELECT min(country_id) FROM now.cases_incidentcountry p WHERE p.incident_id = r.id "
    "AND p.part = 'origin'), (SELECT min(country_id) FROM now.cases_incidentcountry p WHERE p.incident_id = r.id))",
    "location_id": "(SELECT min(country_id) FROM now.cases_incidentcountry p WHERE p.incident_id = r.id "
    "AND p.part = 'location')",
    "attribution": "'stated'",
    "actor": "''",
    "actor_confidence": "''",
    "status": "'unknown'",
    "status_as_of": "''",
    "status_as_of_precision": "'unknown'",
}


def measure(rows: list[dict[str, Any]]) -> None:
    """Add to the rows of SQLite at 10,000 incidents what the former build takes for the same addresses."""
    wanted = [row for row in rows if row["database"] == "sqlite" and row["size"] == SIZE and row.get("address")]
    if not wanted:
        return
    say(f"The former build ({COMMIT}), {SIZE:,} incidents on SQLite")
    with checked_out() as tree:
        database = VAR / f"{SIZE}-former.sqlite3"
        fill(tree, database)
        asked = [[row["work"], row["reader"], row["address"]] for row in wanted]
        words = [sys.executable, str(ROOT / "bench" / "asking.py")]
        how: dict[str, Any] = {"env": environment_of(database), "cwd": tree, "text": True, "stdout": subprocess.PIPE}
        answer = subprocess.run(words, input=json.dumps(asked), check=False, **how)
    if answer.returncode:
        raise Trouble("The former build could not be measured; why stands above. Without it:  FORMER=no make bench")
    taken = {(work, reader): ms for work, reader, ms in json.loads(answer.stdout.splitlines()[-1])}
    for row in wanted:
        if (ms := taken.get((row["work"], row["reader"]))) is not None:
            row["others"]["former"] = [ms, ms]


def environment_of(database: Path) -> dict[str, str]:
    url = f"sqlite:///{database}"
    mine = {"SECRET_KEY": secrets.token_hex(32), "PYTHONPATH": str(PACKAGES)}
    return Database("sqlite", SIZE, url, url).environment | mine


def install(tree: Path) -> None:
    """Put the former build's own packages into a folder: some are no longer among those of today. Raises Trouble."""
    if PACKAGES.exists():
        return
    say(f"Installing the packages of the former build ({COMMIT})")
    making = PACKAGES.with_suffix(".part")
    shutil.rmtree(making, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:"]
    words = [*pip, "--require-hashes", "--target", str(making), "--requirement", str(tree / "requirements.lock")]
    if subprocess.run(words, check=False).returncode:
        raise Trouble("They could not be installed; pip's reason stands above. Without them:  FORMER=no make bench")
    making.rename(PACKAGES)


@contextmanager
def checked_out() -> Iterator[Path]:
    """Check the former build out into a temporary folder, and remove it after."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-former-"))
    git = ["git", "-C", str(ROOT), "worktree"]
    try:
        if subprocess.run([*git, "add", "--quiet", "--detach", str(folder / "tree"), COMMIT], check=False).returncode:
            raise Trouble(f"{COMMIT} could not be checked out. Without it:  FORMER=no make bench")
        install(folder / "tree")
        yield folder / "tree"
    finally:
        subprocess.run([*git, "remove", "--force", str(folder / "tree")], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def fill(tree: Path, file: Path) -> None:
    """Let the former build make its tables, lists and roles, and copy the cases of today's file into them."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    lists = [f"seeds/data/{name}.yaml" for name in ("terms", "countries")]
    for words in (["migrate", "--noinput"], ["load_seeds", *lists], ["make_roles"], ["collectstatic", "--noinput"]):
        command = [sys.executable, "manage.py", *words, "--verbosity", "0"]
        subprocess.run(command, env=environment_of(file), cwd=tree, check=True, stdout=subprocess.DEVNULL)
    base = sqlite3.connect(file, isolation_level=None)
    base.execute("ATTACH ? AS now", (str(VAR / f"{SIZE}.sqlite3"),))
    base.execute("BEGIN")
    copy(base)
    base.execute("COMMIT")
    base.execute("ANALYZE")
    base.close()


def copy(base: sqlite3.Connection) -> None:
    """Copy every table of records that both builds have, column by column; say what was left out."""
    for (trigger,) in base.execute("SELECT name FROM main.sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f'DROP TRIGGER main."{trigger}"')  # its trail would tell of nothing but this
    tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name LIKE 'cases_%' OR name LIKE 'sources_%'"
    for table in (*TAKEN, *(name for (name,) in base.execute(tables).fetchall())):
        is_term = "retired" in columns(base, "main", table)
        if not is_term and table not in LISTS:
            copy_table(base, table)
    base.execute(
        "INSERT OR IGNORE INTO main.cases_incident_tactics (incident_id, tactic_id) "
        "SELECT incident_id, tactic_id FROM now.cases_tacticused "
        "WHERE tactic_id IN (SELECT code FROM main.cases_tactic)"
    )
    base.execute("UPDATE main.cases_incident SET host_id = location_id WHERE location_id <> origin_id")


def copy_table(base: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table; a row that the former build's constraints refuse is left out."""
    source = RENAMED.get(table, table)
    theirs, ours = (columns(base, *place) for place in (("now", source), ("main", table)))
    moved = OF_INCIDENT if table == "cases_incident" else {}
    taken = {name: moved.get(name, f'r."{name}"') for name in ours if name in theirs or name in moved}
    if not theirs:
        return
    names = ", ".join(f'"{name}"' for name in taken)
    statement = f"INSERT OR IGNORE INTO main.{table} ({names}) SELECT {', '.join(taken.values())} FROM now.{source} r"
    written = base.execute(statement).rowcount
    (wanted,) = base.execute(f"SELECT count(*) FROM now.{source}").fetchone()
    if written < wanted:
        print(f"  {table}: {wanted - written:,} of {wanted:,} rows have no place there", flush=True)


def columns(base: sqlite3.Connection, schema: str, table: str) -> list[str]:
    """Return the columns of a table, none where there is no such table."""
    return [name for (name,) in base.execute("SELECT name FROM pragma_table_info(?, ?)", (table, schema))]
