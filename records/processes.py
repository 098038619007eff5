"""Work spread over several processes: whoever asks for it reads and writes, they only reckon.

A process is begun afresh (`spawn`), which is the same on every system, takes a second, and shares no connection with
its parent. This file is read in it before Django is there, so it imports nothing of ours.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

import django

Given = TypeVar("Given")
Found = TypeVar("Found")
Spread = Callable[[Callable[[Given], Found], Iterable[Given]], Iterator[Found]]


@contextmanager
def spread(*, over_several: bool) -> Iterator[Spread]:
    """Yield what applies a function to each of some values, like `map`; over several processes where that pays.

    The function, the values and what is found are pickled. What is found comes in the order of the values; these are
    asked for only a little ahead, so that memory stays small.
    """
    processes = processors() if over_several else 1
    if processes == 1:
        yield map
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _set_up) as pool:
        yield partial(_ahead, pool, 2 * processes)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ahead(
    pool: ProcessPoolExecutor, most: int, work: Callable[[Given], Found], values: Iterable[Given]
) -> Iterator[Found]:
    given: deque[Future[Found]] = deque()
    for value in values:
        given.append(pool.submit(work, value))
        if len(given) > most:
            yield given.popleft().result()
    while given:
        yield given.popleft().result()


def _set_up() -> None:
    """Get ready in a new process. It ends with its parent, which alone hears Ctrl-C, and may be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
