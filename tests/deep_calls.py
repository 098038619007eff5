"""Room for deep calls. Python keeps the frames of calls in blocks of 16 KB, asked of the system one by one.

In 3.11, 3.12 and early versions of 3.13 a block goes back as soon as the call that needed it returns. A loop that
stands at the end of a block asks for memory at every call (CPython issue 142183), and in tests, below pytest and the
test client, many do: a fifth of their time went there. A frame that could hold much gets a large block, in which all
calls below it find room.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

#: How many values the frame could hold, of 8 bytes each: half a megabyte, and as much is left in its block of one. What
#: is not written takes no memory.
VALUES = 2**16


def with_room(function: Any, **options: Any) -> Any:
    """Call a function with room for the calls below it."""
    return function(**options)


with_room.__code__ = with_room.__code__.replace(co_stacksize=VALUES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Any:
    """Run the tests as pytest would, in one of several processes too, with room for deep calls."""
    as_ever = session.config.pluginmanager.subset_hook_caller("pytest_runtestloop", [sys.modules["tests.conftest"]])
    return with_room(as_ever, session=session)
