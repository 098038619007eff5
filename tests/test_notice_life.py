"""In which state a notice is, and whether it is in circulation, where dates are vague: worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.situation.settling_lives import settle_all_lives
from tests.factories import make_citation, make_notice, make_notice_event, make_person, make_source

pytestmark = pytest.mark.django_db

#: The events in the order in which they are told (with "-" in front: told in no order), the day, the state then, and
#: whether the notice was perhaps and certainly in circulation.
LIVES = [
    # By date.
    (["published 2018", "cancelled 2021-08"], "2020-01-01", "published", True, True),
    (["published 2018", "cancelled 2021-08"], "2021-09-01", "cancelled", False, False),
    # A month that is not over: cancelled perhaps, and still published as far as is certain.
    (["published 2018", "cancelled 2021-08"], "2021-08-15", "published", True, False),
    # Dates that overlap: the telling says that the review came first.
    (["published 2018", "under_review ../2021-08", "cancelled 2021-08"], "2021-09-01", "cancelled", False, False),
    # Told after the renewal of 1 April, the end of that year had not come before it.
    (["published 2018", "renewed 2021-04-01", "cancelled 2021"], "2021-02-01", "published", True, True),
    # One month for two events, told in this order, or in none.
    (["published 2021-08", "cancelled 2021-08"], "2021-09-01", "cancelled", False, False),
    (["-published 2021-08", "-cancelled 2021-08"], "2021-09-01", None, True, False),
    # Dates before telling: it was published again after it had been cancelled.
    (["published 2020", "cancelled 2019"], "2021-01-01", "published", True, True),
    # Undated, and told by the source of 5 February 2019: by then it had come.
    (["published ?"], "2019-02-05", "published", True, True),
    (["published ?"], "2019-02-04", None, True, False),
    # Open at its end: it began then, and goes on.
    (["published 2018-05-02/.."], "2018-06-01", "published", True, True),
]


@pytest.mark.parametrize("is_stored", [False, True], ids=["worked out", "stored"])
@pytest.mark.parametrize(("events", "day", "state", "perhaps", "certainly"), LIVES)
def test_a_notice_is_where_its_events_leave_it(
    client: Client, events: list[str], day: str, state: Any, perhaps: bool, certainly: bool, is_stored: bool
) -> None:
    notice, source = make_notice(make_person()), make_source(published="2019-02-05")
    for position, written in enumerate(events, start=1):
        kind, when = written.removeprefix("-").split(" ")
        place = 0 if written.startswith("-") else position
        event = make_notice_event(notice, kind, "" if when == "?" else when, position=place)
        make_citation(source, "state", notice_event=event)
    [told] = client.get(f"/api/v1/notices/?as_of={day}").json()["results"]
    assert told["state"] == state
    if is_stored:
        assert sum(settle_all_lives()) == 1
    asked = {"possible": perhaps, "certain": certainly}
    for certainty, expected in asked.items():
        found = client.get(f"/api/v1/notices/count/?active_on={day}&certainty={certainty}").json()["count"]
        assert bool(found) is expected, certainty
    if state is not None:
        assert client.get(f"/api/v1/notices/count/?state={state}&as_of={day}").json() == {"count": 1}


def test_events_are_listed_in_their_order(client: Client) -> None:
    notice = make_notice(make_person())
    for position, (state, when) in enumerate(
        (("published", "2018"), ("renewed", "2021-04-01"), ("cancelled", "2021")), 1
    ):
        make_notice_event(notice, state, when, position=position)
    for day, expected in (("", ["published", "renewed", "cancelled"]), ("?as_of=2021-02-01", ["published"])):
        told = client.get(f"/api/v1/notices/{notice.ref}/{day}").json()["events"]
        assert [event["state"] for event in told] == expected
