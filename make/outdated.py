"""`make outdated`: which of the packages that pyproject.toml asks for are behind.

The index is asked twice: for the newest that our ranges take on the oldest Python that we support, and for the newest
there is on the newest Python. What others bring along is not listed: it follows from these.
"""

import re
import subprocess
import sys

from make.lock import LOCKS, pins, pyproject
from make.packages import NEWEST, OLDEST
from make.shell import Trouble, tell

ONLY_THESE = ["--quiet", "--no-deps", "--only-binary", ":all:", "--no-header", "--no-annotate", "--no-emit-index-url"]
NO_ANSWER = """\
The package index cannot be reached, or had no answer, so it is not known what is behind. uv said:
{reason}"""


def asked_for() -> dict[str, str]:
    """Return the requirements of the project and of its groups, by name."""
    project = pyproject()
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    lines = [line for lines in groups for line in lines if isinstance(line, str)]  # no string: another group, by name
    return {re.split(r"[^a-z0-9-]", line)[0]: line for line in lines}


def newest(requirements: list[str], python: tuple[int, int]) -> dict[str, str]:
    """Return the newest version of each that a Python takes, as wheels. Raises Trouble where no index answers."""
    version = ".".join(map(str, python))
    command = [sys.executable, "-m", "uv", "pip", "compile", *ONLY_THESE, "--python-version", version, "-"]
    done = subprocess.run(command, input="\n".join(requirements), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(NO_ANSWER.format(reason=done.stderr.strip()))
    return dict(re.findall(r"^([a-z0-9-]+)\S*==(\S+)", done.stdout, re.MULTILINE))


def main() -> None:
    """List name, locked version, the newest that our range takes, and the newest there is."""
    asked = asked_for()
    locked = {pin.name: pin.version for name, _inputs in LOCKS for pin in pins(name)}
    taken, there = newest(list(asked.values()), OLDEST), newest(list(asked), NEWEST)
    behind = [name for name in sorted(asked) if locked[name] != there[name]]
    print(f"Behind: {len(behind)} of the {len(asked)} packages that the project asks for.")
    if behind:
        rows = [("package", "locked", "our range takes", "newest")]
        rows += [(name, locked[name], taken[name], there[name]) for name in behind]
        print("\n".join(f"  {a:30}{b:20}{c:20}{d}" for a, b, c, d in rows))
        print('To take what our range takes: make lock LOCK="--upgrade-package NAME". Ranges stand in pyproject.toml.')


if __name__ == "__main__":
    tell(main)
