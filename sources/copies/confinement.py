"""What the process that reads a stranger's file gives up before that, so that whoever gets hold of it has little.

It runs as the server's own user, since another one takes root to change to. Its limits hold on every Unix; on Linux it
gets no new rights, and where the kernel has Landlock (5.13, 2021), it opens no file but Python's own programs and the
system's libraries, connects to nothing by TCP (kernel 6.7), and sends no signal to others (6.12).
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

#: Bytes of memory, and seconds of processor.
MEMORY, SECONDS = 3 << 30, 20
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_FSIZE: 0,  # it writes to its output, which is a pipe
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CORE: 0,  # what it read is not left behind on the disk
}
#: Of Linux: the number of prctl for “no new privileges”; those of Landlock's calls are the same on all common machines.
NO_NEW_PRIVILEGES, CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 38, 444, 445, 446
#: Of Landlock: the kinds of access to files that each version knows, and which of them reading programs takes.
ACCESS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
READING = 0b1101  # to execute, to read a file, to list a folder
TCP, OTHERS = 0b11, 0b11  # to listen and to connect; abstract sockets and signals of others
PROGRAMS = {
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64"),
    str(Path(__file__).parent.parent),
}


def confine(*, may_start_threads: bool) -> None:
    """Give up what reading a file does not take. Raises OSError where the kernel offers a part of it and then refuses.

    No other process and no thread is started then, unless the reader of a kind of file needs threads. (Root is not held
    by that limit.)
    """
    os.chdir("/")
    limits = LIMITS if may_start_threads else {**LIMITS, resource.RLIMIT_NPROC: 0}
    for limit, most in limits.items():
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        confine_by_landlock(ctypes.CDLL(None, use_errno=True))


def landlock_version(libc: ctypes.CDLL) -> int:
    """Return which Landlock the kernel has; less than 1 where it has none."""
    return int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def confine_by_landlock(libc: ctypes.CDLL) -> None:
    checked(libc.prctl(NO_NEW_PRIVILEGES, *(ctypes.c_ulong(number) for number in (1, 0, 0, 0))))
    if (version := landlock_version(libc)) < 1:
        return
    rules = struct.pack("=Q", ACCESS[min(version, 5)])
    rules += struct.pack("=Q", TCP) if version >= 4 else b""
    rules += struct.pack("=Q", OTHERS) if version >= 6 else b""
    ruleset = checked(libc.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint32(0)))
    for path in PROGRAMS:
        with suppress(FileNotFoundError):
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("=Qi", READING, folder)
            checked(libc.syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0)))
            os.close(folder)
    checked(libc.syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    os.close(ruleset)


def checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "The process that reads files could not be confined.")
    return answer
