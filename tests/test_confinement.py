"""What the process that reads strangers' files can still do, once it has given up what that does not take."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from sources.copies.confinement import landlock_version
from sources.copies.making import make_copy
from tests.test_copies import WHOLE

LANDLOCK = landlock_version(ctypes.CDLL(None)) if sys.platform == "linux" else 0
BEGIN = "import os, socket, sys\nfrom sources.copies.confinement import confine\nconfine(may_start_threads=False)\n"


def confined(code: str, *words: str) -> str:
    """Run some lines in a confined process, and return what it was refused, or "done"."""
    lines = (
        f"{BEGIN}try:\n    {code}\nexcept OSError as error:\n    print(type(error).__name__)\nelse:\n    print('done')"
    )
    command = [sys.executable, "-E", "-s", "-B", "-c", lines, *words]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env={}, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_of_every_kind_is_read_in_the_process_made_for_it(tmp_path: Path, kind: str) -> None:
    sealed = tmp_path / "sealed"
    sealed.write_bytes(WHOLE[kind])
    made = make_copy(sealed, kind)
    assert (made.problem, bool(made.content)) == ("", True)


def test_it_stands_nowhere_near_the_data_and_writes_no_file(tmp_path: Path) -> None:
    assert confined("assert os.getcwd() == '/'; assert not os.environ.get('SECRET_KEY')") == "done"
    assert confined("open(sys.argv[1], 'w').write('x')", str(tmp_path / "new")) in ("PermissionError", "OSError")


@pytest.mark.skipif(os.getuid() == 0, reason="root may start as many processes as it likes")
def test_it_starts_no_process() -> None:
    assert confined("os.fork()") == "BlockingIOError"


@pytest.mark.skipif(LANDLOCK < 1, reason="the kernel has no Landlock")
def test_it_reads_no_file_but_programs_and_gets_no_new_rights(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    assert confined("open(sys.argv[1])", str(secret)) == "PermissionError"
    assert confined("open('/proc/self/environ')") == "PermissionError"
    assert confined("os.listdir(sys.argv[1])", str(settings.BASE_DIR)) == "PermissionError"
    assert confined("import encodings.cp1254, PIL.PcxImagePlugin") == "done"
    assert confined("import ctypes; assert ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1") == "done"


@pytest.mark.skipif(LANDLOCK < 4, reason="the kernel's Landlock knows no network")
def test_it_connects_to_no_database() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = str(server.getsockname()[1])
        assert confined("socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)", port) == "PermissionError"


@pytest.mark.skipif(LANDLOCK < 6, reason="the kernel's Landlock knows no signals")
def test_it_sends_no_signal_to_the_server() -> None:
    assert confined("os.kill(int(sys.argv[1]), 0)", str(os.getpid())) == "PermissionError"
