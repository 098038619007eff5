"""Where the people of the seeds stand on several days, worked out by hand: by the engine, in the API and in words."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.models import Person
from cases.silence import cases_followed, silent_cases
from cases.situation.sentence import where_it_stands
from cases.situation.standing import involvements
from cases.views.chronology import country_names
from records.current_day import current_day
from tests.test_case_law import answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CASES = yaml.safe_load(Path(__file__).with_name("standing_cases.yaml").read_text(encoding="utf-8"))
WORKED = [(case["person"], case["incident"], day, expected) for case in CASES for day, expected in case["days"].items()]
STRANGER = AnonymousUser()


@pytest.mark.parametrize(
    ("label", "incident", "day", "expected"),
    WORKED,
    ids=lambda value: "" if isinstance(value, dict) else str(value)[:40],
)
def test_a_case_stands_where_it_was_worked_out_by_hand(label: str, incident: str, day: date, expected: Any) -> None:
    person = Person.objects.get(label=label)
    told = Client().get(f"/api/v1/people/{person.ref}/?as_of={day}").json()["incidents"]
    entry = next((each for each in told if each["ref"] == incident), None)
    if expected == "absent":
        assert entry is None
        return
    assert entry is not None
    found, asked = answers(entry), {name: value for name, value in expected.items() if name != "sentence"}
    assert {name: found[name] for name in asked} == asked
    row = involvements(STRANGER, day).get(person=person, incident__ref=incident, role="subject")
    sentence = where_it_stands(row, country_names())
    assert sentence == expected.get("sentence", sentence)


OVERALL = [
    # He was questioned on visits at home, between 2009 and October 2018: whether by the 30th is not known.
    ("Kerem Mamut", "2018-10-30", None, "none", 0),
    # Held in Türkiye; the raid on his restaurants, and the questioning, of which nobody says yet that it is over.
    ("Kerem Mamut", "2018-12-15", ("INC-87CDADP5", "held"), "detained", 3),
    # Let out in Türkiye. The raid closed his restaurants and is over; the seizure of his property at home stays open.
    ("Kerem Mamut", "2019-02-05", ("INC-87CDADP5", "on_conditions"), "detained", 2),
    ("Idris Hasan", "2021-11-22", ("INC-8Y2RFTNB", "held"), "detained", 1),
    ("Dolkun Isa", "2009-10-01", None, "none", 0),
    ("Huseyin Celil", "2018-09-14", ("INC-M2KQTNNA", "held"), "returned_or_attacked", 0),
    ("Omir Bekali", "2018-09-14", ("INC-AS2QYBHH", "at_liberty"), "none", 0),
]


@pytest.mark.parametrize(("label", "day", "present", "reached", "open_cases"), OVERALL)
def test_a_person_stands_where_all_cases_together_say(
    label: str, day: str, present: Any, reached: str, open_cases: int
) -> None:
    told = Client().get(f"/api/v1/people/{Person.objects.get(label=label).ref}/?as_of={day}").json()
    found = told["present"] and (told["present"]["incident"], told["present"]["liberty"]["value"])
    assert (found, told["reached"], told["open_cases"]) == (present, reached, open_cases)


def lists(query: str = "") -> dict[str, list[Any]]:
    """Return the people and incidents of the seeds, as the API gives them."""
    client = Client()
    found = {}
    for name in ("people", "incidents"):
        page = client.get(f"/api/v1/{name}/?page_size=200{query}").json()
        assert page["next"] is None
        found[name] = page["results"]
    return found


def table(query: str = "") -> str:
    return b"".join(Client().get(f"/people/export.csv?ordering=label{query}")).decode()


def test_the_world_as_of_today_is_the_world_now() -> None:
    today = f"&as_of={current_day()}"
    assert lists(today) == lists()
    assert table(today) == table()


def test_page_api_and_export_count_the_same_open_cases() -> None:
    now, client = lists(), Client()
    by_incident = sum(part["open"] is True for each in now["incidents"] for part in each["people"])
    by_person = {each["ref"]: each["open_cases"] for each in now["people"]}
    exported = {row["ref"]: int(row["open_cases"]) for row in csv.DictReader(io.StringIO(table()))}
    still = sum(1 for number in by_person.values() if number)
    assert sum(by_person.values()) == by_incident > 0
    assert exported == by_person
    assert client.get("/api/v1/people/count/?open=true").json() == {"count": still}
    assert client.get("/people/?open=true").context["count"] == still
    board = [card for lane in client.get("/board/").context["lanes"] for card in lane.cards if card.is_open]
    silent = silent_cases(STRANGER, current_day(), cases_followed(STRANGER))
    listed = [part for each in now["incidents"] for part in each["people"] if part["open"] is True]
    assert len(board) == sum(part["phase"] is not None for part in listed)
    # All articles are years old, so every case that is not closed has gone silent, and all who are followed since.
    undecided = [
        part
        for each in now["incidents"]
        for part in each["people"]
        if part["role"] == "subject" and part["open"] is None
    ]
    verdicts = [each.case.is_open for each in silent]
    assert (verdicts.count(True), verdicts.count(None)) == (by_incident, len(undecided))
    followed = [
        part for each in now["incidents"] for part in each["people"] if part["followed"] and part["open"] is False
    ]
    assert verdicts.count(False) == len(followed) > 0
