"""Datasette over the same file: its page of a table, and the same SQL; in a virtual environment of its own."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from bench.databases import VAR
from make.shell import Trouble

VERSION = "0.65.1"
SETTINGS = {"sql_time_limit_ms": "120000", "max_returned_rows": "10000", "default_page_size": "50"}
STARTS_IN = 60.0


class Datasette:
    """A server of Datasette: its port, its process, and the name that it gives to the database."""

    def __init__(self, port: int, process: int, name: str) -> None:
        self.port, self.process, self.name = port, process, name

    def ask(self, address: str) -> int:
        """Return how long an answer is. Raises RuntimeError where it is not 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        with closing(connection):  # a new one each time: it hangs up by itself after some seconds
            connection.request("GET", f"/{self.name}{address}")
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"Datasette answered {answer.status}: {body[:200]!r}")
        return len(body)

    def browse(self, table: str) -> int:
        return self.ask(f"/{table}")

    def query(self, statement: str, values: tuple[str, ...]) -> int:
        """Ask for a statement as JSON, its values written into it."""
        for value in values:
            statement = statement.replace("?", f"'{value}'", 1)
        return self.ask(f".json?{urlencode({'sql': statement, '_shape': 'arrays'})}")


def program() -> Path:
    """Return Datasette's program; installed first where it is not there yet. Raises Trouble."""
    home = VAR / f"datasette-{VERSION}"
    found = home / "bin" / "datasette"
    if not found.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(home)], check=False).returncode
        words = [str(home / "bin" / "pip"), "install", "--quiet", f"datasette=={VERSION}"]
        if made or subprocess.run(words, check=False).returncode:
            raise Trouble(f"Datasette {VERSION} could not be installed. Without it:  DATASETTE=no make bench")
    return found


@contextmanager
def served(file: Path) -> Iterator[Datasette]:
    """Serve a file on a free port of this machine, and stop after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [program(), "serve", file, "--host", "127.0.0.1", "--port", port]
    words += [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server = Datasette(port, process.pid, file.stem)
        deadline = time.monotonic() + STARTS_IN
        while time.monotonic() < deadline:
            with suppress(OSError, RuntimeError):
                server.ask("")
                break
            time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait()
