"""Which tests run where, and in what order, with nothing left out in silence.

A test that touches no database runs once, on SQLite: another database could not make it fail. It touches one where it
is marked `django_db` or a fixture of it sets up the database; one that does without saying so fails in pytest-django.
A test marked `program` runs with `make programs` only. Each run says how many tests it left to another.
"""

from __future__ import annotations

import shutil
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
}
#: The files with the longest tests: begun last, one of them would keep one process busy when all others are done.
LONGEST = ("test_leaks.py", "test_admin_visibility.py")
#: Fixtures that fill the database for all tests of a module: each module stays in one process, which does so once.
FILLED_ONCE = {"seeded", "large", "trip_tables"}
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


def group_of(item: pytest.Item) -> str:
    """Name the tests that stay together in one process, or nothing."""
    if item.get_closest_marker("browser"):
        return "browser"
    return item.path.stem if FILLED_ONCE & {*fixtures_of(item)} else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests to other runs, keep together what belongs together, and put the longest first.

    The browser tests come last, where their event loop disturbs no other.
    """
    why = {item: left_to_another_run(item, config.option.markexpr, connection.vendor) for item in items}
    left = [item for item in items if why[item]]
    config.hook.pytest_deselected(items=left)
    config.stash[LEFT] = {reason: [*why.values()].count(reason) for reason in {*why.values()} - {""}}
    items[:] = [item for item in items if not why[item]]
    items.sort(key=lambda item: (group_of(item) == "browser", item.path.name not in LONGEST))
    for item in items:
        if group := group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose programs are not all here, and say what to install."""
    for marker in item.iter_markers("program"):
        for name in marker.args:
            if shutil.which(name) is None:
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
