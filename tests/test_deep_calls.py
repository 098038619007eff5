"""Wherever a test stands, its calls take no memory from the system anew each time."""

from __future__ import annotations

import resource
from collections.abc import Callable

CALLS, DEEPEST = 1000, 300


def pages_taken() -> int:
    """Return how many pages of memory this process has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def call_again_and_again() -> None:
    for _ in range(CALLS):
        nothing()


def nothing() -> None:
    pass


def deeper(depth: int, function: Callable[[], None]) -> None:
    return deeper(depth - 1, function) if depth else function()


def test_calls_at_any_depth_find_room() -> None:
    deeper(DEEPEST, nothing)
    before = pages_taken()
    for depth in range(DEEPEST):
        deeper(depth, call_again_and_again)
    assert pages_taken() - before < CALLS
