"""Which tests run where: what touches a database runs on both, and what is left to another run is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.selection import LEFT, PROGRAMS, left_to_another_run, pytest_runtest_setup, touches_a_database

ELSEWHERE = "touch no database: they run once, on SQLite"
TESTS = Path(__file__).parent


def test_a_test_without_a_database_runs_once_on_sqlite(request: pytest.FixtureRequest) -> None:
    assert not touches_a_database(request.node)
    assert left_to_another_run(request.node, "", "sqlite") == ""
    assert left_to_another_run(request.node, "not browser", "postgresql") == ELSEWHERE


@pytest.mark.django_db
def test_a_marked_test_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert touches_a_database(request.node)
    assert [left_to_another_run(request.node, "", vendor) for vendor in ("sqlite", "postgresql")] == ["", ""]


def test_a_test_whose_fixture_has_the_database_runs_on_both(request: pytest.FixtureRequest, admin_user: Any) -> None:
    assert touches_a_database(request.node) and left_to_another_run(request.node, "", "postgresql") == ""


def test_fixtures_are_fetched_by_name_only_where_the_module_is_marked() -> None:
    """Nobody can see beforehand that such a test touches the database."""
    for file in TESTS.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if re.search(r"request\.getfixturevalue\(", text):
            assert re.search(r"^pytestmark = .*django_db", text, re.MULTILINE), file


def test_a_drill_is_left_to_make_programs(request: pytest.FixtureRequest) -> None:
    request.node.add_marker(pytest.mark.program)
    assert "make programs" in left_to_another_run(request.node, "not browser", "sqlite")
    assert left_to_another_run(request.node, "program", "sqlite") == ""


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_missing_is_named_with_what_to_install(
    request: pytest.FixtureRequest, monkeypatch: Any, name: str
) -> None:
    request.node.add_marker(pytest.mark.program(name))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("tests.selection.find_library", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match=f"{name} is not on this machine. Install .*[(].*[)]"):
        pytest_runtest_setup(request.node)


def test_a_run_knows_how_many_tests_it_left_to_others(request: pytest.FixtureRequest) -> None:
    assert all(number > 0 for number in request.config.stash[LEFT].values())
