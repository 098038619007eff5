"""The table of attacks in docs/security.md agrees with the tests: what is called withstood is tested, by its id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

TESTS = Path(__file__).resolve().parent
STATUSES = {"withstood", "does not apply", "not withstood yet"}
#: The cases of the list, by letter: how many there are of each.
CASES = {"A": 7, "B": 7, "C": 7, "D": 5, "E": 6, "F": 4, "G": 3, "U": 2, "I": 3}


def table() -> dict[str, tuple[str, str]]:
    """Return status and last cell of each attack in the document."""
    text = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]\d+) \|[^|]*\| ([^|]+) \| ([^|]*) \|$", text, re.MULTILINE)
    assert len({name for name, _, _ in rows}) == len(rows), "an attack stands in the table twice"
    return {name: (status, told) for name, status, told in rows}


def ids_of(decorators: list[ast.expr]) -> set[str]:
    """Return the ids in @pytest.mark.attack("A1") among decorators."""
    calls = [
        each for each in decorators if isinstance(each, ast.Call) and ast.unparse(each.func).endswith("mark.attack")
    ]
    return {str(argument.value) for call in calls for argument in call.args if isinstance(argument, ast.Constant)}


@cache
def marked() -> set[tuple[str, str]]:
    """Return each id with each test that carries it: (A1, test_x.py::test_y)."""
    return set(marks())


def marks() -> Iterator[tuple[str, str]]:
    for file in sorted(TESTS.rglob("test_*.py")):
        name = file.relative_to(TESTS).as_posix()
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            outer = ids_of(node.decorator_list) if isinstance(node, ast.ClassDef) else set()
            for test in [node, *inner]:
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                    path = f"{node.name}::{test.name}" if isinstance(node, ast.ClassDef) else test.name
                    yield from ((each, f"{name}::{path}") for each in ids_of(test.decorator_list) | outer)


def test_every_attack_of_the_list_stands_in_the_table() -> None:
    assert sorted(table()) == sorted(
        f"{letter}{number + 1}" for letter, most in CASES.items() for number in range(most)
    )
    assert {status for status, _ in table().values()} <= STATUSES


@pytest.mark.parametrize("name", sorted(table()))
def test_a_withstood_attack_names_tests_that_carry_its_id(name: str) -> None:
    status, told = table()[name]
    named = set(re.findall(r"`([^`]+::[^`]+)`", told))
    if status == "withstood":
        assert named
        assert named <= {test for each, test in marked() if each == name}
    else:
        assert not named
        assert told.strip()


def test_no_test_carries_an_id_that_the_table_lacks() -> None:
    assert {each for each, _ in marked()} <= set(table())
