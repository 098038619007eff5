"""Each filter by date or as of a day does what its description says. The expected answers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.vocabulary import StageKind
from tests.factories import (
    make_event,
    make_incident,
    make_involvement,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
)
from tests.filtering import case, found

__all__ = ["found"]

pytestmark = pytest.mark.django_db


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
    closing = {"release", "departure", "admitted_third_country", "deportation", "extradition", "rendition", "death"}
    # Decisions in favour of somebody who was never held close a case too.
    closing |= {"asylum_granted", "extradition_refused", "charge_dropped", "acquittal"}
    assert found("incidents", open_on="2018-11-02") == set(StageKind.values) - closing


def test_a_case_stays_open_while_one_of_its_people_is_in_it(found: Any) -> None:
    incident = case("Two", ("release", "2018-11-01"), start="2018-10-31")
    make_stage(make_involvement(incident, make_person("Still held")), "detention", "2018-10-31")
    assert found("incidents", open_on="2018-12-01") == {"Two"}


# As of a day


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
