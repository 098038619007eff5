"""The commands of the Makefile: what they accept, and what the lock files promise."""

import re
import socket
import subprocess
import sys
import tomllib

import pytest

from make import run
from make.packages import NEWEST, OLDEST
from make.shell import ROOT, Trouble

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("text", ["eighty", "-1", "0", "65536", "80 80", "٨٠٠٠", "8000.0", "0x50", "²"])
def test_a_port_that_is_no_port_number_is_refused(text, monkeypatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Trouble, match="PORT must be a number from 1 to 65535"):
        run.port()


@pytest.mark.parametrize(("text", "number"), [("", 8000), ("8001", 8001), ("65535", 65535)])
def test_a_port_number_is_taken(text, number, monkeypatch):
    monkeypatch.setenv("PORT", text)
    assert run.port() == number


def test_a_port_in_use_is_refused_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {number} is already in use. Choose another one"):
            run.must_be_free(number)
    run.must_be_free(number)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_registry(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|@|--(?!hash=)|^\s*#", text, re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9-]+==[\w.]+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_a_package_has_one_version_in_all_locks():
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, version in pinned(name):
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_the_lock_holds_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[^a-z0-9-]", line)[0] for line in project["dependencies"]}
    assert asked <= {package for package, _version in pinned("requirements.lock")}
    lower, upper = (".".join(map(str, pair)) for pair in (OLDEST, (NEWEST[0], NEWEST[1] + 1)))
    assert project["requires-python"] == f">={lower},<{upper}"


@pytest.mark.parametrize(
    "url", ["", "word", "mysql://u:word@host/name", "postgres://u:word@host:port/name", "postgres://u:word@[host/name"]
)
def test_a_database_url_that_cannot_be_meant_is_refused_without_its_password(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Trouble, match="DATABASE_URL is not understood") as trouble:
        run.check_database_url()
    assert "word@" not in str(trouble.value).replace("user:password@host", "")


@pytest.mark.parametrize("url", ["postgres://u:p%40ss@host/name", "postgresql://host:5432/name", "sqlite:///data.db"])
def test_a_database_url_that_can_be_meant_is_taken(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    run.check_database_url()


def test_a_database_that_does_not_answer_is_one_line_without_the_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:hidden-word@127.0.0.1:1/none")
    command = [sys.executable, "-m", "make.database"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer: ")
    assert "Traceback" not in done.stderr
    assert "hidden-word" not in done.stdout + done.stderr


def pinned(name: str) -> list[tuple[str, str]]:
    """Return the packages of a lock file with their versions."""
    return re.findall(r"^(\S+?)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
