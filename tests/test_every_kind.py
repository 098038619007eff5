"""One invented case of every kind of stage and every tactic: entered, shown, exported and read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.test import Client

from cases.models import Incident, Tactic
from cases.vocabulary import StageKind
from tests.admin_forms import incident_rows
from tests.factories import make_country, make_person
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
TERMS = yaml.safe_load((Path(__file__).parents[1] / "seeds" / "data" / "terms.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def staff() -> Client:
    return sign_in(Client(), may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))


def tactics() -> list[str]:
    made = [Tactic.objects.create(**each) for each in TERMS["tactics"]]
    return [tactic.code for tactic in made]


def step(person: Any, kind: StageKind, number: int) -> dict[str, Any]:
    """Return what is entered for a step: a removal leads somewhere, a death has a cause, a sentence is in absence."""
    more: dict[str, Any] = {"destination": "CN"} if kind in StageKind.leading() else {}
    more |= {"cause": "unknown"} if kind == StageKind.DEATH else {}
    more |= {"in_absentia": "true"} if kind == StageKind.SENTENCE else {}
    when = {"occurred": f"2018-{number // 28 + 1:02}-{number % 28 + 1:02}"}
    return {"person": person.pk, "kind": kind.value, "country": "TR", "level": "public", "position": "0"} | when | more


def test_every_kind_and_every_tactic_is_entered_shown_exported_and_read_back(staff: Client, client: Client) -> None:
    make_country("CN"), make_country("TR")
    person, codes = make_person("Aybek Tursun"), tactics()
    form: dict[str, Any] = {
        "title": "All of it",
        "scope": "cross_border",
        "start": "2018",
    }
    form |= {"level": "public", "review": "draft"}
    form |= incident_rows(
        country_parts=[
            {"country": "CN", "part": "origin", "attribution": "stated", "level": "public"},
            {"country": "TR", "part": "location", "level": "public"},
        ],
        tactics_used=[{"tactic": code, "level": "public"} for code in codes],
        stages=[step(person, kind, number) for number, kind in enumerate(StageKind)],
    )
    assert staff.post("/admin/cases/incident/add/", form).status_code == 302
    Incident.objects.update(review="published")
    incident = Incident.objects.get()

    told = client.get(f"/api/v1/incidents/{incident.ref}/").json()
    assert sorted(used["tactic"] for used in told["tactics"]) == sorted(codes)
    assert [stage["kind"] for stage in told["stages"]] == list(StageKind)
    assert {stage["track"] for stage in told["stages"]} == {"liberty", "procedure", "pressure"}
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert [kind for kind in StageKind if f">{kind.label[0].upper()}{kind.label[1:]}</strong>" not in page] == []
    assert [each["label"] for each in TERMS["tactics"] if each["label"] not in page] == []
    exported = b"".join(client.get("/incidents/export.csv")).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert [stage.split(" | ")[2] for stage in row["stages"].split("; ")] == list(StageKind)
    assert sorted(used.split(" | ")[0] for used in row["tactics"].split("; ")) == sorted(codes)
