"""`make test`: every test on SQLite, then every test that touches the database on a PostgreSQL of its own.

`make programs` runs the others: tests that need programs which pip cannot install, and drills of over 20 seconds.

The tests run in as many processes as there are processors, four at most. PYTEST holds further words for pytest:
make test PYTEST="-k dates", or PYTEST="-n 0" for a single process.
"""

import os
import secrets
import shlex
import sys

from make.packages import PYTHON, install
from make.shell import environment, must, run, say, tell

# Nothing a developer has set may lead the tests to a real database, and no key of this machine is needed.
TEST_ENV = environment(
    DATABASE_URL="sqlite://:memory:",
    SECRET_KEY=secrets.token_hex(32),
    DJANGO_SETTINGS_MODULE=None,
)


def check_project() -> None:
    """Stop before the tests where the models have no migration or Django itself finds fault."""
    say("Checking the project")
    must([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], TEST_ENV)
    must([PYTHON, "manage.py", "check", "--fail-level", "WARNING"], TEST_ENV)
    production = {**TEST_ENV, "HTTPS": "true", "PROXIES": "1"}
    must([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], production)


def pytest_command() -> list[str]:
    """Return the pytest call, with the developer's own words."""
    processes = min(os.cpu_count() or 1, 4)
    # Whole files, in the order of tests/selection.py: what a module stores once is stored by one process only.
    side_by_side = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"] if processes > 1 else []
    return [str(PYTHON), "-m", "pytest", *side_by_side, *shlex.split(os.environ.get("PYTEST", ""))]


def on_sqlite() -> int:
    """Run everything, the browser tests too."""
    must([PYTHON, "-m", "make.chromium"], TEST_ENV)
    say("Tests on SQLite")
    return run(pytest_command(), TEST_ENV)


def find_postgresql() -> None:
    """Bring a PostgreSQL where the system has none."""
    if run([PYTHON, "-m", "tests.postgres", "--find"], TEST_ENV):
        install("requirements-postgres.lock")
        must([PYTHON, "-m", "tests.postgres", "--find"], TEST_ENV)


def on_postgresql() -> int:
    """Run everything that can differ between databases, on a server started for this run alone."""
    find_postgresql()
    say("Tests on PostgreSQL")
    return run([PYTHON, "-m", "tests.postgres", *pytest_command(), "-m", "not browser"], TEST_ENV)


def programs() -> int:
    """Run what needs programs that pip cannot install, and long drills, on both databases, and only that."""
    words = [*pytest_command(), "-m", "program"]
    find_postgresql()
    say("Programs and drills on SQLite")
    status = run(words, TEST_ENV)
    say("Programs and drills on PostgreSQL")
    return max(status, run([PYTHON, "-m", "tests.postgres", *words], TEST_ENV))


DATABASES = {"sqlite": on_sqlite, "postgresql": on_postgresql}
SUITES = DATABASES | {"programs": programs}


def main() -> int:
    """Run the suites named on the command line (both databases when none is) and tell which of them failed."""
    install("requirements-test.lock")
    check_project()
    results = {name: SUITES[name]() for name in sys.argv[1:] or DATABASES}
    for name, status in results.items():
        if status:
            print(f"\nThe tests of the run “{name}” failed (pytest's exit status {status}).", file=sys.stderr)
    return max(results.values())


if __name__ == "__main__":
    tell(main)
