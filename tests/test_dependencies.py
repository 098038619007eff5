"""What is told of the packages that an installation runs: which are behind, and what they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from make.lock import LOCKS, pins
from make.outdated import asked_for
from make.shell import ROOT, environment


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A package index in a folder, which holds what the locks name, for uv to read in place of the real one."""
    locked = {pin.name: pin.version for name, _inputs in LOCKS for pin in pins(name)}
    for package in asked_for():
        publish(tmp_path, package, locked[package])
    return tmp_path


def publish(index: Path, package: str, version: str, python: str = ">=3.11") -> None:
    """Add an empty wheel to an index."""
    name = package.replace("-", "_")
    page = index / package / "index.html"
    page.parent.mkdir(exist_ok=True)
    wheel = f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with ZipFile(page.parent / wheel, "w") as file:
        file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    with page.open("a") as text:
        text.write(f'<a href="{wheel}" data-requires-python="{python.replace(">", "&gt;")}">{wheel}</a>\n')


def outdated(index: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Ask an index, and nothing else, what is behind."""
    env = environment(
        UV_DEFAULT_INDEX=index, UV_CACHE_DIR=str(tmp_path / "cache"), UV_NO_CONFIG="1", UV_HTTP_RETRIES="0"
    )
    command = [sys.executable, "-m", "make.outdated"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


class TestOutdated:
    """`make outdated`."""

    def test_nothing_is_behind_where_the_index_has_nothing_newer(self, index: Path, tmp_path: Path) -> None:
        done = outdated(index.as_uri(), tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"Behind: 0 of the {len(asked_for())} packages that the project asks for.\n"

    def test_what_is_behind_stands_with_what_our_range_takes_and_what_there_is(
        self, index: Path, tmp_path: Path
    ) -> None:
        publish(index, "django-allauth", "65.999.1")
        publish(index, "pyyaml", "6.999")
        publish(index, "pyyaml", "7.0")
        publish(index, "django", "999.1", python=">=3.12")
        locked = dict(pin[:2] for pin in pins("requirements.lock"))
        done = outdated(index.as_uri(), tmp_path)
        assert done.returncode == 0, done.stderr
        assert [line.split() for line in done.stdout.splitlines() if line.startswith("  ")][1:] == [
            ["django", locked["django"], locked["django"], "999.1"],
            ["django-allauth", locked["django-allauth"], "65.999.1", "65.999.1"],
            ["pyyaml", locked["pyyaml"], "6.999", "7.0"],
        ]

    def test_without_an_index_it_says_so_and_lists_nothing(self, tmp_path: Path) -> None:
        done = outdated("http://127.0.0.1:1/simple", tmp_path)
        assert done.returncode == 1
        assert "The package index cannot be reached" in done.stderr
        assert done.stdout == "" and "Traceback" not in done.stderr
