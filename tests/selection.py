"""Which tests run where, and in what order, with nothing left out in silence.

A test that touches no database runs once, on SQLite: another database could not make it fail. It touches one where it
is marked `django_db` or a fixture of it sets up the database; one that does without saying so fails in pytest-django.
A test marked `program` runs with `make programs` only. Each run says how many tests it left to another.
"""

from __future__ import annotations

import shutil
from ctypes.util import find_library
from typing import Any

import pytest
from django.db import connection

#: What the tests marked `program` may ask for, and where it comes from.
PROGRAMS = {
    "soffice": "LibreOffice (Debian, Ubuntu: sudo apt install libreoffice-calc libreoffice-writer)",
    "ssconvert": "Gnumeric (Debian, Ubuntu: sudo apt install gnumeric)",
    "Rscript": "R (Debian, Ubuntu: sudo apt install r-base-core)",
    "openrefine": "OpenRefine (https://openrefine.org/download, its folder on the PATH)",
    "pgbouncer": "PgBouncer (Debian, Ubuntu: sudo apt install pgbouncer)",
    "node": "Node.js (Debian, Ubuntu: sudo apt install nodejs)",
    "npm": "npm (Debian, Ubuntu: sudo apt install npm)",
    "libical": "libical (Debian, Ubuntu: sudo apt install libical3)",
}
#: The files that take longest, from about ten seconds on: begun last, one would keep a process busy after all others.
LONGEST = (
    "test_leaks.py",
    "test_admin_visibility.py",
    "test_same_rows.py",
    "test_query_plans.py",
    "test_api_as_described.py",
    "test_columns_shown.py",
    "test_attack_script.py",
    "test_query_counts.py",
    "test_deployment.py",
    "test_dossier_readers.py",
    "test_paging.py",
    "test_roles_browser.py",
    "test_signin_browser.py",
)
LEFT = pytest.StashKey[dict[str, int]]()


def touches_a_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in fixtures_of(item)


def fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def left_to_another_run(item: pytest.Item, asked_for: str, vendor: str) -> str:
    """Say which run a test is left to, or nothing.

    `asked_for` is the expression of markers given to pytest, `vendor` the database: "sqlite" or "postgresql".
    """
    if "program" not in asked_for and item.get_closest_marker("program"):
        return "need programs that pip cannot install, or take over 20 seconds: `make programs` runs them"
    if vendor != "sqlite" and not touches_a_database(item):
        return "touch no database: they run once, on SQLite"
    return ""


def place(item: pytest.Item) -> tuple[bool, int]:
    """Return where the file of a test comes: the longest first, the browser's last, whose event loop stays on."""
    name = item.path.name
    return item.get_closest_marker("browser") is not None, LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests to other runs, and put the longest first. Several processes take the files in this order."""
    why = {item: left_to_another_run(item, config.option.markexpr, connection.vendor) for item in items}
    left = [item for item in items if why[item]]
    config.hook.pytest_deselected(items=left)
    config.stash[LEFT] = {reason: [*why.values()].count(reason) for reason in {*why.values()} - {""}}
    items[:] = [item for item in items if not why[item]]
    items.sort(key=place)


def is_here(name: str) -> bool:
    """Whether a program is on the PATH, or a library (lib...) where the system keeps them."""
    return bool(find_library(name.removeprefix("lib")) if name.startswith("lib") else shutil.which(name))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose programs are not all here, and say what to install."""
    for marker in item.iter_markers("program"):
        for name in marker.args:
            if not is_here(name):
                pytest.fail(f"{name} is not on this machine. Install {PROGRAMS[name]}.", pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In one of several processes: tell the one at the terminal what was left to other runs."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = session.config.stash.get(LEFT, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[LEFT] = getattr(node, "workeroutput", {}).get("left", {})


def say_what_was_left(terminalreporter: Any) -> None:
    for reason, number in terminalreporter.config.stash.get(LEFT, {}).items():
        terminalreporter.write_line(f"{number} tests {reason}.")
