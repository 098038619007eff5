"""An empty answer says why it can only be empty: on the page, and in a header of API and CSV.

What is expected was worked out by hand, from the question and the rows that each test makes.
"""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from cases.codebook import RESOURCES
from cases.models import Incident, Involvement
from records.current_day import current_day
from records.lists.not_and_all import NotFilter
from records.lists.reasons import NOTE
from tests.factories import make_country, make_incident, make_involvement, make_person, make_stage
from tests.filtering import case
from tests.test_same_rows import values
from tests.world import make_case

pytestmark = pytest.mark.django_db


def reason(client: Client, name: str, query: str) -> str:
    """Return why a list says that it is empty; list, count, CSV and page have to agree. Empty without a reason."""
    listed = client.get(f"/api/v1/{name}/?{query}")
    assert listed.status_code == 200 and listed.json()["results"] == [], listed.content
    note = listed.headers.get(NOTE, "")
    others = [client.get(f"/api/v1/{name}/count/?{query}")]
    if name not in ("stages", "citations"):
        others.append(client.get(f"/{name}/export.csv?{query}"))
        page = html.unescape(client.get(f"/{name}/?{query}").content.decode())
        assert page.count('<p class="reason">') == bool(note), query
        assert note in page
    assert [each.headers.get(NOTE, "") for each in others] == [note] * len(others), query
    assert note.isascii()
    return note


@pytest.fixture
def held_case() -> Any:
    """Held in Turkey on 31 October 2018, freed on conditions on 24 January 2019; going on as of 5 February 2019."""
    stages = (("detention", "2018-10-31"), ("conditional_release", "2019-01-24"))
    return case("Held in Istanbul", *stages, status="ongoing")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_codes_that_are_asked_for_and_left_out(client: Client, resource: Any) -> None:
    cases = [make_case(number) for number in range(2)]
    for name, question in resource.filterset.base_filters.items():
        if isinstance(question, NotFilter):
            asked = name.removesuffix("_not")
            code = values(resource, asked, cases)[0]
            told = f"{asked} asks for {code}, which {name} leaves out. Take one of them away."
            assert reason(client, resource.name, f"{asked}={code}&{name}={code}") == told
            if f"{asked}_all" in resource.filterset.base_filters:
                together = reason(client, resource.name, f"{asked}_all={code}&{name}={code}")
                assert together == told.replace(asked, f"{asked}_all", 1)


def test_codes_of_which_another_is_left_out_are_no_reason(client: Client) -> None:
    assert reason(client, "incidents", "scope=proxy&scope=domestic&scope_not=proxy") == ""
    both = "scope=proxy&scope=domestic&scope_not=domestic&scope_not=proxy"
    told = "scope asks for domestic and proxy, which scope_not leaves out."
    assert reason(client, "incidents", both).startswith(told)


def test_a_beginning_after_the_day_looked_at(client: Client, held_case: Any) -> None:
    note = reason(client, "incidents", "since=2019-06-01&as_of=2019-01-01")
    assert note == (
        "since (2019-06-01) lies after as_of (2019-01-01): of what had come by that day only what has a vague date "
        "could have come so late. Ask as_of a later day, or leave one of them out."
    )
    certain = reason(client, "incidents", "since=2019-06-01&as_of=2019-01-01&certainty=certain")
    assert "of what had come by that day nothing can have come so late" in certain
    assert "since (2019-06-01) lies after as_of (2019-01-01)" in reason(
        client, "stages", "since=2019-06-01&as_of=2019-01-01"
    )
    # On one day, what began on it is found; and nobody is told of days where the emptiness has another cause.
    assert reason(client, "incidents", "since=2019-01-01&as_of=2019-01-01") == ""


def test_an_answer_that_found_something_says_nothing(client: Client) -> None:
    make_incident("Some time from 2018 to 2020", start="2018/2020")
    for address in ("/api/v1/incidents/", "/api/v1/incidents/count/", "/incidents/export.csv", "/incidents/"):
        answer = client.get(f"{address}?since=2019-06-01&as_of=2019-01-01")
        assert answer.status_code == 200 and NOTE not in answer.headers
        assert b"lies after" not in (b"".join(answer) if answer.streaming else answer.content)


@pytest.mark.parametrize(
    ("query", "now", "then"),
    [
        ("phase=detention", "phase is asked of today, open_on of 2019-01-01.", "as_of=2019-01-01"),
        ("stage_not=conditional_release", "stage_not is asked of today, open_on of 2019-01-01.", "as_of=2019-01-01"),
        ("liberty=held&phase=detention", "phase and liberty are asked of today, open_on of", "as_of=2019-01-01"),
        ("liberty_all=held", "liberty_all is asked of today", "as_of=2019-01-01"),
        ("open=false", "open is asked of today", ""),
        ("status=ended", "status is asked of today", ""),
    ],
)
def test_where_a_case_stands_beside_another_day(
    client: Client, held_case: Any, query: str, now: str, then: str
) -> None:
    told = reason(client, "incidents", f"open_on=2019-01-01&{query}")
    assert told.startswith(now)
    assert told.endswith("Give as_of=2019-01-01 to ask all of it of that day.")
    if then:  # on 1 January 2019 he was held: as the reason says, that finds him
        found = client.get(f"/api/v1/incidents/?open_on=2019-01-01&{query}&{then}").json()["results"]
        assert [each["title"] for each in found] == ["Held in Istanbul"]


def test_people_held_on_another_day(client: Client, held_case: Any) -> None:
    told = "liberty is asked of today, held_on of 2019-01-01. Give as_of=2019-01-01 to ask all of it of that day."
    assert reason(client, "people", "held_on=2019-01-01&liberty=held") == told
    assert reason(client, "people", "held_on=2018-01-01&standing=linked") == ""
    earlier = reason(client, "people", "held_on=2019-01-01&liberty=held&as_of=2018-01-01")
    assert earlier.startswith("liberty is asked of 2018-01-01, held_on of 2019-01-01.")
    assert reason(client, "people", "held_on=2017-01-01&liberty=held&as_of=2017-01-01") == ""


def test_a_step_that_was_reached_stays_reached_whatever_the_day(client: Client, held_case: Any) -> None:
    assert reason(client, "incidents", "open_on=2019-01-01&step=killed") == ""


def test_a_status_that_is_said_for_a_later_day(client: Client, held_case: Any) -> None:
    other = make_involvement(held_case, make_person("Later"), status="ongoing", status_as_of="2020")
    told = "status is asked of 2019-01-01. Of what else matches here, the status asked for is told "
    first = f"{told}for 2019-02-05 at the earliest: ask as_of a day from then on."
    for asked in ("status=ongoing", "status_all=ongoing", "status_not=unknown", "status=ongoing&status=ended"):
        assert reason(client, "incidents", f"{asked}&host=TR&as_of=2019-01-01") == first, asked
    make_country("NO")
    # The person of the status of 2019 is not among those who match here.
    assert reason(client, "incidents", "status=ended&as_of=2019-01-01") == ""
    assert reason(client, "incidents", "status=ongoing&host=NO&as_of=2019-01-01") == ""
    Involvement.objects.exclude(pk=other.pk).delete()
    assert reason(client, "incidents", "status=ongoing&as_of=2019-01-01") == first.replace("2019-02-05", "2020-01-01")
    Involvement.objects.update(status_as_of=None)
    undated = reason(client, "incidents", "status=ongoing&as_of=2019-01-01")
    assert undated == f"{told}for no day: leave as_of out."


def test_a_status_of_no_day_is_told_as_of_today_as_it_is_now(client: Client) -> None:
    case("No day", ("detention", "2018-10-31"), status="ended")
    Involvement.objects.update(status_as_of=None)
    today = f"/api/v1/incidents/?status=ended&as_of={current_day()}"
    assert [each["title"] for each in client.get(today).json()["results"]] == ["No day"]


def test_hidden_rows_change_no_word_of_the_reason(client: Client, held_case: Any) -> None:
    query = "status=ongoing&as_of=2018-12-01"
    before = reason(client, "incidents", query)
    assert "2019-02-05" in before
    hidden = make_person("Hidden", level="team")
    make_involvement(held_case, hidden, status="ongoing", status_as_of="2018-12-24")
    make_involvement(held_case, make_person("Shown"), status="ongoing", status_as_of="2018-12-24", level="team")
    assert reason(client, "incidents", query) == before
    Incident.objects.update(level="team")
    assert reason(client, "incidents", query) == ""


def test_a_kind_of_stage_beside_a_phase_to_which_it_does_not_belong(client: Client, held_case: Any) -> None:
    told = "kind asks for detention, and phase for removal: none of the kinds belongs there."
    assert reason(client, "stages", "kind=detention&phase=removal") == told
    make_stage(Involvement.objects.get(), "release", "2019-03")
    assert reason(client, "stages", "kind=release&kind=detention&phase=release&phase=removal&since=2030-01-01") == ""


def test_a_role_beside_a_standing_that_has_none(client: Client) -> None:
    told = "role is told of people of the standing other alone. Leave role or standing out."
    assert reason(client, "people", "role=lawyer&standing=target") == told
    assert reason(client, "people", "role=lawyer&standing=target&standing=other") == ""


def test_board_and_silence_say_it_too(client: Client) -> None:
    for page in ("board", "silence"):
        told = client.get(f"/{page}/?phase=detention&phase_not=detention").content.decode()
        assert told.count("phase asks for detention, which phase_not leaves out.") == 1
        assert 'class="reason"' not in client.get(f"/{page}/?phase=detention").content.decode()
