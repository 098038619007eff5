"""Where the people of the seeds stand on several days, worked out by hand: by the engine, in the API and in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.codebook.situation import involvements, situation
from cases.models import Person
from cases.situation.sentence import where_it_stands
from cases.views.chronology import country_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CASES = yaml.safe_load(Path(__file__).with_name("standing_cases.yaml").read_text(encoding="utf-8"))
WORKED = [(case["person"], case["incident"], day, expected) for case in CASES for day, expected in case["days"].items()]
STRANGER = AnonymousUser()


@pytest.mark.parametrize(("label", "incident", "day", "expected"), WORKED, ids=lambda value: str(value)[:40])
def test_a_case_stands_where_it_was_worked_out_by_hand(label: str, incident: str, day: date, expected: Any) -> None:
    person = Person.objects.get(label=label)
    told = Client().get(f"/api/v1/people/{person.ref}/?as_of={day}").json()["incidents"]
    entry = next((each for each in told if each["ref"] == incident), None)
    if expected == "absent":
        assert entry is None
        return
    row = involvements(STRANGER, day).get(person=person, incident__ref=incident, role="subject")
    found, sentence = situation(row), where_it_stands(row, country_names())
    assert entry is not None
    assert entry["stage"] == expected["stage"] and entry["phase"] == expected["phase"]
    assert (entry["open"], entry["reached"]) == (expected["open"], expected["reached"])
    assert entry["unsure_order"] == expected["unsure"]
    assert entry["pending"] == expected.get("pending", entry["pending"])
    spans = (found.days(date.max), found.days_in_phase(date.max))
    assert [span and str(span) for span in spans] == [expected.get("days"), expected.get("in_phase")]
    assert sentence == expected.get("sentence", sentence)


OVERALL = [
    # Four cases: before 31 October 2018 he had been questioned, at some time between 2009 and that month.
    ("Kerem Mamut", "2018-10-30", None, "none", 0),
    # The questioning is known to be over since 5 February 2019 only: until then three cases are open.
    ("Kerem Mamut", "2018-12-15", ("INC-87CDADP5", "deportation_centre"), "detained", 3),
    # Let out in Turkey; the raid and the seizure of property in China, by January 2019, are open as well.
    ("Kerem Mamut", "2019-02-05", ("INC-87CDADP5", "conditional_release"), "detained", 3),
    ("Idris Hasan", "2021-11-22", ("INC-8Y2RFTNB", "detention"), "detained", 1),
    ("Dolkun Isa", "2009-10-01", None, "none", 0),
    ("Huseyin Celil", "2018-09-14", ("INC-M2KQTNNA", "sentence_reduced"), "returned_or_attacked", 0),
    ("Omir Bekali", "2018-09-14", ("INC-AS2QYBHH", "release"), "returned_or_attacked", 0),
]


@pytest.mark.parametrize(("label", "day", "present", "reached", "open_cases"), OVERALL)
def test_a_person_stands_where_all_cases_together_say(
    label: str, day: str, present: Any, reached: str, open_cases: int
) -> None:
    told = Client().get(f"/api/v1/people/{Person.objects.get(label=label).ref}/?as_of={day}").json()
    found = told["present"] and (told["present"]["incident"], told["present"]["stage"])
    assert (found, told["reached"], told["open_cases"]) == (present, reached, open_cases)
