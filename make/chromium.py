"""A Chromium for the browser tests: found on the system, installed when missing, never silently done without.

CHROMIUM names the program to use. Runs inside the virtual environment.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from make.shell import Trouble, run, say, tell

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
INSTALL_SECONDS = "240"
PLAYWRIGHT = [sys.executable, "-m", "playwright"]
NO_DRIVER = """\
Playwright, which drives the browser, does not start; mostly the library libatomic is missing. Install it, then
run again:
  Debian, Ubuntu:  sudo apt install libatomic1
  Fedora:          sudo dnf install libatomic"""
NOT_FOUND = """\
The browser tests need Chromium; none was found, and none could be installed. Do one of these, then run again:
  Debian:   sudo apt install chromium
  Fedora:   sudo dnf install chromium
  others:   .venv/bin/playwright install --with-deps chromium
or name a Chromium or Chrome that you have:  CHROMIUM=/path/to/chrome make test"""


def starts(program: str | Path) -> bool:
    """Whether a browser starts: some systems have a program of that name that only says what to install."""
    try:
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return shown.returncode == 0 and "Chrom" in shown.stdout


def find(playwright_own: str) -> str | None:
    """Return a Chromium that starts: the named one, else the system's, else the one playwright installed."""
    if named := os.environ.get("CHROMIUM"):
        if not starts(named):
            raise Trouble(f"CHROMIUM={named} is not a Chromium that starts.")
        return named
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in [*found, playwright_own] if starts(path)), None)


def administrator() -> list[str] | None:
    """Return the words that make a command run as root without asking, None where that is not allowed."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


def as_root(apt: str, dnf: str) -> Iterator[list[str]]:
    """Yield the commands that install a system package, where this account may: its name for apt, and for dnf."""
    root = administrator()
    if root is not None and shutil.which("apt-get"):
        yield [*root, "apt-get", "update", "-q"]
        yield [*root, "apt-get", "install", "-qy", "--no-install-recommends", apt]
    elif root is not None and shutil.which("dnf"):
        yield [*root, "dnf", "install", "-y", dnf]


def ways_to_install() -> Iterator[list[str]]:
    """Yield the commands that may bring Chromium to this machine, the least intrusive first."""
    limit = ["timeout", INSTALL_SECONDS] if shutil.which("timeout") else []
    yield [*limit, *PLAYWRIGHT, "install", "chromium"]
    yield from as_root("chromium", "chromium")
    if (root := administrator()) is not None:
        yield [*root, *PLAYWRIGHT, "install-deps", "chromium"]  # what playwright's own one links to


def install_until(works: Callable[[], object], ways: Iterable[list[str]], otherwise: str) -> None:
    """Run one command after the other until the thing works; stop with a message when it never does."""
    if works():
        return
    for command in ways:
        say(" ".join(command))
        run(command)
        if works():
            return
    raise Trouble(otherwise)


def driver_starts() -> bool:
    """Whether playwright's own program starts: the smallest systems lack a library that it links to."""
    return subprocess.run([*PLAYWRIGHT, "--version"], capture_output=True, check=False).returncode == 0


def main() -> None:
    """Find a Chromium and what playwright needs to drive it; install what is missing."""
    install_until(driver_starts, as_root("libatomic1", "libatomic"), NO_DRIVER)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    install_until(lambda: find(own), ways_to_install(), NOT_FOUND)
    print(f"Chromium: {find(own)}", flush=True)


if __name__ == "__main__":
    tell(main)
