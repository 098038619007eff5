"""What every test may use, and the few settings that differ while testing."""

import pytest
from django.conf import settings

from tests.browser import browser, browser_page, open_page

__all__ = ["browser", "browser_page", "open_page"]


def pytest_configure() -> None:
    """Change settings before anything has read them."""
    # Pages name static files plainly, so that nothing has to be collected first (see test_static_files.py).
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True
    # Slow hashing protects real passwords, and would make up most of the time of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests at the end, where their event loop disturbs no other, and all into one process."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
