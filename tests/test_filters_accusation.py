"""What the pursuing state accuses somebody of, and whether a removal kept to the law: entered, cited, found, told."""

from __future__ import annotations

import csv
import html
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from cases.models import Incident, Involvement
from cases.vocabulary import Accusation
from tests.admin_forms import filled
from tests.dossiers import take
from tests.factories import make_citation, make_country, make_incident, make_involvement, make_person, make_source
from tests.filtering import case, found
from tests.partners import partner, partner_client, submitted
from tests.seedfiles import edit, load, refused, seeds

__all__ = ["found", "partner", "partner_client", "seeds"]

pytestmark = pytest.mark.django_db
PART = "        person: PER-00000001\n        demands:"


@pytest.fixture
def accused() -> SimpleNamespace:
    """Aybek Tursun, accused of separatism in one case, as a source says, and of nothing that is told in another."""
    person, source = make_person(), make_source(title="On trial for separatism")
    with_it = make_involvement(make_incident("Wanted for separatism"), person, accusation="separatism")
    make_involvement(make_incident("Held without a word"), person)
    make_citation(source, "accusation", involvement=with_it, stated_value="splitting the country")
    return SimpleNamespace(person=person, involvement=with_it, incident=with_it.incident, source=source)


def test_an_accusation_is_told_of_the_case_and_of_the_person(client: Client, accused: Any) -> None:
    incident = client.get(f"/api/v1/incidents/{accused.incident.ref}/").json()
    assert [each["accusation"] for each in incident["people"]] == ["separatism"]
    person = client.get(f"/api/v1/people/{accused.person.ref}/").json()
    told = {each["title"]: each["accusation"] for each in person["incidents"]}
    assert told == {"Wanted for separatism": "separatism", "Held without a word": None}
    for name in ("people", "incidents"):
        exported = client.get(f"/{name}/export.csv").getvalue().decode("utf-8-sig")
        assert sum("separatism" in str(row) for row in csv.DictReader(io.StringIO(exported))) == 1
    for address in (f"/incidents/{accused.incident.ref}/", f"/people/{accused.person.ref}/"):
        page = html.unescape(client.get(address).content.decode())
        assert page.count("accused of: ") == 1 and Accusation.SEPARATISM.meaning in page
        assert "splitting the country" in page
    dossier = html.unescape(take(client, accused.person).content.decode())
    assert dossier.count("Accused of</dt>") == 1 and "splitting the country" in dossier


def test_incidents_are_found_by_what_somebody_is_accused_of(client: Client, found: Any, accused: Any) -> None:
    other = make_involvement(make_incident("Sought for fraud"), make_person("Another"), accusation="fraud")
    assert found("incidents", accusation="separatism") == {"Wanted for separatism"}
    assert found("incidents", accusation=["separatism", "fraud"]) == {"Wanted for separatism", "Sought for fraud"}
    assert found("incidents", accusation_not="fraud") == {"Wanted for separatism", "Held without a word"}
    make_involvement(other.incident, make_person("A third"), accusation="terrorism")
    assert found("incidents", accusation_all=["fraud", "terrorism"]) == {"Sought for fraud"}
    # A lawyer of the same case is no subject of it; and what is hidden accuses nobody.
    make_involvement(accused.incident, make_person("Counsel"), role="lawyer", accusation="defamation")
    make_involvement(accused.incident, make_person("Hidden"), accusation="corruption", level="team")
    assert found("incidents", accusation=["defamation", "corruption"]) == set()
    assert client.get("/api/v1/incidents/?accusation=treason").status_code == 400


def test_incidents_are_found_by_whether_a_removal_kept_to_the_law(found: Any) -> None:
    deported = case("Deported against a court", ("deportation", "2018-03"), start="2017")
    both = case("Two removals", ("deportation", "2017"), ("extradition", "2019"), start="2017")
    case("Nothing said", ("deportation", "2018"), start="2017")
    deported.stages.update(lawfulness="unlawful")
    both.stages.filter(kind="deportation").update(lawfulness="unlawful")
    both.stages.filter(kind="extradition").update(lawfulness="contested")
    assert found("incidents", lawfulness="unlawful") == {"Deported against a court", "Two removals"}
    assert found("incidents", lawfulness="unlawful", as_of="2018-01-01") == {"Two removals"}
    assert found("incidents", lawfulness_all=["unlawful", "contested"]) == {"Two removals"}
    assert found("incidents", lawfulness_all=["unlawful", "contested"], as_of="2018-06-01") == set()
    assert found("incidents", lawfulness_not="unlawful") == {"Nothing said"}
    deported.stages.update(level="team")
    assert found("incidents", lawfulness="unlawful") == {"Two removals"}


def test_the_staff_enter_an_accusation_with_its_evidence(admin_client: Client, accused: Any) -> None:
    Incident.objects.update(review="draft")  # what is published changes only when a second person approves
    address = f"/admin/cases/involvement/{accused.involvement.pk}/change/"
    form = filled(admin_client, address)
    assert form["accusation"] == "separatism"
    assert admin_client.post(address, form | {"accusation": "terrorism"}).status_code == 302
    accused.involvement.refresh_from_db()
    assert accused.involvement.accusation == "terrorism"
    assert "<option>accusation" in admin_client.get(address).content.decode()


def test_partners_send_an_accusation_in(partner_client: Client) -> None:
    make_country("CN")
    person = submitted(partner_client, "people/", {"label": "Dilmurat Y.", "standing": "target"})["ref"]
    body = {"title": "Wanted", "scope": "cross_border"}
    told = submitted(
        partner_client,
        "incidents/",
        body | {"people": [{"person": person, "role": "subject", "accusation": "terrorism"}]},
    )
    assert [each["accusation"] for each in told["people"]] == ["terrorism"]
    assert Involvement.objects.get(incident__ref=told["ref"]).accusation == "terrorism"
    assert Incident.objects.get(ref=told["ref"]).title == "Wanted"


def test_a_seed_file_says_what_somebody_is_accused_of(client: Client, seeds: Path) -> None:
    edit(seeds, "d_incidents.yaml", PART, PART.replace("demands:", "accusation: terrorism\n        demands:"))
    load(seeds)
    assert [row.accusation for row in Involvement.objects.filter(role="subject")] == ["terrorism"]
    edit(seeds, "d_incidents.yaml", "accusation: terrorism", "accusation: treason")
    assert "accusation" in refused(seeds)
