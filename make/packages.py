"""The virtual environment: made once, filled from a lock file, left alone while that file is unchanged."""

import importlib.util
import subprocess
import sys
from hashlib import sha256

from make.shell import ROOT, Trouble, must, say, tell

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST, NEWEST = (3, 11), (3, 13)

RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
PIP_INSTALL = [*PIP, "install", "--only-binary", ":all:"]

NO_VENV = f"""\
{sys.executable} (Python {RUNNING}) cannot make virtual environments: \
its module "{{missing}}" is not installed.
Install it, then run the same command again:
  Debian, Ubuntu:   sudo apt install python3-venv    (or python{RUNNING}-venv)
  Fedora, RHEL:     sudo dnf install python3 python3-pip"""


def usable() -> bool:
    """Whether the virtual environment stands: its Python runs, is one we support, and has pip."""
    if not PYTHON.exists():
        return False
    probe = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Make the virtual environment, or make it again where an earlier one no longer runs."""
    if usable():
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Trouble(NO_VENV.format(missing=module))
    say(f"Making the virtual environment .venv with Python {sys.version.split()[0]}")
    must([sys.executable, "-m", "venv", "--clear", VENV], otherwise=NO_VENV.format(missing="venv"))


def install(name: str) -> None:
    """Install exactly what a lock file names, checked against its hashes, unless that was done before."""
    make_venv()
    digests = {lock.name: sha256(lock.read_bytes()).hexdigest() for lock in ROOT.glob("requirements*.lock")}
    for stamp in VENV.glob("installed-*"):  # another lock's stamp is void once its file has changed
        if stamp.read_text() != digests.get(stamp.name.removeprefix("installed-")):
            stamp.unlink()
    stamp = VENV / f"installed-{name}"
    if stamp.exists():
        return
    say(f"Installing the packages of {name}")
    must(
        [*PIP_INSTALL, "--require-hashes", "--requirement", name],
        otherwise=f"The packages of {name} could not be installed; pip's reason stands above. "
        "With the network back, run the same command again: it goes on from here.",
    )
    stamp.write_text(digests[name])


def main() -> None:
    """Install the lock files named on the command line."""
    for name in sys.argv[1:]:
        install(name)


if __name__ == "__main__":
    tell(main)
