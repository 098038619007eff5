"""What is told of the packages that an installation runs: which are behind, and what they are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

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


@pytest.fixture(scope="module")
def sbom(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The list that `make sbom` writes to a file."""
    path = tmp_path_factory.mktemp("sbom") / "waymark.cdx.json"
    command = [sys.executable, "-W", "error", "-m", "make.sbom", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return path.read_text(encoding="utf-8")


class TestSbom:
    """`make sbom`."""

    def test_it_keeps_to_the_schema_of_cyclonedx(self, sbom: str) -> None:
        assert json.loads(sbom)["specVersion"] == "1.6"
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom) is None

    def test_it_holds_every_package_of_the_lock_with_its_hashes_and_nothing_else(self, sbom: str) -> None:
        listed = {
            component["purl"]: {each["content"] for each in component["externalReferences"][0]["hashes"]}
            for component in json.loads(sbom)["components"]
        }
        text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
        locked = {
            f"pkg:pypi/{name}@{version}": set(re.findall(r"sha256:([0-9a-f]{64})", files))
            for name, version, files in re.findall(r"^(\S+)==(\S+)(.*(?:\n .*)*)", text, re.MULTILINE)
        }
        assert len(locked) > 30
        assert listed == locked

    def test_it_names_the_licence_of_whatever_is_installed(self, sbom: str) -> None:
        components = json.loads(sbom)["components"]
        licences = {component["name"]: component.get("licenses") for component in components}
        assert licences["django"] == [{"license": {"acknowledgement": "declared", "id": "BSD-3-Clause"}}]
        assert licences["cryptography"][0]["expression"] == "Apache-2.0 OR BSD-3-Clause"
        unknown = [component for component in components if "licenses" not in component]
        assert all(component["description"].startswith("Installed only where ") for component in unknown), unknown

    def test_it_tells_what_waymark_asks_for_and_what_that_brings_along(self, sbom: str) -> None:
        content = json.loads(sbom)
        needs = {each["ref"]: each.get("dependsOn", []) for each in content["dependencies"]}
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert content["metadata"]["component"]["version"] == project["version"]
        assert len(needs["waymark"]) == len(project["dependencies"])
        allauth = next(ref for ref in needs["waymark"] if "django-allauth@" in ref)
        assert {"fido2", "qrcode"} <= {re.split("[/@]", ref)[1] for ref in needs[allauth]}, "what its extra asks for"
