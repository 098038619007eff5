"""The databases that are measured: made by `synthesize`, each with a copy for what is written by hand."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

from make.shell import ROOT, Trouble

VAR = ROOT / "var" / "bench"
SEED = 1


@dataclass(frozen=True)
class Database:
    """One database: its kind, its size in incidents, the address of it, and of the copy for what is written by hand."""

    kind: str
    size: int
    url: str
    copy_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of whoever asks it."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "SERVING")}
        secret = os.environ.get("SECRET_KEY") or secrets.token_hex(32)
        return kept | {
            "PYTHONWARNINGS": "ignore",
            "DATABASE_URL": self.url,
            "SECRET_KEY": secret,
            "ALLOWED_HOSTS": "localhost",
        }


def manage(database: Database, *words: str) -> None:
    """Run a command of manage.py. Raises Trouble."""
    command = [sys.executable, "manage.py", *words]
    if subprocess.run(command, env=database.environment, cwd=ROOT, check=False).returncode:
        raise Trouble(f"manage.py {words[0]} failed in {database.kind}, {database.size} incidents.")


def fill(database: Database) -> float:
    """Make the tables and the rows; return how many seconds the rows took."""
    manage(database, "migrate", "--noinput", "--verbosity", "0")
    manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    began = time.monotonic()
    manage(database, "synthesize", str(database.size), "--seed", str(SEED))
    return time.monotonic() - began


def sqlite(size: int) -> tuple[Database, float]:
    """Make a file of this size; return it and the seconds that took."""
    VAR.mkdir(parents=True, exist_ok=True)
    file, copy = VAR / f"{size}.sqlite3", VAR / f"{size}-by-hand.sqlite3"
    for old in (*VAR.glob(f"{file.name}*"), *VAR.glob(f"{copy.name}*")):
        old.unlink()
    file.touch(mode=0o600)
    database = Database("sqlite", size, f"sqlite:///{file}", f"sqlite:///{copy}")
    seconds = fill(database)
    shutil.copyfile(file, copy)
    return database, seconds


def postgresql(size: int, server: str) -> tuple[Database, float]:
    """Make a database of this size on a server; return it and the seconds that took."""
    at = server.rpartition("/")[0]
    name, copy = f"bench_{size}", f"bench_{size}_by_hand"
    for each in (name, copy):
        psql(server, f"DROP DATABASE IF EXISTS {each}")
    psql(server, f"CREATE DATABASE {name}")
    database = Database("postgresql", size, f"{at}/{name}", f"{at}/{copy}")
    seconds = fill(database)
    psql(server, f"CREATE DATABASE {copy} TEMPLATE {name}")
    psql(database.url, "VACUUM ANALYZE")
    return database, seconds


def psql(url: str, statement: str) -> None:
    subprocess.run(["psql", "--quiet", "--command", statement, url], check=True, cwd=ROOT)
