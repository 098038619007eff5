"""Where invented people stand on a day, by a table worked out by hand, asked through the API and the person's page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client

from cases.models import Country
from cases.situation.settling import settle_all
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
)

pytestmark = pytest.mark.django_db
CASES = yaml.safe_load(Path(__file__).with_name("case_law.yaml").read_text(encoding="utf-8"))
ASKED = [(case["case"], str(day), answer) for case in CASES for day, answer in case["days"].items()]
STEP = re.compile(r"(?P<when>\S+) (?P<kind>\w+) (?P<country>[A-Z]{2})(?:>(?P<destination>[A-Z]{2}))?(?P<more>.*)")


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The reference of the person of each case."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_countries()
        found = {case["case"]: make_case(case) for case in CASES}
        assert sum(settle_all()) == len(CASES)
        connection.check_constraints()
        yield found
        transaction.set_rollback(True)


def load_countries() -> None:
    """Make every country of the seeds, so that sentences name them as they will."""
    path = Path(__file__).parents[1] / "seeds" / "data" / "countries.yaml"
    for given in yaml.safe_load(path.read_text(encoding="utf-8"))["countries"]:
        Country.objects.create(**given)


def make_case(case: dict[str, Any]) -> str:
    status, _, as_of = case.get("status", "unknown ").partition(" ")
    size = case.get("group")
    of = {"headcount_min": size, "headcount_max": size} if size and size is not True else {}
    person = make_person(case["case"][:100], kind="group" if size else "individual", **of)
    first = STEP.fullmatch(case["steps"][0])
    assert first
    start = "" if first["when"] == "?" else first["when"]
    incident = make_incident(case["case"], location=str(case.get("location", first["country"])), start=start)
    row = make_involvement(incident, person, status=status, status_as_of=as_of, status_reason=case.get("reason", ""))
    source = make_source(published=str(case["told"])) if "told" in case else None
    for position, written in enumerate(case["steps"], start=1):
        stage = make_stage(row, **step(written), position=0 if case.get("untold") else position)
        if source is not None:
            make_citation(source, "kind", stage=stage)
    return person.ref


def step(written: str) -> dict[str, Any]:
    """Read a step of the table: "2018-04-01 deportation EG>CN"."""
    found = STEP.fullmatch(written)
    assert found, written
    more = found["more"].split()
    given = {
        "kind": found["kind"],
        "occurred": "" if found["when"] == "?" else found["when"],
        "country": found["country"],
    }
    if found["destination"]:
        given["destination"] = found["destination"]
    counts = [int(each[1:]) for each in more if each.startswith("x")]
    causes = [each.partition("=")[2] for each in more if each.startswith("cause=")]
    more_given: dict[str, Any] = {"headcount": counts[0]} if counts else {}
    more_given |= {"cause": causes[0]} if causes else {}
    more_given |= {"in_absentia": True} if "absent" in more else {}
    return given | more_given


@pytest.mark.parametrize(
    ("case", "day", "expected"), ASKED, ids=lambda value: value[:60] if isinstance(value, str) else ""
)
def test_a_person_stands_where_the_table_says(people: dict[str, str], case: str, day: str, expected: Any) -> None:
    client = Client()
    told = client.get(f"/api/v1/people/{people[case]}/?as_of={day}").json()["incidents"]
    if expected == "absent":
        assert told == []
        return
    found = answers(told[0])
    asked = {name: value for name, value in expected.items() if name != "sentence"}
    assert {name: found[name] for name in asked} == {name: plain(value) for name, value in asked.items()}
    if "sentence" in expected:
        page = client.get(f"/people/{people[case]}/?as_of={day}").content.decode()
        sentences = re.findall(r'<p class="sentence[^>]*>(.*?) <a', page, re.DOTALL)
        assert [html.unescape(each).rpartition("; ")[0] for each in sentences] == [expected["sentence"]]


def answers(told: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the API in the words of the table."""
    liberty, procedures = told["liberty"], told["procedures"]
    pending = [each for each in procedures if each["pending"]]
    days = [liberty["days_least"], liberty["days_most"]]
    return {
        "liberty": liberty["value"],
        "country": liberty["country"],
        "by": liberty["by"],
        "unsure": liberty["unsure"],
        "days": days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}",
        "parts": [f"{part['value']} {part['headcount']}" for part in liberty["parts"]],
        "pending": [each["kind"] for each in pending],
        "matters": [each["matter"] for each in pending],
        "countries": [each["country"] for each in pending],
        "procedures": len(procedures),
        "decisions": [each["decision"] for each in pending],
        "pressure": told["pressure"] and told["pressure"]["kind"],
        "phase": told["phase"],
        "open": told["open"],
        "followed": told["followed"],
        "fate": told["fate"],
        "reached": told["reached"],
        "apart": told["reached_apart"],
    }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_the_table_is_long_enough() -> None:
    assert len(ASKED) >= 60
