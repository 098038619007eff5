"""Every deliberate fault still applies; `make breakages` makes them one by one, and shows that each is caught."""

from __future__ import annotations

import ast

import pytest

from tests.leaks.breakages import BREAKAGES, ROOT, Breakage, applied
from tests.leaks.roles import ROLES


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_deliberate_fault_still_applies(breakage: Breakage) -> None:
    ast.parse(applied(breakage, ROOT))
    assert breakage.role in {*ROLES, "system check"}
