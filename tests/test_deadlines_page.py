"""The page of deadlines: what is overdue, what comes and what has no day, with working and sources."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.duties.deadlines_page import KINDS, DeadlineFilter, DeadlineSection, shown
from cases.models import Duty
from config.production import known_zone
from records.current_day import current_day
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_clock_rule,
    make_duty,
    make_incident,
    make_involvement,
    make_notice,
    make_person,
    make_source,
)
from tests.feeds import address, body
from tests.signin import may, sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PAGE = "/deadlines/"


def groups(user: Any = None, today: date = TODAY, **asked: str) -> dict[str, DeadlineSection]:
    """Return the groups as the page shows them to somebody on a day."""
    given = QueryDict(mutable=True)
    given.update(asked)
    user = user or AnonymousUser()
    filterset = DeadlineFilter(given, Duty.objects.none(), request=type("Asked", (), {"user": user})())
    assert not filterset.problems
    return {group.name: group for group in shown(user, today, filterset)}


def told(user: Any = None, today: date = TODAY, **asked: str) -> dict[str, list[str]]:
    """Return what stands in each group that has anything, a line for each deadline."""
    return {
        name: [f"{row.deadline.who.label}: {row.deadline.what}, {row.deadline.when}" for row in group.rows]
        for name, group in groups(user, today, **asked).items()
        if group.rows
    }


def due(name: str, day: str, kind: str = "hearing", **fields: Any) -> Duty:
    return make_duty(make_involvement(make_incident(), make_person(name)), kind, day, **fields)


def page(client: Client | None = None, **asked: str) -> str:
    answer = (client or Client()).get(PAGE, asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_each_stands_in_its_group_by_its_last_possible_day() -> None:
    due("Overdue", "2026-11-21"), due("Today", "2026-11-22"), due("Thirtieth day", "2026-12-22")
    due("After that", "2026-12-23"), due("Perhaps overdue", "2026-11"), due("Last year", "2025"), due("No day", "")
    assert told() == {
        "overdue": [
            "Last year: hearing, between Wednesday 1 January 2025 and Wednesday 31 December 2025",
            "Overdue: hearing, Saturday 21 November 2026",
        ],
        "next_30_days": [
            "Today: hearing, Sunday 22 November 2026",
            "Perhaps overdue: hearing, between Sunday 1 November 2026 and Monday 30 November 2026",
            "Thirtieth day: hearing, Tuesday 22 December 2026",
        ],
        "later": ["After that: hearing, Wednesday 23 December 2026"],
        "waiting": ["No day: hearing, not known"],
    }


def test_a_clock_of_interpols_commission_shows_its_working_and_its_sources() -> None:
    make_clock_rule(length=9)
    request = make_ccf_request(make_notice(make_person("Kerem Mamut")))
    event = make_ccf_event(request, "admissible", "2026-05")
    make_citation(make_source(title="Decision of the chamber"), "occurred", ccf_event=event)
    [row] = groups(today=date(2026, 6, 1))["later"].rows
    assert (row.deadline.earliest, row.deadline.latest) == (date(2027, 2, 1), date(2027, 2, 28))
    assert row.deadline.working == "admissible May 2026 + 9 months, CCF Statute, Art. 40"
    text = page()
    assert "Admissible May 2026 + 9 months, CCF Statute, Art. 40" in text
    assert "Between Monday 1 February 2027 and Sunday 28 February 2027" in text
    assert "Decision of the chamber" in text
    assert f'href="/ccf-requests/{request.ref}/"' in text and ">Kerem Mamut</a>" in text


def test_a_rule_of_forty_five_days_gives_a_day_with_its_weekday() -> None:
    """By hand: 26 January 2027 and 45 days: 5 to the end of January, 28 in February, 12 in March, a Friday."""
    make_clock_rule(length=45, unit="days")
    make_ccf_event(make_ccf_request(make_notice(make_person("Kerem Mamut"))), "admissible", "2027-01-26")
    text = page()
    assert "Friday 12 March 2027" in text
    assert "Admissible 26 January 2027 + 45 days, CCF Statute, Art. 40" in text
    user = may(User.objects.create_user("reader"), "read_partner")
    assert "Friday 12 March 2027" in body(Client().get(address(user))).replace("\r\n ", "")


def test_the_zone_of_the_organisation_decides_what_is_overdue(settings: Any) -> None:
    """Kiritimati is 25 hours ahead of Pago Pago: whenever this runs, their days differ by one or two."""
    days = []
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
        settings.ORGANISATION_TIME_ZONE = zone
        days.append(current_day())
    west, east = days
    assert west < east
    due("Aybek", west.isoformat())
    assert 'Overdue <span class="number">1</span>' in page()
    settings.ORGANISATION_TIME_ZONE = "Pacific/Pago_Pago"
    assert 'Overdue <span class="number">0</span>' in page()


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "2026-11-30T22:30:00+00:00", "2026-11-30"),
        ("Europe/Istanbul", "2026-11-30T22:30:00+00:00", "2026-12-01"),
        ("America/New_York", "2026-12-01T04:30:00+00:00", "2026-11-30"),
        ("Europe/Berlin", "2026-07-01T22:30:00+00:00", "2026-07-02"),
        ("Europe/Berlin", "2026-12-31T22:30:00+00:00", "2026-12-31"),
    ],
)
def test_a_day_begins_where_the_organisation_is(settings: Any, zone: str, moment: str, day: str) -> None:
    settings.ORGANISATION_TIME_ZONE = zone
    assert current_day(datetime.fromisoformat(moment)).isoformat() == day


def test_a_time_zone_that_nobody_knows_is_refused_at_the_start() -> None:
    assert known_zone("Asia/Urumqi") == "Asia/Urumqi"
    for wrong in ("Europe/Istambul", "", "../etc/passwd", "+03:00"):
        with pytest.raises(ImproperlyConfigured, match="ORGANISATION_TIME_ZONE"):
            known_zone(wrong)


def test_what_perhaps_is_overdue_and_what_has_no_source_says_so() -> None:
    duty = due("Kerem Mamut", "2020/..")
    text = page()
    assert "perhaps overdue" in text and "no source recorded" in text
    assert f'href="/duties/{duty.ref}/"' in text


def test_filters_narrow_it() -> None:
    one = due("Kerem Mamut", "2026-12-01")
    due("Aybek Tursun", "2026-12-01", "permit_expiry")
    assert told(kind="permit_expiry") == {"next_30_days": ["Aybek Tursun: permit expiry, Tuesday 1 December 2026"]}
    assert told(person=one.involvement.person.ref) == {
        "next_30_days": ["Kerem Mamut: hearing, Tuesday 1 December 2026"]
    }
    assert told(kind="ccf_deletion") == {}
    text = page(kind="hearing")
    assert 'class="chip"' in text and "Kerem Mamut" in text and "Aybek" not in text
    assert Client().get(PAGE, {"kind": "hearing", "person": ""}).headers["Location"] == f"{PAGE}?kind=hearing"


def test_every_kind_of_deadline_can_be_asked_for() -> None:
    make_clock_rule()
    make_ccf_event(make_ccf_request(), "admissible", "2026-05")
    due("Kerem Mamut", "2026-12-01", "reporting", rhythm="weekly")
    kinds = {row.deadline.kind for group in groups().values() for row in group.rows}
    assert kinds == {"ccf_deletion", "reporting"} and kinds <= {code for code, _, _ in KINDS}


@pytest.mark.parametrize(
    ("asked", "name"),
    [("kind=party", "kind"), ("person=x", "person"), ("level=team", "level"), ("person=%00", "person")],
)
def test_a_question_that_makes_no_sense_is_named_and_shows_nothing(asked: str, name: str) -> None:
    due("Kerem Mamut", "2026-12-01")
    answer = Client().get(f"{PAGE}?{asked}")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f"<code>{name}</code>" in text and "Kerem" not in text


@pytest.mark.attack("B1")
def test_a_stranger_sees_what_is_public_and_no_trace_of_the_rest() -> None:
    shown_one = due("Kerem Mamut", "2026-12-01")
    before = page()
    hidden = make_person("Zqx", level="team")
    make_duty(make_involvement(make_incident(), hidden), "hearing", "2026-12-01")
    make_duty(shown_one.involvement, "permit_expiry", "2026-12-05", level="team")
    make_duty(make_involvement(make_incident(review="draft"), make_person()), "hearing", "2026-12-01")
    make_clock_rule()
    make_ccf_event(make_ccf_request(make_notice(make_person(), level="partner")), "admissible", "2026-05")
    assert page() == before
    for ref in (hidden.ref, "PER-00000000"):
        assert page(person=ref).replace(ref, "") == page(person="PER-00000000").replace("PER-00000000", "")
    team = may(User.objects.create_user("analyst"), "read_team", "read_partner")
    assert sum(len(lines) for lines in told(team).values()) == 5
    assert "Zqx" in page(sign_in(Client(), team))


def test_the_page_needs_no_script_and_has_a_heading_for_each_group() -> None:
    text = page()
    assert "<script" not in text and "style=" not in text
    assert re.findall(r'<h2 id="(\w+)">', text) == ["overdue", "next_30_days", "later", "waiting"]


def test_it_takes_as_many_queries_for_twelve_cases_as_for_two() -> None:
    def one_more(number: int) -> None:
        duty = due(f"Aybek {number}", "2026-12-01")
        source = make_source()
        make_citation(source, "due", duty=duty)
        event = make_ccf_event(make_ccf_request(make_notice(duty.involvement.person)), "admissible", "2026-05")
        make_citation(source, "occurred", ccf_event=event)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page()
        return len(asked)

    make_clock_rule()
    for number in range(2):
        one_more(number)
    few = queries()
    for number in range(2, 12):
        one_more(number)
    assert queries() == few
