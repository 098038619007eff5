"""Whether Freedom House would count a case: tests/freedom_house_cases.yaml, through API, CSV and page."""

from __future__ import annotations

import csv
import html
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction
from django.test import Client

from cases.models import Incident, Stage, Tactic
from cases.vocabulary import Counting
from tests.factories import make_country, make_incident, make_involvement, make_person, make_stage
from tests.filtering import found
from tests.test_every_kind import TERMS

__all__ = ["found"]

pytestmark = pytest.mark.django_db
CASES = yaml.safe_load(Path(__file__).with_name("freedom_house_cases.yaml").read_text(encoding="utf-8"))
OWN = {"code": "own_term", "label": "A term of our own", "meaning": "Something else.", "family": "direct"}


def make(case: dict[str, Any]) -> Incident:
    """Make an incident with one subject as a case of the table tells it."""
    for code in ("CN", "TR", "MA"):
        make_country(code)
    terms = {each["code"]: each for each in [*TERMS["tactics"], OWN]}
    for code in case.get("tactics", ()):
        Tactic.objects.get_or_create(code=code, defaults=terms[code])
    place = {"location": case["location"]} if "location" in case else {}
    incident = make_incident(
        case["case"],
        scope=case.get("scope", "cross_border"),
        start="2018",
        tactics=case.get("tactics", ()),
        **place,
    )
    involvement = make_involvement(incident, make_person("Aybek Tursun"), status="unknown", status_as_of="")
    for position, stage in enumerate(case.get("stages", ()), start=1):
        told: dict[str, Any] = {name: value if name == "position" else str(value) for name, value in stage.items()}
        make_stage(involvement, **{"position": position} | told)
    if "beside" in case:
        make_involvement(incident, make_person("Somebody else"))
    return incident


def judged(client: Client, incident: Incident, query: str = "") -> list[dict[str, Any]]:
    return client.get(f"/api/v1/incidents/{incident.ref}/{query}").json()["freedom_house"]


def rests_on(told: dict[str, Any]) -> str:
    """Return what an answer rests on, as the table writes it."""
    if told["stage"]:
        return f"stage {Stage.objects.get(ref=told['stage']).kind}"
    return f"tactic {told['tactic']}" if told["tactic"] else ""


@pytest.mark.parametrize("case", CASES, ids=[each["case"] for each in CASES])
def test_a_case_is_judged_as_by_hand(client: Client, case: dict[str, Any]) -> None:
    incident = make(case)
    query = f"?as_of={case['as_of']}" if "as_of" in case else ""
    told = judged(client, incident, query)
    person = incident.involvements.get(person__label="Aybek Tursun").person
    [mine] = [each for each in told if each["person"] == person.ref]
    assert mine["value"] == case["answer"], (mine, case["why"])
    assert mine["reason"]
    if "rests" in case:
        assert rests_on(mine) == case["rests"], mine
    for value in ("yes", "no", "unknown"):
        asked = client.get(f"/api/v1/incidents/{query or '?'}&freedom_house={value}").json()["results"]
        assert [each["ref"] for each in asked] == ([incident.ref] if value in {each["value"] for each in told} else [])


def test_page_and_csv_say_what_the_api_says(client: Client) -> None:
    incident = make(CASES[0])
    [told] = judged(client, incident)
    assert (told["value"], told["tactic"]) == ("yes", None)
    page = html.unescape(client.get(f"/incidents/{incident.ref}/").content.decode())
    assert page.count("Counted by Freedom House") == 1
    assert page.count(f"yes, {told['reason']}") == 1
    [row] = csv.DictReader(io.StringIO(client.get("/incidents/export.csv").getvalue().decode("utf-8-sig")))
    assert row["freedom_house"] == f"{told['person']} | yes | {told['reason']} |  | {told['stage']}"


def test_of_several_people_the_page_says_it_by_name(client: Client) -> None:
    incident = make(CASES[0])
    make_involvement(incident, make_person("Gulnar Tursun"))
    page = html.unescape(client.get(f"/incidents/{incident.ref}/").content.decode())
    assert "Aybek Tursun: yes, held outside the origin" in page and "Gulnar Tursun: not known, " in page


def test_a_stage_that_the_reader_may_not_see_decides_nothing(client: Client, found: Any) -> None:
    incident = make(CASES[3])  # deported unlawfully
    assert found("incidents", freedom_house="yes") == {incident.title}
    Stage.objects.update(level="team")
    assert found("incidents", freedom_house="yes") == set()
    assert [each["value"] for each in judged(client, incident)] == ["unknown"]


def test_who_is_a_witness_is_not_judged(client: Client, found: Any) -> None:
    incident = make(CASES[0])
    incident.involvements.update(role="witness")
    assert judged(client, incident) == []
    assert found("incidents", freedom_house=["yes", "no", "unknown"]) == set()
    assert found("incidents", freedom_house_not="yes") == {incident.title}


def test_every_tactic_that_waymark_comes_with_says_it_and_the_codebook_tells_who_says_so(client: Client) -> None:
    Tactic.objects.bulk_create(Tactic(**each) for each in TERMS["tactics"])
    for tactic in Tactic.objects.all():
        assert tactic.freedom_house and tactic.freedom_house_source, tactic.code
    page = html.unescape(client.get("/codebook/").content.decode())
    told = "counted by Freedom House: if the removal was carried out and unlawful (Freedom House 2021"
    assert told in page
    assert page.count("counted by Freedom House: ") == len(TERMS["tactics"])


@pytest.mark.parametrize(("value", "condition"), [(Counting.IF, ""), (Counting.ALWAYS, "reached"), ("", "reached")])
def test_a_condition_stands_with_if_and_with_nothing_else(value: str, condition: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tactic.objects.create(**OWN, freedom_house=value, freedom_house_if=condition)


def test_there_are_enough_cases_of_each_answer() -> None:
    answers = [each["answer"] for each in CASES]
    assert len(CASES) >= 35 and all(answers.count(answer) >= 10 for answer in ("yes", "no", "unknown"))
