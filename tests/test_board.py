"""The board: the same people as the list, by phase, for how long, and what changed since the reader's last visit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Stage
from cases.situation.settling import settle_all
from cases.views import board
from cases.vocabulary import Phase
from records.models import Visit
from tests.factories import make_incident, make_involvement, make_person, make_stage
from tests.pasts import signed_in, somebody
from tests.world import make_case

pytestmark = pytest.mark.django_db


def lanes(client: Client, query: str = "") -> dict[str, list[Any]]:
    response = client.get(f"/board/{query}")
    assert response.status_code == 200
    return {lane.phase.value: lane.cards for lane in response.context["lanes"]}


def names(client: Client, query: str = "") -> dict[str, list[str]]:
    return {phase: [card.person.label for card in cards] for phase, cards in lanes(client, query).items() if cards}


def make_standing(label: str, *stages: tuple[str, str], **fields: Any) -> Any:
    row = make_involvement(make_incident(f"About {label}", **{"start": "2017"} | fields), make_person(label))
    for position, (kind, occurred) in enumerate(stages, start=1):
        make_stage(row, kind, occurred, position=position)
    return row


@pytest.fixture
def people() -> None:
    make_standing("Aybek", ("detention", "2018-05-02"))
    make_standing("Babur", ("detention", "2017-05-02"), ("hearing", "2018-01-01"))
    make_standing("Gulnar", ("detention", "2018-05-02"), ("release", "2018-06-01"))
    make_standing("Arzu", ("wanted", "2018"))


def test_people_stand_in_their_phases_the_longest_first(client, people):
    assert names(client) == {
        "pursuit": ["Arzu"],
        "detention": ["Babur", "Aybek"],
        "release": ["Gulnar"],
    }
    assert [card.pending for card in lanes(client)["detention"]] == ["hearing", ""]
    card = lanes(client, "?as_of=2018-05-12")["detention"][1]
    assert (card.stands, str(card.days), card.is_open) == ("Detained since 2 May 2018", "10 days", True)
    assert lanes(client)["release"][0].is_open is False


def test_a_phase_with_more_people_than_are_looked_at_says_so(client, people, monkeypatch):
    assert sum(settle_all()) == 4
    monkeypatch.setattr(board, "LOOKED_AT", 1)
    text = client.get("/board/").content.decode()
    assert '?phase=detention">more than 1<' in text  # two are held
    assert '?phase=release">1<' in text
    make_standing("Dilmurat", ("detention", "2016-05-02"))  # worked out when it is read
    assert '?phase=detention">more than 1<' in client.get("/board/").content.decode()


def test_a_phase_holds_whom_the_list_gives_for_it(client, people):
    for number in range(5):
        make_case(number)
    board = client.get("/board/")
    for lane in board.context["lanes"]:
        listed = client.get(f"/people/{lane.query}")
        assert lane.count == listed.context["count"]
        assert {card.person.ref for card in lane.cards} == {row.person.ref for row in listed.context["rows"]}
    assert [lane.phase for lane in board.context["lanes"]] == list(Phase)


def test_it_is_filtered_like_every_list(client, people):
    assert names(client, "?q=babur") == {"detention": ["Babur"]}
    assert names(client, "?phase=release") == {"release": ["Gulnar"]}
    assert names(client, "?as_of=2018-05-10") == {"detention": ["Babur", "Aybek", "Gulnar"]}
    refused = client.get("/board/?colour=red")
    assert "There is no parameter “colour” here" in refused.content.decode() and not refused.context["lanes"]
    assert client.get("/board/?q=&phase=release").headers["Location"] == "/board/?phase=release"


def test_what_nobody_may_see_is_not_on_it(client, people):
    Stage.objects.filter(kind="hearing").update(level="team")
    make_standing("Hidden", ("detention", "2018-05-02"), level="team")
    board = client.get("/board/").content.decode()
    assert "pending: hearing" not in board and "Hidden" not in board
    assert lanes(signed_in(somebody("ann", "read_team")))["detention"][0].pending == "hearing"


def test_what_changed_since_the_last_visit_is_marked(people):
    reader = somebody("ann", "read_team")
    client = signed_in(reader)

    def marked() -> set[str]:
        return {card.person.label for cards in lanes(client).values() for card in cards if card.changed}

    assert marked() == set()  # the first visit
    Visit.objects.update(at=datetime.now(UTC) - timedelta(hours=1))
    assert marked() == {"Aybek", "Babur", "Gulnar", "Arzu"}  # entered within the hour, after the visit before this one
    Visit.objects.update(before=datetime.now(UTC))
    assert marked() == set()
    Stage.objects.filter(kind="wanted").update(occurred="2018-03")
    assert marked() == {"Arzu"}
    assert marked() == {"Arzu"}  # the same visit
    Stage.objects.filter(kind="hearing").update(level="restricted")
    Visit.objects.update(at=datetime.now(UTC) - timedelta(hours=1))
    marked()
    Visit.objects.update(before=datetime.now(UTC))
    Stage.objects.filter(kind="hearing").update(occurred="2018-02-01")
    assert marked() == set()  # a hidden change leaves no mark
    assert Client().get("/board/").context["since"] is None and Visit.objects.count() == 1


def test_it_asks_as_many_questions_for_many_people_as_for_few(people):
    client = signed_in(somebody("ann", "read_team"))
    client.get("/board/")
    Visit.objects.update(before=datetime.now(UTC) - timedelta(hours=1))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/board/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(12):
        make_standing(f"Person {number}", ("detention", "2018-05-02"), ("hearing", "2018-06-01"))
    assert queries() == few
