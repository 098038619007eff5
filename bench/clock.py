"""Measuring what several sides take for one answer: in turns, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import NamedTuple

#: Whoever takes longer than this for one answer, in seconds, is asked once.
LONG = 3.0
#: For how long all sides of a work are asked in turns, and how often at least and at most.
SECONDS, LEAST, MOST = 1.0, 3, 15
#: After how many seconds an answer is given up.
GIVEN_UP = 120.0


class Taken(NamedTuple):
    """What one answer took, in milliseconds: of processor, by the clock on the wall, and in bytes what it was long."""

    cpu: float
    wall: float
    length: int


@dataclass
class Side:
    """One way to get an answer: what to call, and the processes that work for it beside our own."""

    name: str
    answer: Callable[[], int]
    processes: tuple[int, ...] = ()
    children: bool = False
    taken: list[Taken] = field(default_factory=list)
    failed: str = ""
    peak: float = 0.0

    @property
    def cpu(self) -> float:
        return statistics.median(each.cpu for each in self.taken)

    @property
    def wall(self) -> float:
        return statistics.median(each.wall for each in self.taken)

    def ask(self) -> None:
        """Ask once, and keep what it took, and the most memory that our process held meanwhile."""
        forget_peak()
        cpu, wall = self._cpu(), time.perf_counter()
        length = self.answer()
        self.taken.append(Taken((self._cpu() - cpu) * 1000, (time.perf_counter() - wall) * 1000, length))
        self.peak = max(self.peak, peak_mb())

    def _cpu(self) -> float:
        """Seconds of processor so far, of our process and of those that work for it."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN) if self.children else None
        theirs = used.ru_utime + used.ru_stime if used else 0.0
        return time.process_time() + theirs + sum(map(cpu_of, self.processes))


def cpu_of(process: int) -> float:
    """Return the seconds of processor that another process has used, all its threads together (Linux)."""
    total = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def in_turns(sides: list[Side], interrupt: Callable[[], None]) -> None:
    """Ask every side once without counting it, then all of them in turns. Who takes LONG is asked once, and counted."""
    going = []
    for side in sides:
        with given_up(side, interrupt):
            side.ask()
            if side.taken[0].wall < LONG * 1000:
                going.append(side)
    round_takes = sum(side.taken[0].wall for side in going) / 1000 or 1
    for side in going:
        side.taken.clear()
    gc.collect()
    for _ in range(min(MOST, max(LEAST, int(SECONDS / round_takes)))):
        for side in going:
            with given_up(side, interrupt):
                side.ask()


@contextmanager
def given_up(side: Side, interrupt: Callable[[], None]) -> Iterator[None]:
    """Interrupt the database after GIVEN_UP seconds, and remember why there is no answer."""
    timer = Timer(GIVEN_UP, interrupt)
    timer.start()
    try:
        yield
    except Exception as error:  # noqa: BLE001  # one work that fails must not take the others with it; it is told
        side.failed = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    finally:
        timer.cancel()


def forget_peak() -> None:
    """Let `peak_mb` begin anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """Return the most memory that this process has held since `forget_peak`, in megabytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
