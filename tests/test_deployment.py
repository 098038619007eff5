"""How an installation starts: what it refuses in production, and what every answer of it carries."""

from __future__ import annotations

import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from config.headers import POLICY
from config.production import fault_of_key, keeps_its_log
from make.shell import environment
from tests.signin import sign_in

FOLDERS = ("records", "sources", "cases", "seeds", "templates", "static")
GOOD_KEY = secrets.token_urlsafe(64)
PRODUCTION: dict[str, str | None] = {
    "HTTPS": "true",
    "PROXIES": "1",
    "ALLOWED_HOSTS": "waymark.example.org",
    "DATABASE_URL": None,
    "SECRET_KEY": GOOD_KEY,
    "DEBUG": None,
    "SQLITE_JOURNAL": None,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation of its own: this code, and no data."""
    shutil.copytree(settings.BASE_DIR / "config", tmp_path / "config")
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    for folder in FOLDERS:
        (tmp_path / folder).symlink_to(settings.BASE_DIR / folder)
    (tmp_path / "var").mkdir(mode=0o700)
    return tmp_path


def start(home: Path, *words: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run manage.py in production but for some changes of the environment."""
    command = [sys.executable, "manage.py", *(words or ("check",))]
    env = environment(**PRODUCTION | changes, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False)


def test_check_finds_nothing_to_warn_of_in_production(home: Path) -> None:
    told = start(home, "check", "--deploy", "--fail-level", "WARNING")
    assert told.returncode == 0, told.stderr


REFUSED: dict[str, dict[str, str | None]] = {
    "DEBUG": {"DEBUG": "true"},
    "DEBUG without TLS": {"DEBUG": "true", "HTTPS": "false"},
    "ALLOWED_HOSTS of everything": {"ALLOWED_HOSTS": "*"},
    "ALLOWED_HOSTS of everything, without TLS": {"ALLOWED_HOSTS": "*", "HTTPS": "false"},
    "ALLOWED_HOSTS of a domain": {"ALLOWED_HOSTS": "localhost,.com"},
    "ALLOWED_HOSTS with a star": {"ALLOWED_HOSTS": "*.example.org"},
    "ALLOWED_HOSTS of nothing": {"ALLOWED_HOSTS": ""},
    "SECRET_KEY that is short": {"SECRET_KEY": "Zk3vW8qLr5xTn1mB7cYs"},
    "SECRET_KEY of a new project": {"SECRET_KEY": "django-insecure-" + GOOD_KEY},
    "SECRET_KEY of an example": {"SECRET_KEY": "please_change-me-" + GOOD_KEY},
    "SECRET_KEY of one letter": {"SECRET_KEY": "x" * 60},
    "SECRET_KEY that repeats": {"SECRET_KEY": "Zk3vW8qLr5xT" * 5},
    "PROXIES left out": {"PROXIES": None},
    "PROXIES of nothing": {"PROXIES": ""},
    "PROXIES below nothing": {"PROXIES": "-1"},
    "HSTS_PRELOAD without the subdomains": {"HSTS_PRELOAD": "true"},
    "SQLITE_JOURNAL that does not exist": {"SQLITE_JOURNAL": "off"},
}


@pytest.mark.attack("G3")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_unsafe_in_production_is_refused_by_name(home: Path, name: str) -> None:
    told = start(home, **REFUSED[name])
    assert told.returncode != 0
    assert name.split()[0] in told.stderr.splitlines()[-1]
    assert GOOD_KEY not in told.stdout + told.stderr
    assert (REFUSED[name].get("SECRET_KEY") or GOOD_KEY) not in told.stdout + told.stderr


@pytest.mark.parametrize(("setting", "file"), [("SECRET_KEY", "secret_key"), ("DATABASE_URL", "waymark.sqlite3")])
def test_a_key_or_a_database_that_others_can_read_is_refused(home: Path, setting: str, file: str) -> None:
    path = home / "var" / file
    path.write_text(GOOD_KEY if file == "secret_key" else "")
    path.chmod(0o640)
    told = start(home, SECRET_KEY=None)
    assert told.returncode != 0
    assert f"{setting}: the file {path} is open to others (mode 0640). Run:  chmod 600 {path}" in told.stderr
    assert GOOD_KEY not in told.stderr
    path.chmod(0o600)
    assert start(home, SECRET_KEY=None).returncode == 0


def test_no_web_server_in_front_is_a_number_to_give(home: Path) -> None:
    told = start(home, PROXIES="0")
    assert told.returncode == 0, told.stderr
    told = start(home, PROXIES=None)
    assert "PROXIES left out" in told.stderr and "Set PROXIES=1" in told.stderr and "PROXIES=0" in told.stderr
    assert start(home, PROXIES=None, HTTPS=None, ALLOWED_HOSTS=None).returncode == 0


def test_a_kept_key_is_judged_like_a_given_one(home: Path) -> None:
    (home / "var" / "secret_key").write_text("short")
    (home / "var" / "secret_key").chmod(0o600)
    told = start(home, SECRET_KEY=None)
    assert told.returncode != 0
    assert f"Delete {home}/var/secret_key" in told.stderr


def test_this_machine_alone_may_be_developed_on(home: Path) -> None:
    told = start(home, DEBUG="true", HTTPS=None, ALLOWED_HOSTS=None, SECRET_KEY="short")
    assert told.returncode == 0, told.stderr


def test_random_keys_are_good_ones() -> None:
    keys = [made for _ in range(200) for made in (secrets.token_urlsafe(64), secrets.token_hex(32))]
    assert [fault for key in keys if (fault := fault_of_key(key))] == []


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 0), True),
    ],
)
def test_a_log_is_written_ahead_only_where_sqlite_gets_it_right(version: tuple[int, ...], sound: bool) -> None:
    assert keeps_its_log(version) is sound


def test_the_journal_that_was_chosen_is_the_one_in_use(home: Path) -> None:
    """On a version that damages the file, the choice is refused instead, in production or not."""
    (home / "var" / "waymark.sqlite3").touch(mode=0o600)
    ask = "from django.db import connection as c; k = c.cursor(); "
    ask += "print(*(k.execute(f'PRAGMA {name}').fetchone()[0] for name in ('journal_mode', 'synchronous')))"
    assert start(home, "shell", "--no-imports", "-c", ask).stdout.split() == ["delete", "3"]
    told = start(home, "shell", "--no-imports", "-c", ask, SQLITE_JOURNAL="wal", HTTPS=None, ALLOWED_HOSTS=None)
    if keeps_its_log(sqlite3.sqlite_version_info):
        assert told.stdout.split() == ["wal", "2"]
    else:
        assert (told.returncode, "SQLITE_JOURNAL=wal: SQLite 3." in told.stderr) == (1, True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="these limits are PostgreSQL's")
@pytest.mark.parametrize(("serves", "limits"), [("import config.wsgi", "1min 5s 1min"), ("pass", "0 0 0")])
@pytest.mark.django_db
def test_a_request_may_not_hold_the_database_and_a_command_may(home: Path, serves: str, limits: str) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    ask = f"{serves}; import django; django.setup(); from django.db import connection as c; k = c.cursor(); "
    ask += f"print(*(k.execute(f'SHOW {{name}}').fetchone()[0] for name in {names}))"
    env = environment(DJANGO_SETTINGS_MODULE="config.settings", SERVING=None)
    told = subprocess.run([sys.executable, "-c", ask], cwd=home, env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == limits


def test_behind_tls_cookies_are_bound_to_this_host(home: Path) -> None:
    ask = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
    ask += "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, "
    ask += "s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)"
    told = start(home, "shell", "--no-imports", "-c", ask)
    assert told.stdout.split() == [*("__Host-sessionid", "__Host-csrftoken"), *["True"] * 4, "/", "None"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "max-age=63072000"),
        ({"HSTS_SUBDOMAINS": "true"}, "max-age=63072000; includeSubDomains"),
        ({"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_other_hosts_and_preload_lists_are_bound_only_when_asked_for(
    home: Path, asked: dict[str, str], told: str
) -> None:
    ask = "from django.test import Client; "
    ask += "print(Client().get('/healthz', secure=True, HTTP_HOST='waymark.example.org')['Strict-Transport-Security'])"
    assert start(home, "shell", "--no-imports", "-c", ask, **asked).stdout.strip() == told


def addresses(resolver: Any = None, prefix: str = "/") -> Iterator[str]:
    """Yield an address for every route of the site; what a route asks for in it need not exist."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = re.sub(r"\(\?P<.*?>.*?\)", "nothing", str(pattern.pattern).strip("^$"))
        text = prefix + re.sub(r"<.*?>", "00000000", text)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, text)
        else:
            yield text.rstrip("$")


def ask_everywhere(client: Client) -> Iterator[tuple[str, Any]]:
    client.raise_request_exception = False
    for address in [*addresses(), "/no-such-page/", "/static/waymark.css", "/healthz?x=%00"]:
        yield address, client.get(address)
        yield f"POST {address}", client.post(address)


@pytest.fixture(params=["a stranger", "somebody signed in", "a bearer of a token"])
def asker(request: pytest.FixtureRequest, client: Client, db: None) -> Client:
    if request.param == "somebody signed in":
        sign_in(client, User.objects.create_superuser("reader"))
    if request.param == "a bearer of a token":
        client.defaults["HTTP_AUTHORIZATION"] = "Token nobody"
    return client


HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.attack("G2")
def test_every_answer_of_every_route_carries_the_headers_and_no_cache_stores_what_is_private(asker: Client) -> None:
    is_known = "sessionid" in asker.cookies or "HTTP_AUTHORIZATION" in asker.defaults
    missing, stored = [], []
    for address, response in ask_everywhere(asker):
        missing += [f"{address}: {name}" for name, value in HEADERS.items() if response.headers.get(name) != value]
        is_private = is_known or response.cookies or address.startswith(("/admin/", "/account/", "POST"))
        if is_private and response.headers["Cache-Control"] != "no-store":
            stored.append(address)
    assert missing == []
    assert stored == []


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert not re.search("unsafe|nonce|http|\\*", POLICY)
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(POLICY.split("; "))


@pytest.mark.django_db
def test_a_cache_asks_again_before_it_shows_a_public_page(client: Client) -> None:
    for address in ("/", "/people/", "/people/export.csv", "/api/v1/people/", "/codebook/"):
        assert client.get(address).headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_behind_tls_browsers_are_told_to_stay_there(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 63_072_000
    plain = Client().get("/people/")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/people/")
    assert plain.headers["Content-Security-Policy"] == POLICY
    assert Client().get("/people/", secure=True).headers["Strict-Transport-Security"].startswith("max-age=63072000")
