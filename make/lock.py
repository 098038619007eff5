"""`make lock`: resolve pyproject.toml anew into the hash-locked files, once for every Python and platform.

The files name no registry: pip takes the packages from whichever one the machine uses and checks each hash.
"""

import sys
import tomllib

from make.packages import OLDEST, PIP_INSTALL, VENV, make_venv
from make.shell import ROOT, must, say, tell

RUN, TEST, POSTGRES = "requirements.lock", "requirements-test.lock", "requirements-postgres.lock"
# Each lock is bound by the one before it, so that a package has one version in all of them.
LOCKS = [
    (RUN, ["pyproject.toml"]),
    (TEST, ["pyproject.toml", "--constraint", RUN, "--group", "test", "--group", "lint"]),
    (POSTGRES, ["--constraint", TEST, "--group", "postgres"]),
]
COMPILE = [
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--only-binary", ":all:"),
    *("--python-version", ".".join(map(str, OLDEST))),
    *("--no-emit-index-url", "--no-header", "--no-annotate"),
]


def main() -> None:
    """Write the lock files. Words on the command line go to uv, such as --upgrade."""
    make_venv()
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    say("Installing the resolver")
    must([*PIP_INSTALL, *groups["lock"]])
    for name, inputs in LOCKS:
        say(f"Resolving {name}")
        must([VENV / "bin" / "uv", *COMPILE, *sys.argv[1:], *inputs, "--output-file", name])


if __name__ == "__main__":
    tell(main)
