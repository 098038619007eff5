"""What cases wait for, on a day that is given: clocks and duties, overdue, soon, later, and without a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.duties.deadlines import Deadline, deadlines, groups
from cases.duties.pages import DeadlineGroup, resting_on, what_comes_next
from cases.models import Involvement, Person
from cases.situation.settling import settle_all
from cases.situation.standing import involvements
from cases.views.evidence import Evidence
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
    make_stage,
)
from tests.signin import may
from tests.world import make_case

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
ANYBODY = AnonymousUser()


@pytest.fixture
def part() -> Involvement:
    return make_involvement(make_incident(), make_person("Aybek Tursun"))


def reader() -> User:
    return may(User.objects.create_user("reader"), "read_team")


def told(today: date = TODAY, user: Any = ANYBODY, **among: Any) -> list[Deadline]:
    return deadlines(user, today, **among)


def coming(person: Person, today: date = TODAY, user: Any = ANYBODY) -> list[DeadlineGroup]:
    found = deadlines(user, today, person=person)
    return what_comes_next(found, Evidence(user, resting_on(found)), today)


def only(today: date = TODAY) -> Deadline:
    (one,) = told(today)
    return one


class TestClocks:
    def test_a_request_waits_for_its_answer(self) -> None:
        make_clock_rule()
        request = make_ccf_request()
        filed = make_ccf_event(request, "filed", "2026-01-10")
        start = make_ccf_event(request, "admissible", "2026-02-10")
        due = only()
        assert (due.ref, due.who, due.kind, due.rhythm) == (request.ref, request.notice.person, "ccf_deletion", "")
        assert (due.earliest, due.latest) == (date(2026, 11, 10), date(2026, 11, 10))
        assert due.working == "admissible 10 February 2026 + 9 months, CCF Statute, Art. 40"
        assert due.records == (request, start)
        assert filed not in due.records
        assert due.link == f"/ccf-requests/{request.ref}/"
        assert groups([due], TODAY).overdue == [due]

    def test_an_answered_request_waits_for_nothing(self) -> None:
        make_clock_rule()
        request = make_ccf_request()
        make_ccf_event(request, "admissible", "2026-02-10")
        make_ccf_event(request, "decided", "2026-06")
        assert told() == []

    def test_a_request_that_is_not_admissible_yet_waits_without_a_day(self) -> None:
        make_clock_rule()
        make_ccf_event(make_ccf_request(), "filed")
        due = only()
        assert (due.earliest, due.latest, due.when) == (None, None, "not known")
        assert groups([due], TODAY).waiting == [due]

    def test_the_person_has_time_for_a_revision_until_the_request_is_filed(self) -> None:
        make_clock_rule("ccf_revision", "revision", "new_fact", 6, basis="CCF Statute, Art. 42")
        request = make_ccf_request(kind="revision", new_fact="2026-08-31")
        due = only()
        assert due.what == "last day to file the request for revision"
        assert due.latest == date(2027, 2, 28)
        assert due.records == (request,)
        make_ccf_event(request, "filed", "2026-12-01")
        assert told() == []

    def test_the_rule_in_force_when_it_started_counts(self) -> None:
        make_clock_rule("old", length=9, valid_to="2026-06-30")
        make_clock_rule("new", length=3, valid_from="2026-07-01")
        for start, latest in (("2026-06-30", date(2027, 3, 30)), ("2026-07-01", date(2026, 10, 1))):
            request = make_ccf_request()
            make_ccf_event(request, "admissible", start)
            (due,) = told(person=request.notice.person)
            assert due.latest == latest

    def test_an_extension_that_a_reader_may_not_see_moves_nothing_for_them(self) -> None:
        make_clock_rule()
        request = make_ccf_request()
        make_ccf_event(request, "admissible", "2026-02-10")
        make_ccf_event(request, "extended", "2026-10-01", until="2027-02-10", level="team")
        (seen,), (known) = told(), told(user=reader())
        assert seen.latest == date(2026, 11, 10)
        assert "extended" not in seen.working
        assert [due.latest for due in known] == [date(2027, 2, 10)]

    def test_an_answer_that_a_reader_may_not_see_stops_nothing_for_them(self) -> None:
        make_clock_rule()
        request = make_ccf_request()
        make_ccf_event(request, "admissible", "2026-02-10")
        make_ccf_event(request, "decided", "2026-03-10", level="restricted")
        assert only().latest == date(2026, 11, 10)

    @pytest.mark.parametrize("hidden", [{"level": "team"}, {"review": "in_review"}])
    def test_a_hidden_request_is_not_waited_for(self, hidden: dict[str, Any]) -> None:
        make_clock_rule()
        make_ccf_event(make_ccf_request(**hidden), "admissible", "2026-02-10")
        make_ccf_event(make_ccf_request(make_notice(make_person(level="team"))), "admissible", "2026-02-10")
        assert told() == []
        assert len(told(user=reader())) == 2


class TestDuties:
    def test_a_duty_falls_due_once(self, part: Involvement) -> None:
        duty = make_duty(part, "hearing", "2026-12-01", authority="the court of Casablanca")
        due = only()
        assert (due.what, due.ref, due.who, due.kind) == ("hearing", duty.ref, part.person, "hearing")
        assert (due.earliest, due.latest) == (date(2026, 12, 1), date(2026, 12, 1))
        assert due.working == "as recorded: 1 December 2026; the court of Casablanca"
        assert (due.records, due.link) == ((duty,), f"/duties/{duty.ref}/")

    def test_a_decision_expected_in_some_months_lies_between_two_days(self, part: Involvement) -> None:
        make_duty(part, "decision_expected", "2019-03/2019-08")
        due = only(date(2019, 5, 1))
        assert (due.earliest, due.latest) == (date(2019, 3, 1), date(2019, 8, 31))
        assert due.perhaps_overdue
        assert groups([due], date(2019, 5, 1)).next_30_days == [due]
        assert groups(told(date(2019, 9, 1)), date(2019, 9, 1)).overdue

    def test_a_duty_with_a_rhythm_shows_its_next_time_and_is_never_overdue(self, part: Involvement) -> None:
        make_duty(part, "reporting", "2019-01-25", rhythm="weekly")
        for today in (date(2019, 1, 20), date(2019, 1, 26), TODAY):
            due = only(today)
            assert due.latest is not None
            assert due.latest >= today
            assert not due.perhaps_overdue
            assert groups([due], today).overdue == []
        assert only().latest == date(2026, 11, 27)
        assert only().rhythm == "weekly"

    def test_every_month_does_not_drift(self, part: Involvement) -> None:
        make_duty(part, "reporting", "2026-01-31", rhythm="monthly")
        assert only(date(2026, 2, 1)).latest == date(2026, 2, 28)
        assert only(date(2026, 3, 1)).latest == date(2026, 3, 31)

    def test_a_duty_that_has_certainly_ended_is_gone(self, part: Involvement) -> None:
        make_duty(part, "reporting", "2019-01-25", rhythm="weekly", ended="2019-06-01")
        make_duty(part, "hearing", "2019-03-01", ended="2019-03-01")
        assert len(told(date(2019, 2, 20))) == 2
        assert told(date(2019, 6, 1)) == []

    def test_a_duty_that_may_have_ended_says_so(self, part: Involvement) -> None:
        make_duty(part, "reporting", "2019-01-25", rhythm="weekly", ended="2019")
        assert only(date(2019, 6, 3)).perhaps_ended
        assert told(date(2019, 12, 31)) == []

    def test_a_rhythm_does_not_come_round_after_its_end(self, part: Involvement) -> None:
        make_duty(part, "reporting", "2019-01-25", rhythm="weekly", ended="2019-02-10")
        assert only(date(2019, 2, 8)).latest == date(2019, 2, 8)
        assert told(date(2019, 2, 9)) == []

    def test_the_duties_of_a_closed_case_are_dropped(self, part: Involvement) -> None:
        make_duty(part)
        end = make_stage(part, "release", "2019-06-01", level="team")
        assert len(told()) == 1, "who may not see the end has to take the case for open"
        assert told(user=reader()) == []
        end.level = "public"
        end.save()
        assert told() == []

    def test_a_conditional_release_closes_nothing(self, part: Involvement) -> None:
        make_stage(part, "conditional_release", "2019-01-25")
        make_duty(part)
        assert len(told()) == 1

    def test_a_hidden_duty_is_not_waited_for(self, part: Involvement) -> None:
        make_duty(part, level="team")
        make_duty(make_involvement(make_incident(review="draft"), part.person))
        assert told() == []

    def test_a_duty_of_no_known_day_waits(self, part: Involvement) -> None:
        make_duty(part, "permit_expiry", "")
        assert groups(told(), TODAY).waiting == told()


class TestGroups:
    @pytest.mark.parametrize(
        ("due", "group", "perhaps"),
        [
            ("2026-11-21", "overdue", False),
            ("2026-11-22", "next_30_days", False),
            ("2026-12-22", "next_30_days", False),
            ("2026-12-23", "later", False),
            ("2026-11", "next_30_days", True),
            ("2026-12-01/2027-06-30", "next_30_days", False),
            ("2027", "later", False),
            ("2026-11-01/..", "next_30_days", True),
            ("2027-11-01/..", "later", False),
            ("../2026-11-21", "overdue", False),
            ("../2027-11-21", "next_30_days", True),
            ("", "waiting", False),
        ],
    )
    def test_a_day_belongs_to_one_group(self, part: Involvement, due: str, group: str, perhaps: bool) -> None:
        make_duty(part, "hearing", due)
        grouped = groups(told(), TODAY)
        assert {name for name, rows in vars(grouped).items() if rows} == {group}
        assert only().perhaps_overdue is perhaps

    def test_the_soonest_comes_first_and_what_has_no_day_last(self, part: Involvement) -> None:
        for due in ("", "2027", "2026-12-05/2026-12-24", "2026-12-24", "2026-11-30/.."):
            make_duty(part, "hearing", due)
        found = [(each.earliest, each.latest) for each in told()]
        assert found == [
            (date(2026, 11, 30), None),
            (date(2026, 12, 5), date(2026, 12, 24)),
            (date(2026, 12, 24), date(2026, 12, 24)),
            (date(2027, 1, 1), date(2027, 12, 31)),
            (None, None),
        ]


class TestWhatComesNext:
    def test_it_is_of_one_person(self, part: Involvement) -> None:
        make_clock_rule()
        other = make_involvement(part.incident, make_person("Idris Hasan"))
        make_duty(part), make_duty(other, "hearing")
        for person in (part.person, other.person):
            make_ccf_event(make_ccf_request(make_notice(person)), "admissible", "2026-02-10")
        assert [due.who for due in told(person=part.person)] == [part.person] * 2
        (group,) = coming(part.person)
        assert (group.name, [row.deadline.kind for row in group.rows]) == ("Overdue", ["reporting", "ccf_deletion"])

    def test_it_is_of_the_cases_of_an_incident_and_the_notices_against_their_subjects(self, part: Involvement) -> None:
        make_clock_rule()
        relative = make_involvement(part.incident, make_person("Gulnar Tursun"), role="relative")
        duty = make_duty(part)
        make_duty(make_involvement(make_incident("Elsewhere"), part.person), "hearing")
        for person in (part.person, relative.person):
            make_ccf_event(make_ccf_request(make_notice(person)), "admissible", "2026-02-10")
        seen = involvements(ANYBODY).filter(pk__in=[part.pk, relative.pk])
        found = told(involvements=list(seen))
        assert [due.ref for due in found if due.kind == "reporting"] == [duty.ref]
        assert [due.who for due in found if due.kind != "reporting"] == [part.person]

    def test_each_has_its_sources(self, part: Involvement) -> None:
        make_clock_rule()
        request, source = make_ccf_request(make_notice(part.person)), make_source(title="The commission's letter")
        make_citation(source, "occurred", ccf_event=make_ccf_event(request, "admissible", "2026-02-10"))
        make_citation(make_source(level="team"), "kind", ccf_request=request)
        ((row,),) = [group.rows for group in coming(part.person)]
        assert [citation.source for citation in row.proof.citations] == [source]


def test_the_queries_do_not_grow_with_the_cases() -> None:
    make_clock_rule()
    counts, numbers = [], []
    for _ in range(2):
        for number in range(4):
            make_case(number)
        assert sum(settle_all())
        with CaptureQueriesContext(connection) as asked:
            numbers.append(len(told()))
        counts.append(len(asked))
    assert numbers[1] > numbers[0] > 2
    assert counts[0] == counts[1] <= 8
