"""`make lock`: resolve pyproject.toml anew into the hash-locked files, once for every Python and platform.

The files name no registry: pip takes the packages from whichever one the machine uses and checks each hash.
"""

import re
import sys
import tomllib
from typing import Any, NamedTuple

from make.packages import OLDEST, PIP_INSTALL, VENV, make_venv
from make.shell import ROOT, must, say, tell

RUN, TEST = "requirements.lock", "requirements-test.lock"
SBOM, POSTGRES = "requirements-sbom.lock", "requirements-postgres.lock"
# Each lock is bound by the one before it, so that a package has one version in all of them.
LOCKS = [
    (RUN, ["pyproject.toml"]),
    (TEST, ["pyproject.toml", "--constraint", RUN, "--group", "test", "--group", "lint"]),
    (SBOM, ["--constraint", TEST, "--group", "sbom"]),
    (POSTGRES, ["--constraint", TEST, "--group", "postgres"]),
]
COMPILE = [
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--only-binary", ":all:"),
    *("--python-version", ".".join(map(str, OLDEST))),
    *("--no-emit-index-url", "--no-header", "--no-annotate"),
]


class Pin(NamedTuple):
    """What a lock file says of one package: `marker` tells where it is installed, "" everywhere; SHA-256 in hex."""

    name: str
    version: str
    marker: str
    hashes: list[str]


def pins(name: str) -> list[Pin]:
    """Return the packages of a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    return [pin(entry) for entry in entries]


def pin(entry: str) -> Pin:
    """Read one entry: `name==version ; marker \\`, and below it a line for each file that may be installed."""
    head, *files = entry.split("\\\n")
    package, _, marker = head.partition(" ; ")
    name, version = package.strip().split("==")
    return Pin(name, version, marker.strip(), [file.split("sha256:")[1].strip() for file in files])


def pyproject() -> dict[str, Any]:
    """Return what the project says of itself and of what it needs."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def main() -> None:
    """Write the lock files. Words on the command line go to uv, such as --upgrade."""
    make_venv()
    say("Installing the resolver")
    must([*PIP_INSTALL, *pyproject()["dependency-groups"]["lock"]])
    for name, inputs in LOCKS:
        say(f"Resolving {name}")
        must([VENV / "bin" / "uv", *COMPILE, *sys.argv[1:], *inputs, "--output-file", name])


if __name__ == "__main__":
    tell(main)
