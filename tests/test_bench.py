"""The parts of `make bench` at a tiny size: what stands beside our answers gives the same answers. No time counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction

from bench import plain_drf, shell
from bench.by_hand import ByHand
from bench.clock import Side, in_turns
from bench.measuring import Bench
from bench.readers import STRANGER
from bench.table import judged, printed
from bench.works import Picks, Work, works
from tests.synthesizing import synthesize

pytestmark = [pytest.mark.django_db]
INCIDENTS = 60


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A tiny synthetic database, and everybody who asks it."""
    with django_db_blocker.unblock(), transaction.atomic():
        synthesize(INCIDENTS)
        connection.check_constraints()
        hand = ByHand(connection.connection)
        yield Bench(connection.vendor, INCIDENTS, hand, tmp_path_factory.mktemp("bench") / "measured.jsonl", None)
        transaction.set_rollback(True)


def every_work(bench: Bench) -> dict[str, Work]:
    return {work.name: work for work in works(Picks(bench.readers[STRANGER].user))}


def in_one_order(page: bytes) -> list[dict[str, Any]]:
    """Return the rows of a page, the stages by reference: only Python tells their order where dates are vague."""
    rows: list[dict[str, Any]] = json.loads(page)["results"]
    return [row | {"stages": sorted(row["stages"], key=lambda stage: stage["ref"])} for row in rows]


@pytest.mark.parametrize("name", ["list incidents", "incidents by title", "incidents phase=", "middle of incidents"])
def test_sql_by_hand_gives_what_the_api_gives(bench: Bench, name: str) -> None:
    work, reader = every_work(bench)[name], bench.readers[STRANGER]
    assert bench.keep(work, reader) > 0
    by_hand = bench.hand.page(bench.lists[STRANGER], name, STRANGER)
    assert in_one_order(by_hand) == in_one_order(reader.ask(work.address))


def test_plain_serializers_give_the_same_incidents(bench: Bench) -> None:
    reader = bench.readers[STRANGER]
    work = every_work(bench)["list incidents"]
    bench.keep(work, reader)
    keys = [key for (key,) in bench.hand.run("SELECT id FROM bench_key WHERE work = ?", (work.name,))]
    told = {row["ref"]: row for row in json.loads(plain_drf.incidents(keys, reader.user))}
    for row in json.loads(reader.ask(work.address))["results"]:
        assert [each["label"] for each in told[row["ref"]]["people"]] == [each["label"] for each in row["people"]]


def test_every_address_is_answered_to_everybody_who_asks_for_it(bench: Bench) -> None:
    for work in every_work(bench).values():
        for name in work.readers:
            assert bench.readers[name].ask(work.address), work.name


def test_the_analyst_is_signed_in_and_reads_more_than_a_stranger(bench: Bench) -> None:
    counts = [json.loads(bench.readers[name].ask("/api/v1/incidents/count/"))["count"] for name in bench.readers]
    assert counts[0] < counts[1] <= INCIDENTS


def test_the_cells_of_an_export_are_kept_for_the_databases_own_program(bench: Bench) -> None:
    export = bench.readers[STRANGER].ask("/sources/export.csv").decode()
    columns = shell.keep_cells(bench.hand, export)
    assert columns == export.splitlines()[0].count(",") + 1
    (first,) = bench.hand.run("SELECT c0 FROM bench_cell WHERE place = 0")
    assert export.splitlines()[1].startswith(first[0])


def test_a_measurement_has_a_line_with_what_each_side_took(bench: Bench) -> None:
    bench.tell("a work", STRANGER, "list", [bench.side("ours", lambda: 7), Side("limit", lambda: 7)])
    row = json.loads(bench.file.read_text().splitlines()[-1])
    assert row.keys() >= {"work", "database", "reader", "size", "ours_ms", "ours_wall_ms", "peak_mb", "others"}
    assert row["others"].keys() == {"limit"}


def test_who_fails_is_told_and_takes_no_other_side_along() -> None:
    broken, whole = Side("broken", lambda: 1 // 0), Side("whole", lambda: 1)
    in_turns([broken, whole], lambda: None)
    assert "ZeroDivisionError" in broken.failed
    assert whole.taken


def row(**told: Any) -> dict[str, Any]:
    usual = {"work": "list incidents", "database": "sqlite", "reader": "stranger", "size": 10, "kind": "list"}
    return (
        usual | {"ours_ms": 10.0, "ours_wall_ms": 11.0, "failed": {}, "asked": 3, "peak_mb": 90.0, "others": {}} | told
    )


def test_the_table_says_where_a_bound_is_not_kept() -> None:
    rows = judged(
        [
            row(others={"limit": [8.0, 8.0], "drf": [40.0, 40.0], "former": [100.0, 100.0]}),
            row(size=1000, ours_ms=16.0, others={"limit": [8.0, 8.0], "drf": [40.0, 40.0]}),
        ]
    )
    assert [each["not_kept"] for each in rows] == [
        [],
        ["2 of 1.5 x by hand", "0.4 of 0.33 x plain DRF", "grew 1.6 of 1.5 x"],
    ]
    assert rows[0]["ratio"] == 1.25
    assert rows[0]["peer_ratios"] == {"drf": 0.25, "former": 0.1}
    assert "2 of 1.5 x by hand" in printed(rows)
