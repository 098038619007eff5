"""What every test may use, and the few settings that differ while testing."""

import gc
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import settings as property_settings
from pytest_django.plugin import blocking_manager_key

from records.audit.triggers import install
from tests.browser import browser, browser_page, open_page
from tests.deep_calls import pytest_runtestloop
from tests.selection import (
    pytest_collection_modifyitems,
    pytest_runtest_setup,
    pytest_sessionfinish,
    pytest_testnodedown,
    say_what_was_left,
)
from tests.signin import PASSWORD, give_factor, may, sign_in

__all__ = [
    "browser",
    "browser_page",
    "open_page",
    "pytest_collection_modifyitems",
    "pytest_runtest_setup",
    "pytest_runtestloop",
    "pytest_sessionfinish",
    "pytest_testnodedown",
]


#: The captured files of the tests of one process.
STORE = Path(tempfile.mkdtemp(prefix="captures-"))


def pytest_unconfigure() -> None:
    shutil.rmtree(STORE, ignore_errors=True)


def pytest_configure() -> None:
    """Change settings before anything has read them."""
    # How long a property takes depends on what else the machine does.
    property_settings.register_profile("waymark", deadline=None)
    property_settings.load_profile("waymark")
    gc.set_threshold(50_000, 20, 20)  # or Python looks for rubbish among all models and templates every few requests
    # Pages name static files plainly, so that nothing has to be collected first (see test_static_files.py).
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True
    # Slow hashing protects real passwords, and would make up most of the time of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CAPTURES_DIR = STORE
    # In memory, whatever the process: pytest-django gives each its own file unless it finds Django's own backend.
    if settings.IS_SQLITE:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    # Tries to sign in are counted in this process, not in the files of an installation.
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


@pytest.fixture(autouse=True, scope="module")
def swept(django_db_blocker: Any) -> Iterator[None]:
    """Sweep out of PostgreSQL what the tests of a file rolled back: rows that are gone are read over until then.

    Its own sweeper is switched off, which would come in the middle of a test. After 10,000 incidents every later query
    took five times as long.
    """
    yield
    if connection.vendor == "postgresql" and connection.connection is not None:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 200")
            for (table,) in cursor.fetchall():
                cursor.execute(f'VACUUM "{table}"')


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Forget what SQLite's triggers wrote down while a test that commits had its tables emptied, in any order.

    Or the trail of a later test would tell of rows that were there before it began. So the trail begins anew.
    """
    yield
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or (marker and marker.kwargs.get("transaction"))
    if commits and nextitem is not None and connection.vendor == "sqlite":
        with item.config.stash[blocking_manager_key].unblock(), connection.cursor() as cursor:
            for table in ("records_change", "records_auditentry", "cases_unstoredincident"):
                cursor.execute(f"DELETE FROM {table}")
            install(connection)


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    """Forget the tries to sign in, and the codes that were used up, of the test before."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_files_captured() -> None:
    """Remove the captured files of the test before, whose rows are gone as well."""
    for each in STORE.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


@pytest.fixture
def admin_user(db: None) -> User:
    """A superuser with a second factor, who may also read: superusers may not, unless it was granted."""
    user = User.objects.create_superuser("admin", password=PASSWORD)
    give_factor(user)
    return may(user, "read_team", "read_partner")


@pytest.fixture
def admin_client(admin_user: User) -> Client:
    """A client of that user's, who signed in just now."""
    return sign_in(Client(), admin_user)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The seeds, loaded once for all tests of a module and taken back after them.

    Such a module holds nothing else, and its tests are marked django_db.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seeds", verbosity=0)
        connection.check_constraints()  # or PostgreSQL checks them again at the end of every test
        yield
        transaction.set_rollback(True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left to other runs; what the leak test asked, and what came of it."""
    say_what_was_left(terminalreporter)
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    found = [json.loads(told) for report in reports for name, told in report.user_properties if name == "leaks"]
    if found:
        terminalreporter.write_line(
            "Leak test: {routes} routes, {requests} requests, sent {sent} times in five worlds: "
            "{differences} differences, {leaks} leaks, {seconds:.0f} seconds of work. "
            "The same again: LEAKS_EVERY={every} LEAKS_FROM={first}.".format(
                **found[0]["sample"],
                **{name: sum(each["figures"][name] for each in found) for name in found[0]["figures"]},
            )
        )
