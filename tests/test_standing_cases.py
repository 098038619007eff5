"""Where the people of the seeds stand on several days, worked out by hand: by the engine, in the API and in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.models import Person
from cases.situation.sentence import where_it_stands
from cases.situation.standing import involvements
from cases.views.chronology import country_names
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
    # Let out in Türkiye. The raid and the seizure of his property at home stay open: nothing ends them.
    ("Kerem Mamut", "2019-02-05", ("INC-87CDADP5", "on_conditions"), "detained", 3),
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
