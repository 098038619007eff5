"""The life of a notice as the database tells it is what dates and telling say, or Python tells it."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.codebook import CCF_REQUESTS, NOTICES
from cases.situation.order import DatedStep, dates_say, telling_says
from records.current_day import current_day
from records.lists.built import statement
from records.lists.json_sql import as_json
from tests.factories import make_ccf_event, make_ccf_request, make_notice, make_notice_event, make_person

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
#: Days, vaguer dates that overlap with them, open ones, unknown ones and one that lies ahead.
DATES = ("2020-01-05", "2020-01-06", "2020-01", "2020", "../2020-01-05", "2020-01-05/..", "", "2199")
STATES = ("requested", "published", "deleted", "cancelled")


def is_in_one_order(record: Any) -> bool:
    """Whether dates or telling say of any two events of a record which came first, whatever the day and the sources."""
    events, today = record.told_events, current_day()
    dates = [event.occurred for event in events]
    if len(events) > 1 and any(not each or not each.latest or (each.earliest or today) > today for each in dates):
        return False
    steps = [DatedStep.of(event, today) for event in events]
    before = [sum(dates_say(each, step) or telling_says(each, step) for each in steps) for step in steps]
    return sorted(before) == list(range(len(steps)))


def told(resource: Any) -> dict[str, str | None]:
    keys = list(resource.rows_for_keys(ANYBODY).values_list("ref", flat=True))
    return statement(resource, ANYBODY).rows(keys)


def make_notices() -> None:
    """Notices with one, two and three events of every kind of date, told or not."""
    person, chance = make_person(), random.Random(20)  # noqa: S311 - a world, not a secret
    pairs = product(product(DATES, (0, 1)), product(DATES, (0, 2)))
    lives = [[(each, 0)] for each in DATES] + [list(pair) for pair in pairs if chance.random() < 0.3]
    lives += [[(chance.choice(DATES[:5]), chance.choice((0, 1, 1, 2, 3))) for _ in range(3)] for _ in range(60)]
    for life in lives:
        notice = make_notice(person)
        for (occurred, position), state in zip(life, chance.sample(STATES, len(life)), strict=True):
            make_notice_event(notice, state, occurred, position=position)


def test_it_is_told_where_the_order_is_sure_and_only_there() -> None:
    make_notices()
    built = told(NOTICES)
    rows = {row.ref: row for row in NOTICES.rows(ANYBODY)}
    assert len(rows) > 100
    sure = {ref for ref, row in rows.items() if is_in_one_order(row)}
    assert {ref for ref, each in built.items() if each is not None} == sure
    assert 25 < len(sure) < len(rows) - 25
    assert [built[ref] for ref in sorted(sure)] == [as_json(NOTICES.read(rows[ref])) for ref in sorted(sure)]


@pytest.mark.parametrize(
    ("events", "state", "order"),
    [
        ([], None, []),
        ([("published", "2020", 0)], "published", ["published"]),
        # A day that has begun has come; what lies ahead has not.
        ([("published", "../2030", 0)], "published", ["published"]),
        ([("published", "2199", 0)], None, ["published"]),
        # By the dates, whatever is told, and whatever was entered first.
        ([("deleted", "2021", 1), ("published", "2020", 2)], "deleted", ["published", "deleted"]),
        # In one month, or on one day, as told.
        ([("deleted", "2020-01", 2), ("published", "2020-01", 1)], "deleted", ["published", "deleted"]),
        ([("deleted", "2020-01-05", 2), ("published", "2020-01-05", 1)], "deleted", ["published", "deleted"]),
        # Told by a day, and on that day.
        ([("published", "../2020-01-05", 1), ("deleted", "2020-01-05", 2)], "deleted", ["published", "deleted"]),
        # Neither says: no state.
        ([("published", "2020-01", 0), ("deleted", "2020-01", 0)], None, ["deleted", "published"]),
        # Told one way round in a circle that the dates contradict: only the dates count, and the last is not known.
        (
            [("published", "2020-06-01", 1), ("deleted", "2020", 2), ("cancelled", "2020-03-01", 3)],
            None,
            None,
        ),
    ],
)
def test_a_stranger_is_told_the_state_and_the_events_in_their_order(
    events: list[tuple[str, str, int]], state: str | None, order: list[str] | None
) -> None:
    notice = make_notice(make_person())
    for kind, occurred, position in events:
        make_notice_event(notice, kind, occurred, position=position)
    found = Client().get(f"/api/v1/notices/{notice.ref}/").json()
    assert found["state"] == state
    if order is not None:
        assert [each["state"] for each in found["events"]] in (order, order[::-1] if state is None else order)


def test_an_event_that_a_reader_may_not_see_has_no_place_in_the_order() -> None:
    notice = make_notice(make_person())
    make_notice_event(notice, "published", "2020-01")
    make_notice_event(notice, "deleted", "2020-01", level="team")
    (built,) = told(NOTICES).values()
    assert built is not None
    assert json.loads(built)["state"] == "published"


def test_requests_are_told_in_the_same_way() -> None:
    request = make_ccf_request(outcome="compliant")
    make_ccf_event(request, "admissible", "2026-02-10", position=2)
    make_ccf_event(request, "extended", "2026-04-01", until="2027-02-10", position=3)
    make_ccf_event(request, "filed", "2026-02-10", position=1)
    (built,) = told(CCF_REQUESTS).values()
    assert built is not None
    found = json.loads(built)
    assert [each["state"] for each in found["events"]] == ["filed", "admissible", "extended"]
    assert (found["state"], found["outcome"], found["events"][2]["until"]["edtf"]) == (
        "extended",
        "compliant",
        "2027-02-10",
    )


def test_what_a_notice_replaces_is_told_to_those_who_may_see_that() -> None:
    first = make_notice(make_person(), level="team")
    second = make_notice(first.person, replaces=first)
    assert Client().get(f"/api/v1/notices/{second.ref}/").json()["replaces"] is None
    first.level = "public"
    first.save()
    assert Client().get(f"/api/v1/notices/{second.ref}/").json()["replaces"] == first.ref
