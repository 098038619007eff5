"""Each filter of people, incidents and stages does what it says. The expected answers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Stage
from tests.factories import (
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_person,
    make_source,
    make_stage,
    make_tactic_used,
)
from tests.filtering import case, found

__all__ = ["found"]

pytestmark = pytest.mark.django_db


# People


def test_people_by_what_stands_on_their_record(found: Any) -> None:
    make_country("NO")
    make_person("Target", standing="target", ethnicity="Uyghur", residence=make_country("TR"))
    make_person("Lawyer", standing="other", role="lawyer")
    make_person("Group", standing="linked", kind="group")
    assert found("people", standing="target") == {"Target"}
    assert found("people", standing=["target", "linked"]) == {"Target", "Group"}
    assert found("people", role="lawyer") == {"Lawyer"}
    assert found("people", kind="group") == {"Group"}
    assert found("people", residence="TR") == {"Target"}
    assert found("people", residence=["TR", "NO"]) == found("people", ethnicity="uyghur") == {"Target"}
    assert found("people", residence="NO") == set()


def test_people_by_any_spelling_of_the_name_of_their_people(found: Any) -> None:
    for label, ethnicity in {"One": "Uyghur", "Two": "Uighur", "Three": "uygur", "Four": "Kazakh", "Five": ""}.items():
        make_person(label, ethnicity=ethnicity)
    for asked in ("Uyghur", "Uighur", "Uygur", "UYGHUR", " uighur "):
        assert found("people", ethnicity=asked) == {"One", "Two", "Three"}
    assert found("people", ethnicity="Qazaq") == {"Four"}
    assert found("people", ethnicity="Uyghu") == found("people", ethnicity="Han") == set()


def test_people_by_citizenship_and_not_by_another_status(found: Any) -> None:
    make_country("CA")
    make_legal_status(make_person("Citizen"), "CA", "citizen")
    make_legal_status(make_person("Refugee"), "CA", "refugee")
    make_legal_status(make_person("Undisclosed"), "CA", "citizen", level="team")
    assert found("people", citizenship="CA") == {"Citizen"}


def test_people_by_any_form_of_the_name(found: Any) -> None:
    person = make_person("Hüseyin Celil")
    make_name(person, "侯赛因·杰里尔", kind="native_script", script="Hans")
    make_name(person, "Huseyincan", kind="misprint")
    make_person("Somebody else")
    for text in ("huseyin", "CELIL", "Celil Hüseyin", "huseyincan", "侯赛因", "houseyin jelil"):
        assert found("people", q=text) <= {"Hüseyin Celil"}
    for text in ("huseyin", "CELIL", "Hüseyin Celil", "huseyincan", "侯赛因"):
        assert found("people", q=text) == {"Hüseyin Celil"}, text
    assert found("people", q="…") == set()
    assert found("people", q="%") == found("people", q="_") == set()


def test_people_by_country_only_where_the_incident_happened_to_them(found: Any) -> None:
    incident = make_incident(origin="CN", location="TR")
    make_involvement(incident, make_person("Subject"))
    make_involvement(incident, make_person("Lawyer"), role="lawyer")
    at_home = make_incident(origin="CN", location="CN")
    make_involvement(at_home, make_person("Relative at home"))
    assert found("people", host="TR") == {"Subject"}
    assert found("people", host="CN") == set()
    assert found("people", origin="CN") == {"Subject", "Relative at home"}


def test_people_by_the_source_that_names_them(found: Any) -> None:
    source = make_source()
    by_label, by_name, by_fact = make_person("Label"), make_person("Name"), make_person("Unnamed")
    make_citation(source, "label", person=by_label)
    make_citation(source, "text", person_name=make_name(by_name))
    make_citation(source, "country", legal_status=make_legal_status(by_fact))
    assert found("people", source=source.ref) == {"Label", "Name"}
    assert found("people", source="SRC-00000000") == set()


# Where a case stands


def standings() -> None:
    case("Pending", ("detention", "2018-10-31"), ("conditional_release", "2019-01-25"), ("decision_pending", ""))
    case("Beside", ("detention", "2018-10-31"), ("hearing", "2018-12"))
    case("Over", ("detention", "2018-10-31"), ("hearing", "2018-11"), ("deportation", "2018-12"))
    case("Before", ("hearing", "2018-01"), ("detention", "2018-06"))
    case("Untold")


def test_the_present_stage_is_the_last_one_that_changed_the_situation(found: Any) -> None:
    standings()
    assert found("incidents", stage="detention") == {"Beside", "Before"}
    assert found("incidents", stage="conditional_release") == {"Pending"}
    assert found("incidents", stage="deportation") == found("people", stage="deportation") == {"Over"}
    assert found("incidents", phase="removal") == {"Over"}
    assert found("incidents", stage=["detention", "deportation"]) == {"Beside", "Before", "Over"}


def test_a_procedure_that_is_pending_is_found_beside_the_phase(found: Any) -> None:
    """A hearing is pending until it is decided, before a detention as well as after it; a removal ends it."""
    standings()
    assert found("incidents", stage="hearing") == found("people", stage="hearing") == {"Beside", "Before"}
    assert found("incidents", procedure="hearing") == found("people", procedure="hearing") == {"Beside", "Before"}
    assert found("incidents", procedure="decision_pending") == {"Pending"}
    assert found("incidents", phase="review") == found("people", phase="review") == set()
    assert found("incidents", phase="detention") == {"Beside", "Before"}


def test_people_and_incidents_by_each_track_and_by_what_follows(found: Any) -> None:
    standings()
    case("Pressed", ("threatened", "2018"), ("assault", "2019"))
    assert found("people", liberty="held") == found("incidents", liberty="held") == {"Beside", "Before"}
    assert found("people", liberty=["removed", "on_conditions"]) == {"Over", "Pending"}
    assert found("people", pressure="assault") == found("incidents", pressure="assault") == {"Pressed"}
    assert found("people", pressure="threatened") == set()
    assert found("people", open="false") == found("incidents", open="false") == {"Over"}
    assert found("people", open="true") == {"Pending", "Beside", "Before", "Pressed", "Untold"}
    # Where the deportation led is not told, so perhaps home; elsewhere nobody has to be followed.
    assert found("incidents", followed="false") == set()
    Stage.objects.filter(kind="deportation").update(destination=make_country("NO"))
    assert found("incidents", followed="false") == found("people", followed="false") == {"Over"}
    assert found("people", step="detained") == {"Pending", "Beside", "Before", "Over"}
    assert found("incidents", step="removed_elsewhere") == {"Over"}
    assert found("people", held_on="2018-11-01") == {"Pending", "Beside", "Before", "Over"}
    assert found("incidents", held_on="2019-02-01") == {"Beside", "Before"}


def test_an_undated_step_does_not_hide_what_came_later(found: Any, client: Client) -> None:
    standings()
    [record] = client.get("/api/v1/people/", {"q": "Pending"}).json()["results"]
    assert record["incidents"][0]["stage"] == "conditional_release"


def test_a_stage_ever_reached_need_not_be_the_present_one(found: Any) -> None:
    standings()
    assert found("incidents", reached="detention") == {"Pending", "Beside", "Over", "Before"}
    assert found("incidents", reached=["deportation", "conditional_release"]) == {"Over", "Pending"}


def test_the_stage_of_a_bystander_is_not_where_the_case_stands(found: Any) -> None:
    incident = case("Subject", ("detention", "2018"))
    lawyer = make_involvement(incident, make_person("Lawyer"), role="lawyer")
    make_stage(lawyer, "threatened", "2019")
    assert found("incidents", stage="threatened") == found("people", stage="threatened") == set()
    assert found("incidents", reached="threatened") == {"Subject"}


# Incidents by the rest


def test_incidents_by_what_stands_on_their_record(found: Any) -> None:
    abroad = case("Abroad", location="TR", scope="cross_border", status="ongoing")
    home = case("Home", location="CN", scope="proxy", status="ended")
    for incident, tactic in ((abroad, "detention"), (abroad, "rendition"), (home, "detention")):
        make_tactic_used(incident, tactic)
    assert found("incidents", scope="proxy") == {"Home"}
    assert found("incidents", origin="CN") == {"Abroad", "Home"}
    assert found("incidents", host="TR") == {"Abroad"}
    assert found("incidents", host="CN") == set()
    assert found("incidents", location="CN") == {"Home"}
    assert found("incidents", status=["ongoing", "unknown"]) == {"Abroad"}
    assert found("incidents", tactic="rendition") == {"Abroad"}
    assert found("incidents", tactic=["rendition", "detention"]) == {"Abroad", "Home"}
    assert found("incidents", tactic="detention", host="TR") == {"Abroad"}


def test_incidents_by_title_or_by_somebody_in_them(found: Any) -> None:
    make_involvement(make_incident("Arrest in Casablanca"), make_person("Idris Hasan"), role="witness")
    assert found("incidents", q="casablanca") == found("incidents", q="idris hasan") == {"Arrest in Casablanca"}
    assert found("incidents", q="hasan casablanca") == set()


def test_incidents_by_person_and_by_source(found: Any) -> None:
    incident = case("Cited", ("detention", "2018"))
    case("Uncited", ("detention", "2018"))
    person, involvement = incident.involvements.get().person, incident.involvements.get()
    assert found("incidents", person=person.ref) == {"Cited"}
    for about in ({"incident": incident}, {"involvement": involvement}, {"stage": involvement.stages.get()}):
        source = make_source()
        make_citation(source, "role", **about)
        assert found("incidents", source=source.ref) == {"Cited"}
    elsewhere = make_source()
    make_citation(elsewhere, "label", person=person)
    assert found("incidents", source=elsewhere.ref) == set()


# Stages


def test_stages_by_incident_person_kind_and_phase(found: Any) -> None:
    incident = case("One", ("detention", "2018-01"), ("interrogation", "2018-02"), ("hearing", "2018-03"))
    case("Two", ("release", "2018-01"))
    assert found("stages", "kind", incident=incident.ref) == {"detention", "interrogation", "hearing"}
    assert found("stages", "kind", person=incident.involvements.get().person.ref, phase="detention") == {
        "detention",
        "interrogation",
    }
    assert found("stages", "kind", kind="release") == found("stages", "kind", phase="release") == {"release"}


# Together


def test_filters_narrow_each_other(found: Any) -> None:
    standings()
    assert found("incidents", stage="detention", reached="hearing") == {"Beside", "Before"}
    assert found("incidents", stage="detention", reached="hearing", liberty="held", open="true") == {"Beside", "Before"}
