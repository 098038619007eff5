"""The checks at start: what is refused once others can reach the server, and SQLite versions that lose data.

Production is whatever answers to more than this machine, or stands behind TLS. A refusal names the setting, what is
wrong with it and what to do, never a secret itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10
#: Words of the keys that stand in examples, with everything but letters left out.
PLACEHOLDERS = ("djangoinsecure", "changeme", "changethis", "replaceme", "placeholder", "yoursecret", "secretkey")

NO_PROXIES = (
    "PROXIES left out or below 0: every reader would count as one address, that of the web server in front, and one "
    "stranger's wrong passwords would be everybody's. Set PROXIES=1 with one web server of your own in front (2 with "
    "two), which appends the client's address to X-Forwarded-For; PROXIES=0 where readers reach Waymark itself."
)
PRELOAD_ALONE = (
    "HSTS_PRELOAD without HSTS_SUBDOMAINS: no browser takes such a host into its list. Set HSTS_SUBDOMAINS=true if "
    "every host below this one is behind TLS, for years to come; else leave HSTS_PRELOAD out."
)

#: For each journal mode of SQLite: what makes a commit survive a power cut in it.
JOURNALS = {
    "delete": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;",
    "wal": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
#: Write-ahead logging can damage the file before these versions, by release line (the “WAL-reset” bug)...
MENDED = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
#: ... and in one that was withdrawn.
WITHDRAWN = (3, 52, 0)


@dataclass(frozen=True)
class Started:
    """The settings to judge. `key_file` is the file that holds the signing key, None where the environment gives it.

    `proxies` is the number of web servers in front, None where nobody said. `preload_alone` tells that HSTS_PRELOAD
    was asked for without the subdomains.
    """

    key: str
    key_file: Path | None
    debug: bool
    hosts: list[str]
    https: bool
    proxies: int | None
    preload_alone: bool
    database: Path | None

    @property
    def is_production(self) -> bool:
        return self.https or not THIS_MACHINE.issuperset(self.hosts)


def refuse_unsafe(started: Started) -> None:
    """Raise ImproperlyConfigured with everything that is unsafe in production; elsewhere all is allowed."""
    faults = list(faults_of(started)) if started.is_production else []
    if faults:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise ImproperlyConfigured(
            f"Waymark does not start in production (HTTPS=true, or ALLOWED_HOSTS beyond this machine) with:\n{lines}"
        )


def faults_of(started: Started) -> Iterator[str]:
    """Yield what is wrong, and what to do."""
    if started.debug:
        yield "DEBUG=true: error pages would show settings and data. Leave DEBUG out."
    yield from faults_of_hosts(started.hosts)
    if started.https and (started.proxies is None or started.proxies < 0):
        yield NO_PROXIES
    if started.preload_alone:
        yield PRELOAD_ALONE
    if fault := fault_of_key(started.key):
        mend = f"Delete {started.key_file}" if started.key_file else "Leave SECRET_KEY out"
        yield f"SECRET_KEY that {fault}. {mend}, and a random one is made and kept."
    yield from readable_by_others("SECRET_KEY", started.key_file)
    yield from readable_by_others("DATABASE_URL", started.database)


def faults_of_hosts(hosts: Iterable[str]) -> Iterator[str]:
    """Yield the host names that stand for more than one host, or that nothing stands for."""
    for host in hosts:
        if "*" in host or host.startswith("."):
            yield f"ALLOWED_HOSTS with the wildcard {host!r}: whoever forges the host name is believed. Name each host."
    if not any(hosts):
        yield "ALLOWED_HOSTS without a host: no request would be answered. Name the host that readers type."


def fault_of_key(key: str) -> str:
    """Say why a signing key could be guessed, or nothing."""
    letters = "".join(filter(str.isalpha, key)).lower()
    if any(word in letters for word in PLACEHOLDERS):
        return "is taken from an example"
    if len(key) < SHORTEST_KEY:
        return f"is shorter than {SHORTEST_KEY} characters"
    if len(set(key)) < FEWEST_CHARACTERS or key in (key + key)[1:-1]:
        return "repeats a few characters"
    return ""


def readable_by_others(setting: str, file: Path | None) -> Iterator[str]:
    """Yield a fault where a file gives its group or everybody a right to it. One that is not there yet has none."""
    mode = file.stat().st_mode & 0o777 if file is not None and file.exists() else 0
    if mode & 0o077:
        yield f"{setting}: the file {file} is open to others (mode {mode:04o}). Run:  chmod 600 {file}"


def known_zone(name: str) -> str:
    """Return the name of a time zone, or refuse one that nobody knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"ORGANISATION_TIME_ZONE: there is no time zone {name!r}. Write one as the IANA database names it, such as "
            "Europe/Istanbul, or leave it out for UTC."
        ) from None
    return name


def journal_pragmas(mode: str, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return what sets a journal mode, or refuse one that this version of SQLite gets wrong."""
    if mode not in JOURNALS:
        raise ImproperlyConfigured(f"SQLITE_JOURNAL is {' or '.join(JOURNALS)}, not {mode!r}.")
    if mode == "wal" and not keeps_its_log(version):
        number = ".".join(map(str, version))
        raise ImproperlyConfigured(
            f"SQLITE_JOURNAL=wal: SQLite {number} can damage the database in this mode. "
            "Leave SQLITE_JOURNAL out, or use SQLite 3.51.3 or newer (not 3.52.0)."
        )
    return JOURNALS[mode]


def keeps_its_log(version: tuple[int, ...]) -> bool:
    """Tell whether write-ahead logging is sound in a version of SQLite."""
    line, patch = version[:2], version[2]
    if line in MENDED:
        return patch >= MENDED[line]
    return line > max(MENDED) and version[:3] != WITHDRAWN
