"""The parts of an incident: its countries, who did it, with what tactics, and what was demanded of whom."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.models import Incident
from cases.return_risk.danger_signals import signals
from cases.return_risk.records import records_at_risk
from cases.situation.standing import involvements
from cases.views.chronology import country_names
from records.current_day import current_day
from tests.admin_forms import incident_rows, rows
from tests.factories import (
    make_actor,
    make_agreement,
    make_citation,
    make_country,
    make_demand,
    make_incident,
    make_involvement,
    make_legal_status,
    make_part,
    make_perpetrator_kind,
    make_person,
    make_ratification,
    make_source,
    make_stage,
    make_tactic_used,
)
from tests.filtering import found
from tests.signin import may, sign_in

__all__ = ["found"]

pytestmark = pytest.mark.django_db


def told(client: Client, incident: Any) -> dict[str, Any]:
    return client.get(f"/api/v1/incidents/{incident.ref}/").json()


def row_of(client: Client, **query: Any) -> dict[str, str]:
    [row] = csv.DictReader(io.StringIO(client.get("/incidents/export.csv", query).getvalue().decode("utf-8-sig")))
    return row


@pytest.fixture
def two_states() -> SimpleNamespace:
    """One act by two states in two host countries, on the way to a third state."""
    incident = make_incident("Taken off a bus", origin="CN", location="TR", tactics=["rendition"])
    make_part(incident, "origin", "CA", attribution="suspected")
    make_part(incident, "location", "NO")
    make_part(incident, "transit", "MA")
    make_part(incident, "destination", "CN")
    person = make_person("Aybek Tursun")
    involvement = make_involvement(incident, person)
    make_stage(involvement, "detention", "2018-10-31", country="TR")
    return SimpleNamespace(incident=incident, person=person, involvement=involvement)


class TestCountries:
    def test_staff_enter_several_states_and_hosts_in_one_table(self, client: Client) -> None:
        sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
        for code in ("CN", "CA", "TR", "NO"):
            make_country(code)
        countries = [
            {"country": "CN", "part": "origin", "attribution": "stated", "level": "public"},
            {"country": "CA", "part": "origin", "level": "public"},
            {"country": "TR", "part": "location", "level": "public"},
            {"country": "NO", "part": "location", "level": "public"},
        ]
        form = {"title": "Taken off a bus", "scope": "cross_border", "level": "public", "review": "draft"}
        response = client.post("/admin/cases/incident/add/", form | incident_rows(country_parts=countries))
        assert response.status_code == 302
        told_of = told(client, Incident.objects.get())
        assert told_of["origins"] == [
            {"country": "CA", "attribution": "unknown"},
            {"country": "CN", "attribution": "stated"},
        ]
        assert (told_of["hosts"], told_of["locations"]) == (["NO", "TR"], ["NO", "TR"])

    @pytest.mark.parametrize(
        ("row", "box"),
        [
            ({"country": "TR", "part": "location", "attribution": "stated"}, "Only a state behind the incident"),
            ({"country": "CN", "part": "origin", "attribution": "stated"}, "already has this part"),
        ],
    )
    def test_what_makes_no_sense_is_refused_where_it_stands(self, client: Client, row: Any, box: str) -> None:
        sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
        make_country("CN"), make_country("TR")
        rows = [{"country": "CN", "part": "origin", "attribution": "stated", "level": "public"}, row]
        form = {"title": "Taken off a bus", "scope": "cross_border", "level": "public", "review": "draft"}
        page = client.post(
            "/admin/cases/incident/add/",
            form | incident_rows(country_parts=[{"level": "public"} | each for each in rows]),
        )
        assert page.status_code == 200 and box in page.content.decode()
        assert not Incident.objects.exists()

    def test_one_act_by_two_states_in_two_countries_is_found_by_each_and_counted_once(
        self, found: Any, two_states: SimpleNamespace
    ) -> None:
        make_incident("Another", origin="TR", location="MA")
        one = {"Taken off a bus"}
        assert found("incidents", origin="CN") == found("incidents", origin="CA") == one
        assert found("incidents", origin_all=["CN", "CA"]) == one
        assert found("incidents", host="TR") == found("incidents", host="NO") == found("incidents", host=["TR", "NO"])
        assert found("incidents", host="NO") == found("incidents", location_all=["TR", "NO"]) == one
        assert found("incidents", transit="MA") == found("incidents", destination="CN") == one
        assert found("incidents", attribution="suspected") == one
        assert found("incidents", attribution_all=["suspected", "unknown"]) == one

    def test_it_is_not_found_by_what_a_country_was_not(self, found: Any, two_states: SimpleNamespace) -> None:
        assert found("incidents", host="CN") == found("incidents", host="MA") == set()
        assert found("incidents", transit="TR") == found("incidents", origin_not="CA") == set()

    def test_people_are_found_by_every_state_and_host_too(self, found: Any, two_states: SimpleNamespace) -> None:
        for query in ({"origin": "CA"}, {"origin": "CN"}, {"host": "NO"}, {"host_all": ["TR", "NO"]}):
            assert found("people", **query) == {"Aybek Tursun"}

    def test_page_and_export_name_them_all(self, client: Client, two_states: SimpleNamespace) -> None:
        page = client.get(f"/incidents/{two_states.incident.ref}/").content.decode()
        for code in ("CN", "CA", "TR", "NO", "MA"):
            assert f'href="/countries/{code}/"' in page
        assert "Canada: suspected" in page and "China: unknown" in page
        row = row_of(client)
        assert (row["origins"], row["hosts"], row["transits"], row["destinations"]) == (
            "CA | suspected; CN | unknown",
            "NO; TR",
            "MA",
            "CN",
        )
        countries = {row["code"]: row for row in client.get("/api/v1/countries/").json()["results"]}
        assert [(countries[code]["hosted"], countries[code]["behind"]) for code in ("CN", "CA", "TR", "NO", "MA")] == [
            (0, 1),
            (0, 1),
            (1, 0),
            (1, 0),
            (0, 0),
        ]

    def test_each_state_stands_with_its_own_evidence(self, client: Client, two_states: SimpleNamespace) -> None:
        first, second = two_states.incident.country_parts.filter(part="origin").order_by("country")
        make_citation(make_source(title="On Canada"), "country", incident_country=first)
        make_citation(make_source(title="On China"), "country", incident_country=second)
        page = client.get(f"/incidents/{two_states.incident.ref}/").content.decode()
        facts = re.findall(r"<dt>State behind it</dt>(.*?)</div>\n<div>|<dt>State", page, re.DOTALL)
        [canada, china] = [each for each in facts if each]
        assert "On Canada" in canada and "On China" not in canada
        assert "On China" in china and "On Canada" not in china

    def test_a_location_that_is_a_state_behind_it_is_no_host(self, client: Client, found: Any) -> None:
        incident = make_incident("Held at home", origin="CN", location="CN")
        make_part(incident, "location", "TR")
        assert told(client, incident)["hosts"] == ["TR"]
        assert found("incidents", host="CN") == set() and found("incidents", host="TR") == {"Held at home"}

    def test_an_act_with_no_known_origin_is_stored_and_said_to_have_none(self, client: Client, found: Any) -> None:
        """Held in Norway by nobody knows whom: that it was abroad cannot be told, so no step but the first is shown."""
        make_country("CN")
        incident = make_incident("Beaten in Oslo", origin="", location="NO")
        involvement = make_involvement(incident, make_person("Aybek Tursun"))
        make_stage(involvement, "assault", "2018-10-31", country="NO")
        told_of = told(client, incident)
        assert (told_of["origins"], told_of["hosts"]) == ([], ["NO"])
        assert told_of["people"][0]["reached"] == "on_notice"
        assert told_of["people"][0]["reached_apart"] == ["unplaced"]
        page = client.get(f"/incidents/{incident.ref}/").content.decode()
        assert "held or attacked, not told whether abroad" in page
        assert "state behind it" in page.split("Not known:")[1].split("</p>")[0]
        assert found("incidents", origin_not="CN") == {"Beaten in Oslo"}
        assert found("incidents", step="unplaced") == {"Beaten in Oslo"}
        make_incident("Another", location="TR")
        assert found("incidents", origin_known="false") == {"Beaten in Oslo"}
        assert found("incidents", origin_known="true") == {"Another"}
        dossier = client.get(f"/people/{involvement.person.ref}/dossier/").content.decode()
        assert "State behind it" in dossier and "Not known." in dossier

    def test_a_removal_to_either_state_is_a_return(self, client: Client, two_states: SimpleNamespace) -> None:
        make_stage(two_states.involvement, "deportation", "2019-01-05", country="TR", destination="CA")
        [part] = told(client, two_states.incident)["people"]
        assert (part["reached"], part["liberty"]["country"], part["open"], part["followed"]) == (
            "returned_or_attacked",
            "CA",
            False,
            True,
        )

    def test_a_country_that_stands_twice_for_a_reader_is_told_once(self, client: Client) -> None:
        incident = make_incident(location="TR")
        make_part(incident, "location", "TR", level="partner")
        sign_in(client, may(get_user_model().objects.create_user("analyst"), "read_team"))
        assert told(client, incident)["locations"] == ["TR"]

    def test_a_country_that_is_hidden_decides_nothing_for_a_stranger(self, client: Client, found: Any) -> None:
        """The team knows that China stood behind it, and so that it was not abroad; a stranger is told neither."""
        incident = make_incident("Held", origin="", location="CN")
        make_part(incident, "origin", "CN", level="team", attribution="stated")
        assert (told(client, incident)["origins"], told(client, incident)["hosts"]) == ([], ["CN"])
        assert found("incidents", origin="CN") == set() and found("incidents", host="CN") == {"Held"}
        sign_in(client, may(get_user_model().objects.create_user("analyst"), "read_team"))
        assert (told(client, incident)["origins"][0]["country"], told(client, incident)["hosts"]) == ("CN", [])
        assert found("incidents", host="CN") == set()

    def test_an_agreement_of_any_of_the_states_with_any_host_is_a_signal(self, two_states: SimpleNamespace) -> None:
        treaty = make_agreement("CA", "NO", title="Treaty of Oslo")
        for code in ("CA", "NO"):
            make_ratification(treaty, code, state="ratified", on="2017", as_of="2017")
        make_legal_status(two_states.person, "NO", "refugee")
        user, [case] = AnonymousUser(), list(involvements(AnonymousUser()))
        at_risk = records_at_risk(user, case.person, [case], current_day(), country_names())
        said = {signal.name: signal.says for signal in signals(at_risk)}
        assert said["agreement"].startswith("agreement between Canada or China and Norway or Türkiye: ")
        assert said["ratification"] == "Treaty of Oslo, ratified by both: recorded"
        assert said["legal_status"].startswith("status in Norway or Türkiye: ")


class TestTactics:
    def test_a_tactic_has_a_day_of_its_own_and_is_not_told_before_it(self, client: Client, found: Any) -> None:
        incident = make_incident("Followed", start="2018")
        make_tactic_used(incident, "surveillance", occurred="2018-05")
        make_tactic_used(incident, "abduction", occurred="2020-03-01")
        make_tactic_used(incident, "threat")
        used = [
            (each["tactic"], each["occurred"] and each["occurred"]["edtf"])
            for each in told(client, incident)["tactics"]
        ]
        assert sorted(used) == [("abduction", "2020-03-01"), ("surveillance", "2018-05"), ("threat", None)]
        assert "abduction (1 March 2020)" in client.get(f"/incidents/{incident.ref}/").content.decode()
        assert found("incidents", tactic="abduction") == {"Followed"}
        assert found("incidents", tactic="abduction", as_of="2019-01-01") == set()
        assert found("incidents", tactic=["surveillance"], as_of="2018-05-10") == {"Followed"}
        early = client.get(f"/api/v1/incidents/{incident.ref}/", {"as_of": "2019-01-01"}).json()
        assert sorted(each["tactic"] for each in early["tactics"]) == ["surveillance", "threat"]

    @pytest.mark.parametrize("occurred", ["", "2018-05"])
    def test_the_same_tactic_on_the_same_day_stands_once(self, client: Client, occurred: str) -> None:
        sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
        incident = make_incident(review="draft")
        used = make_tactic_used(incident, "threat", occurred=occurred)
        data = {"incident": incident.pk, "tactic": "threat", "occurred": occurred, "level": "public"}
        page = client.post("/admin/cases/tacticused/add/", data | rows("citations"))
        assert "This tactic already stands in the incident for this date." in page.content.decode()
        assert list(incident.tactics_used.all()) == [used]


class TestActors:
    @pytest.fixture
    def incident(self) -> Any:
        incident = make_incident("Lured to a meeting")
        ministry = make_person("Ministry of Security", kind="organisation", standing="other", role="official")
        make_actor(incident, "officers of the ministry", organisation=ministry, part="ordered", answer="denies")
        make_actor(incident, "two hired men", part="carried_out", confidence="possible")
        return incident

    def test_several_actors_each_with_part_and_answer_are_told_everywhere(self, client: Client, incident: Any) -> None:
        actors = told(client, incident)["actors"]
        assert [(each["words"], each["part"], each["confidence"], each["answer"]) for each in actors] == [
            ("officers of the ministry", "ordered", None, "denies"),
            ("two hired men", "carried_out", "possible", None),
        ]
        page = client.get(f"/incidents/{incident.ref}/").content.decode()
        for words in ("officers of the ministry", "Ministry of Security", "ordered it", "denies it", "two hired men"):
            assert words in page
        assert "two hired men" in row_of(client)["actors"]

    def test_an_organisation_leads_to_what_it_had_a_part_in(self, client: Client, found: Any, incident: Any) -> None:
        ministry = incident.actors.get(words__startswith="officers").organisation
        make_incident("Another")
        assert found("incidents", actor=ministry.ref) == {"Lured to a meeting"}
        incident.actors.filter(organisation=ministry).update(kind=make_perpetrator_kind("origin_intelligence"))
        assert found("incidents", actor_kind="origin_intelligence") == {"Lured to a meeting"}
        assert found("incidents", actor_kind_not="origin_intelligence") == {"Another"}
        page = client.get(f"/people/{ministry.ref}/").content.decode()
        assert f'<a href="/incidents/?actor={ministry.ref}">1 incident</a>' in page

    def test_a_hidden_organisation_stays_unnamed(self, client: Client, found: Any, incident: Any) -> None:
        ministry = incident.actors.get(words__startswith="officers").organisation
        type(ministry).objects.filter(pk=ministry.pk).update(level="team")
        assert told(client, incident)["actors"][0]["organisation"] is None
        assert "Ministry of Security" not in client.get(f"/incidents/{incident.ref}/").content.decode()
        assert found("incidents", actor=ministry.ref) == set()

    def test_in_the_admin_a_hidden_organisation_is_neither_shown_nor_found(self, client: Client, incident: Any) -> None:
        ministry = incident.actors.get(words__startswith="officers").organisation
        type(ministry).objects.filter(pk=ministry.pk).update(level="restricted")
        sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
        page = client.get("/admin/cases/actor/").content.decode()
        assert "officers of the ministry" in page and "Ministry of Security" not in page
        found_by_name = client.get("/admin/cases/actor/", {"q": "Ministry of Security"}).content.decode()
        assert "officers of the ministry" not in found_by_name

    def test_a_human_being_is_no_organisation(self, client: Client, incident: Any) -> None:
        sign_in(client, may(get_user_model().objects.create_superuser("editor"), "read_team", "read_partner"))
        actor = incident.actors.get(words="two hired men")
        data = {"incident": incident.pk, "words": "a man", "organisation": make_person().pk, "level": "public"}
        page = client.post(f"/admin/cases/actor/{actor.ref}/change/", data | {"citations-TOTAL_FORMS": 0})
        assert "Choose the record of an organisation" in page.content.decode()


class TestDemands:
    def test_what_was_asked_of_whom_is_told_with_the_threat(self, client: Client, found: Any) -> None:
        incident = make_incident("Called at night", start="2019")
        involvement = make_involvement(incident, make_person("Aybek Tursun"))
        make_demand(
            involvement, channel="relative", carried_by="an officer", threat="prison for his father", occurred="2019-05"
        )
        make_demand(involvement, "silence", level="team")
        [demand] = told(client, incident)["demands"]
        assert (demand["person"], demand["kind"], demand["channel"], demand["threat"]) == (
            involvement.person.ref,
            "return",
            "relative",
            "prison for his father",
        )
        for address in (f"/incidents/{incident.ref}/", f"/people/{involvement.person.ref}/"):
            page = client.get(address).content.decode()
            assert "Asked to return" in page and "prison for his father" in page and "an officer" in page
        dossier = client.get(f"/people/{involvement.person.ref}/dossier/").content.decode()
        assert "to return, by a relative, carried by an officer (alleged); threat: prison for his father" in dossier
        assert found("incidents", demand="return") == {"Called at night"}
        assert found("incidents", demand="silence") == set(), "what is the team's stays the team's"
        assert found("incidents", demand="return", as_of="2019-02-01") == set()


class TestTheAgreementReliedOn:
    def test_it_is_named_where_its_reader_may_see_it(self, client: Client, found: Any) -> None:
        treaty, secret = make_agreement(title="Treaty of Ankara"), make_agreement(title="A secret deal", level="team")
        open_case, closed = make_incident("Open", agreement=treaty), make_incident("Hidden", agreement=secret)
        assert (told(client, open_case)["agreement"], told(client, closed)["agreement"]) == (treaty.ref, None)
        assert "Treaty of Ankara" in client.get(f"/incidents/{open_case.ref}/").content.decode()
        assert "secret" not in client.get(f"/incidents/{closed.ref}/").content.decode()
        assert found("incidents", agreement=treaty.ref) == {"Open"}
        assert found("incidents", agreement=secret.ref) == set()
