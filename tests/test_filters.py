"""Each filter does what its description says. The expected answers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.codebook import RESOURCES
from cases.vocabulary import StageKind
from tests.factories import (
    make_agreement,
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_country,
    make_duty,
    make_event,
    make_incident,
    make_involvement,
    make_legal_status,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
    make_tactic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client: Client) -> Any:
    """Return the labels or titles that a list gives for a query, as a set; the count has to agree."""

    def ask(name: str, column: str = "", **query: Any) -> set[str]:
        column = column or {"people": "label", "incidents": "title", "notices": "label"}.get(name, "title")
        response = client.get(f"/api/v1/{name}/", {**query, "fields": column, "page_size": 200})
        assert response.status_code == 200, response.content
        records = [record[column] for record in response.json()["results"]]
        assert client.get(f"/api/v1/{name}/count/", query).json() == {"count": len(records)}
        return set(records)

    return ask


def case(label: str, *stages: tuple[str, str], **fields: Any) -> Any:
    """Make an incident with one subject, both called `label`, and the subject's stages."""
    incident = make_incident(label, **{"status": "unknown"} | fields)
    involvement = make_involvement(incident, make_person(label))
    for position, (kind, occurred) in enumerate(stages):
        make_stage(involvement, kind, occurred, position=position)
    return incident


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


def test_a_review_that_runs_beside_the_situation_is_present_too(found: Any) -> None:
    standings()
    assert found("incidents", stage="hearing") == found("people", stage="hearing") == {"Beside"}
    assert found("incidents", phase="review") == found("people", phase="review") == {"Beside", "Pending"}
    assert found("incidents", phase="detention") == {"Beside", "Before"}


def test_an_undated_review_is_no_sign_that_the_case_moved_on(found: Any, client: Client) -> None:
    """What is undated stands first in the order of stages, so it does not hide what came later."""
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


# Dates


def years() -> None:
    """Four starts: a day, a month, a year, and not known; all could be in October 2018 but the last."""
    case("Day", start="2018-10-31")
    case("Month", start="2018-10")
    case("Year", start="2018")
    case("Unknown", start="")


@pytest.mark.parametrize(
    ("since", "until", "possible", "certain"),
    [
        ("2018-10-01", "2018-10-31", {"Day", "Month", "Year"}, {"Day", "Month"}),
        ("2018-01-01", "2018-12-31", {"Day", "Month", "Year"}, {"Day", "Month", "Year"}),
        ("2018-10-31", "2018-10-31", {"Day", "Month", "Year"}, {"Day"}),
        ("2018-10-02", "2018-12-31", {"Day", "Month", "Year"}, {"Day"}),
        ("2018-11-01", "2018-12-31", {"Year"}, set()),
        ("2017-01-01", "2018-10-30", {"Month", "Year"}, set()),
        ("2019-01-01", "2030-01-01", set(), set()),
        ("1900-01-01", "2017-12-31", set(), set()),
    ],
)
def test_a_vague_start_counts_where_it_may_or_where_it_must_fall(
    found: Any, since: str, until: str, possible: set[str], certain: set[str]
) -> None:
    years()
    assert found("incidents", since=since, until=until) == possible
    assert found("incidents", since=since, until=until, certainty="possible") == possible
    assert found("incidents", since=since, until=until, certainty="certain") == certain


def test_certainty_alone_leaves_nothing_out(found: Any) -> None:
    years()
    assert found("incidents", certainty="certain") == {"Day", "Month", "Year", "Unknown"}


@pytest.mark.parametrize(
    ("name", "make", "column"),
    [
        (
            "stages",
            lambda date: make_stage(make_involvement(make_incident(), make_person()), "detention", date),
            "occurred",
        ),
        ("sources", lambda date: make_source(published=date), "published"),
        ("events", lambda date: make_event(start=date), "start"),
    ],
)
def test_dates_of_other_records_are_asked_in_the_same_way(client: Client, name: str, make: Any, column: str) -> None:
    for date in ("2018-10-31", "2018-10", "2018", "", "2018-10-31/.."):
        make(date)

    def dates(**query: str) -> set[str]:
        records = client.get(f"/api/v1/{name}/", query).json()["results"]
        return {record[column]["edtf"] for record in records}

    assert dates(since="2018-11-01") == {"2018", "2018-10-31/.."}
    assert dates(since="2018-10-31", certainty="certain") == {"2018-10-31", "2018-10-31/.."}
    assert dates(until="2018-10-30") == {"2018-10", "2018"}
    assert dates(until="2018-10-31", certainty="certain") == {"2018-10-31", "2018-10"}


# Open on a day


def openings() -> None:
    case("Held", ("detention", "2018-10-31"), start="2018-10-31")
    case("Conditional", ("conditional_release", "2018-11-15"), start="2018-10-31")
    case("Released", ("release", "2018-11-15"), start="2018-10-31")
    case("Released vaguely", ("release", "2018-11"), start="2018-10-31")
    case("Released sometime", ("release", ""), start="2018-10-31")
    case("Started vaguely", start="2018-11")
    case("Undated", start="")


@pytest.mark.parametrize(
    ("day", "possible", "certain"),
    [
        ("2018-10-30", set(), set()),
        (
            "2018-10-31",
            {"Held", "Conditional", "Released", "Released vaguely", "Released sometime"},
            {"Held", "Conditional", "Released", "Released vaguely"},
        ),
        (
            "2018-11-14",
            {"Held", "Conditional", "Released", "Released vaguely", "Released sometime", "Started vaguely"},
            {"Held", "Conditional", "Released"},
        ),
        (
            "2018-11-15",
            {"Held", "Conditional", "Released vaguely", "Released sometime", "Started vaguely"},
            {"Held", "Conditional"},
        ),
        (
            "2018-11-30",
            {"Held", "Conditional", "Released sometime", "Started vaguely"},
            {"Held", "Conditional", "Started vaguely"},
        ),
    ],
)
def test_open_on_a_day_means_begun_and_with_no_terminal_stage(
    found: Any, day: str, possible: set[str], certain: set[str]
) -> None:
    openings()
    assert found("incidents", open_on=day) == possible
    assert found("incidents", open_on=day, certainty="certain") == certain


def test_each_terminal_stage_closes_a_case_and_no_other_does(found: Any) -> None:
    for kind in StageKind:
        case(kind.value, (kind.value, "2018-11-01"), start="2018-10-31")
    closing = {"release", "admitted_third_country", "deportation", "extradition", "rendition", "death"}
    assert found("incidents", open_on="2018-11-02") == set(StageKind.values) - closing


def test_a_case_stays_open_while_one_of_its_people_is_in_it(found: Any) -> None:
    incident = case("Two", ("release", "2018-11-01"), start="2018-10-31")
    make_stage(make_involvement(incident, make_person("Still held")), "detention", "2018-10-31")
    assert found("incidents", open_on="2018-12-01") == {"Two"}


# Incidents by the rest


def test_incidents_by_what_stands_on_their_record(found: Any) -> None:
    abroad = case("Abroad", location="TR", scope="cross_border", status="ongoing")
    home = case("Home", location="CN", scope="proxy", status="ended")
    abroad.tactics.add(make_tactic("detention"), make_tactic("rendition"))
    home.tactics.add(make_tactic("detention"))
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


# Stages, notices and the rest


def test_stages_by_incident_person_kind_and_phase(found: Any) -> None:
    incident = case("One", ("detention", "2018-01"), ("interrogation", "2018-02"), ("hearing", "2018-03"))
    case("Two", ("release", "2018-01"))
    assert found("stages", "kind", incident=incident.ref) == {"detention", "interrogation", "hearing"}
    assert found("stages", "kind", person=incident.involvements.get().person.ref, phase="detention") == {
        "detention",
        "interrogation",
    }
    assert found("stages", "kind", kind="release") == found("stages", "kind", phase="release") == {"release"}


def notices() -> None:
    def notice(label: str, *events: tuple[str, str], **fields: Any) -> None:
        made = make_notice(make_person(label), **fields)
        for position, (state, occurred) in enumerate(events):
            make_notice_event(made, state, occurred, position=position)

    notice("Out", ("published", "2017-05-01"))
    notice("Ended", ("published", "2017-05-01"), ("cancelled", "2018-02-01"))
    notice("Ended vaguely", ("published", "2017-05-01"), ("deleted", "2018"))
    notice("Begun vaguely", ("published", "2017"), requested_by="TR")
    notice("Again", ("published", "2016"), ("cancelled", "2017-03-01"), ("reissued", "2017-06-01"))
    notice("Asked for", ("requested", "2017-01-01"), instrument="blue_notice")
    notice("Silent")


def test_notices_by_instrument_country_and_present_state(found: Any) -> None:
    notices()
    assert found("notices", instrument="blue_notice") == {"Asked for"}
    assert found("notices", requested_by="TR") == {"Begun vaguely"}
    assert found("notices", state="cancelled") == {"Ended"}
    assert found("notices", state=["cancelled", "deleted"]) == {"Ended", "Ended vaguely"}
    assert found("notices", state="published") == {"Out", "Begun vaguely"}
    assert found("notices", q="silent") == {"Silent"}


@pytest.mark.parametrize(
    ("day", "possible", "certain"),
    [
        ("2016-12-31", {"Again"}, {"Again"}),
        ("2017-02-01", {"Begun vaguely", "Again"}, {"Again"}),
        ("2017-04-01", {"Begun vaguely"}, set()),
        ("2017-05-01", {"Out", "Ended", "Ended vaguely", "Begun vaguely"}, {"Out", "Ended", "Ended vaguely"}),
        (
            "2018-01-15",
            {"Out", "Ended", "Ended vaguely", "Begun vaguely", "Again"},
            {"Out", "Ended", "Begun vaguely", "Again"},
        ),
        ("2018-02-01", {"Out", "Ended vaguely", "Begun vaguely", "Again"}, {"Out", "Begun vaguely", "Again"}),
        ("2018-12-31", {"Out", "Begun vaguely", "Again"}, {"Out", "Begun vaguely", "Again"}),
    ],
)
def test_a_notice_is_active_from_its_publication_to_its_end(
    found: Any, day: str, possible: set[str], certain: set[str]
) -> None:
    notices()
    assert found("notices", active_on=day) == possible
    assert found("notices", active_on=day, certainty="certain") == certain


def test_sources_by_what_stands_on_them_and_whom_they_name(found: Any) -> None:
    original = make_source(title="Original", outlet="The Daily Lantern", author="A. Writer", language="en")
    make_source(title="Copy", outlet="Lanterna", language="it", derived_from=original, derivation="wire_copy")
    person = make_person()
    make_citation(original, "text", person_name=make_name(person))
    assert found("sources", q="writer lantern") == {"Original"}
    assert found("sources", outlet="the daily lantern") == {"Original"}
    assert found("sources", outlet="lantern") == set()
    assert found("sources", derivation="wire_copy") == found("sources", language="IT") == {"Copy"}
    assert found("sources", kind="news_report") == {"Original", "Copy"}
    assert found("sources", person=person.ref) == {"Original"}


def test_citations_by_source_record_field_and_stance(found: Any) -> None:
    source, person = make_source(), make_person()
    name = make_name(person)
    make_citation(source, "label", person=person, stated_value="label")
    make_citation(source, "text", person_name=name, stated_value="text", stance="misprint", preferred=False)
    make_citation(make_source(), "text", person_name=name, stated_value="other")
    assert found("citations", "stated_value", source=source.ref) == {"label", "text"}
    assert found("citations", "stated_value", record=name.ref) == {"text", "other"}
    assert found("citations", "stated_value", record=person.ref) == {"label"}
    assert found("citations", "stated_value", field="text", stance="misprint") == {"text"}
    assert found("citations", "stated_value", record="XYZ-00000000") == set()


def test_agreements_between_all_the_countries_asked_for(found: Any) -> None:
    make_agreement("CN", "TR", title="With Turkey")
    make_agreement("CN", "MA", title="With Morocco", kind="judicial_cooperation")
    assert found("agreements", country="CN") == {"With Turkey", "With Morocco"}
    assert found("agreements", country=["CN", "MA"]) == {"With Morocco"}
    assert found("agreements", country=["TR", "MA"]) == set()
    assert found("agreements", kind="extradition") == {"With Turkey"}


def test_countries_by_any_name_and_by_region(found: Any) -> None:
    make_country("TR"), make_country("CN")
    assert found("countries", "code", q="turkey") == found("countries", "code", q="TÜRKIYE") == {"TR"}
    assert found("countries", "code", region="western asia") == {"TR"}
    assert found("countries", "code", region="asia") == set()


def test_events_by_title_and_country(found: Any) -> None:
    make_event(title="General Assembly", country=make_country("TR"))
    make_event(title="Review of a treaty")
    assert found("events", q="assembly") == found("events", country="TR") == {"General Assembly"}


def test_the_world_as_of_a_day(found: Any) -> None:
    """Detained on 2 May 2018 and let out in June: on 10 May held, on 15 June perhaps out, on 1 July out."""
    case("Let out", ("detention", "2018-05-02"), ("release", "2018-06"), start="2018-05-02")
    case("Later", ("detention", "2019-05-02"), start="2019-05-02")
    notice = make_notice(make_person("Wanted"))
    make_notice_event(notice, "published", "2018-05-02")
    for day, people, stages in (
        ("2018-05-01", set(), set()),
        ("2018-05-10", {"Let out"}, {"detention"}),
        ("2018-06-15", {"Let out"}, {"detention", "release"}),
        ("2018-07-01", set(), {"detention", "release"}),
    ):
        assert found("people", phase="detention", as_of=day) == people
        assert found("incidents", phase="detention", as_of=day) == people
        assert found("stages", "kind", as_of=day) == stages
        assert found("notices", as_of=day) == ({"Wanted"} if day > "2018-05-01" else set())


def test_what_was_known_on_a_day_is_told_to_the_team_alone(client: Client) -> None:
    for name in ("people", "incidents", "stages", "notices"):
        assert client.get(f"/api/v1/{name}/?known_on=2018-05-01").status_code == 400


def test_requests_to_the_commission_by_what_they_ask_and_what_became_of_them(found: Any) -> None:
    decided = make_ccf_request(make_notice(make_person("Aybek")), "deletion", outcome="non_compliant_deleted")
    make_ccf_event(decided, "filed", "2018-01"), make_ccf_event(decided, "decided", "2018-06", position=1)
    make_ccf_event(make_ccf_request(make_notice(make_person("Babur")), "access"), "filed", "2018-02")
    assert found("ccf-requests", "label", kind="access") == found("ccf-requests", "label", state="filed") == {"Babur"}
    assert found("ccf-requests", "label", outcome="non_compliant_deleted") == {"Aybek"}
    assert found("ccf-requests", "label", notice=decided.notice.ref) == {"Aybek"}
    assert found("ccf-requests", "label", person=decided.notice.person.ref) == {"Aybek"}
    assert found("ccf-requests", "label", q="babur") == {"Babur"}


def test_duties_by_kind_case_and_day(found: Any) -> None:
    row = make_involvement(make_incident("Held"), make_person("Aybek"))
    make_duty(row, "hearing", "2019-02"), make_duty(row, "reporting", "2019-01-25", rhythm="weekly")
    other = make_duty(make_involvement(make_incident("Other"), make_person("Babur")), "other", "2020")
    assert found("duties", "kind", kind="hearing") == {"hearing"}
    assert found("duties", "kind", person=row.person.ref) == {"hearing", "reporting"}
    assert found("duties", "kind", incident=other.incident.ref) == {"other"}
    assert found("duties", "kind", since="2019-02-10") == {"hearing", "other"}
    assert found("duties", "kind", since="2019-02-10", certainty="certain") == {"other"}
    assert found("duties", "kind", until="2019-02-10", certainty="certain") == {"reporting"}


def test_filters_narrow_each_other(found: Any) -> None:
    standings()
    assert found("incidents", stage="detention", reached="hearing") == {"Beside", "Before"}
    assert found("incidents", stage="detention", reached="hearing", phase="review") == {"Beside"}


def test_every_filter_is_tried_in_this_file() -> None:
    """A filter that is added is to be worked out by hand here too."""
    with open(__file__, encoding="utf-8") as file:
        text = file.read()
    untried = [
        f"{resource.name}: {name}"
        for resource in RESOURCES
        for name in resource.filterset.base_filters
        if f"{name}=" not in text
    ]
    assert untried == []
