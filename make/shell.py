"""Running other programs, and speaking to the person at the terminal."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


class Trouble(Exception):
    """Something the person at the terminal can mend; its text says how."""


def say(text: str) -> None:
    """Announce the next piece of work."""
    print(f"\n== {text}", flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
    """Run a program from the project's folder and return its exit status.

    Ctrl-C reaches the program directly and a SIGTERM is passed on: in both cases we wait until it has cleaned
    up after itself, so that nothing it started is left behind.
    """
    asked_to_stop: list[int] = []
    process: subprocess.Popen[bytes] | None = None

    def stop(number: int, _frame: object) -> None:
        asked_to_stop.append(number)
        if number == signal.SIGTERM and process is not None:
            process.terminate()

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        process = subprocess.Popen(list(map(str, command)), env=env, cwd=ROOT)
        status = process.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if asked_to_stop:
        raise KeyboardInterrupt
    return status if status >= 0 else 128 - status


def must(command: Sequence[str | Path], env: Mapping[str, str] | None = None, otherwise: str = "") -> None:
    """Run a program that has to succeed; if it fails, stop with a reason."""
    if status := run(command, env):
        shown = " ".join(Path(part).name if Path(part).is_absolute() else str(part) for part in command)
        raise Trouble(otherwise or f"`{shown}` failed (exit status {status}); its own message stands above.")


def environment(**changes: str | None) -> dict[str, str]:
    """Return this process's environment with some variables set, or left out where the value is None."""
    kept = {name: value for name, value in os.environ.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


def tell(work) -> NoReturn:
    """Do the work of a command; turn trouble and Ctrl-C into a short message and an exit status."""
    try:
        sys.exit(work())
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)
