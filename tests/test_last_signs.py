"""When a case was last heard of is stored by whoever writes, and read as it would be reckoned from the citations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.test import Client

from cases.models import Citation, Incident, Notice, StoredLastSign, UnstoredIncident
from cases.silence import cases_followed, silent_cases
from cases.situation.last_signs import wrongly_heard
from cases.vocabulary import Scope
from records.audit.acts import act
from records.current_day import current_day
from records.models import Team
from seeds.consistency import last_signs_are_as_cited
from sources.models import SourceDocument
from tests.factories import (
    make_ccf_event,
    make_ccf_request,
    make_citation,
    make_duty,
    make_incident,
    make_involvement,
    make_name,
    make_notice,
    make_notice_event,
    make_person,
    make_source,
    make_stage,
    make_warrant,
)
from tests.signin import may

pytestmark = pytest.mark.django_db


def make_held(label: str, published: str, **source: Any) -> Any:
    """Make a case of somebody who is held, told by one source."""
    case = make_involvement(make_incident(f"Case of {label}", start="2015"), make_person(label))
    stage = make_stage(case, "detention", "2015-03-01")
    make_citation(make_source(published=published, **source), "occurred", stage=stage)
    return case


@pytest.fixture
def case() -> Any:
    """A case of somebody who is held, beside others that were last heard of at other times, or never."""
    with act("the test", "test", may_open=True):
        for label, published in (("vague", "2016"), ("open", "2016/.."), ("before", "../2017"), ("undated", "")):
            make_held(label, published)
        make_held("lately", (current_day() - timedelta(2)).isoformat())
        make_involvement(make_incident("Untold", start="2015"), make_person("untold"))
        return make_held("Aybek", "2017-05-01")


def told(user: Any) -> list[Any]:
    return [plainly(each) for each in silent_cases(user, current_day())]


def reckoned(user: Any) -> list[Any]:
    """Return the same, reckoned from the citations themselves."""
    cases = [case for case in cases_followed(user) if case.scope != Scope.DOMESTIC]
    return [plainly(each) for each in silent_cases(user, current_day(), cases)]


def plainly(silent: Any) -> Any:
    bounds = silent.sign and (silent.sign.earliest, silent.sign.latest)
    return silent.case, silent.sureness, silent.at_least, silent.at_most, bounds


def cite(published: str = "2020", level: str = "public", **about: Any) -> Any:
    return make_citation(make_source(published=published), "note", level=level, **about)


def cite_request(case: Any) -> None:
    event = make_ccf_event(make_ccf_request(make_notice(case.person)), "filed", "2019")
    cite(ccf_event=event)


WRITES: dict[str, Callable[[Any], Any]] = {
    "the incident is cited": lambda case: cite(incident=case.incident),
    "the person is cited": lambda case: cite(person=case.person),
    "a name is cited": lambda case: cite(person_name=make_name(case.person)),
    "a duty is cited": lambda case: cite(duty=make_duty(case)),
    "a step of a request is cited": cite_request,
    "it is cited for partners": lambda case: cite(involvement=case, level="partner"),
    "it is cited for the team": lambda case: cite(involvement=case, level="team"),
    "it is cited for names": lambda case: cite(involvement=case, level="restricted"),
    "it is cited from a draft": lambda case: make_citation(make_source(review="draft"), "note", involvement=case),
    "it is cited by what has no date": lambda case: cite("", involvement=case),
    "it is cited by what is yet to come out": lambda case: cite("2199-01-01", involvement=case),
    "the source is dated anew": lambda case: SourceDocument.objects.update(published="2021-01-01"),
    "the source is hidden": lambda case: SourceDocument.objects.update(level="team"),
    "the citations are taken away": lambda case: Citation.objects.all().delete(),
    "a notice is found to be against somebody else": lambda case: [
        cite(notice=make_notice(make_person("Gulnar"))),
        Notice.objects.update(person=case.person),
    ],
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_an_act_leaves_stored_when_a_case_was_last_heard_of(case: Any, write: Callable[[Any], Any]) -> None:
    first, second = Team.objects.create(name="first"), Team.objects.create(name="second")
    member = may(User.objects.create_user("ann"), "read_team")
    member.teams.add(first, second)
    readers = [AnonymousUser(), may(User.objects.create_user("ngo"), "read_partner"), member]
    with act("the test", "test", may_open=True):
        write(case)
        for user in readers:
            assert told(user) == reckoned(user)
    assert not UnstoredIncident.objects.filter(reason="written").exists()
    for user in readers:
        assert told(user) == reckoned(user)
    assert not list(wrongly_heard(Incident.objects.values_list("pk", flat=True)))


def another() -> Any:
    return make_notice(make_person("Else"))


#: What can be moved to another case: what a citation is about, and the column that leads there with its new value.
PARTS: dict[str, Callable[[Any], tuple[str, Any, str, Any]]] = {
    "name": lambda person: ("person_name", make_name(person, "Aibek"), "person", make_person("Else")),
    "notice": lambda person: ("notice", make_notice(person), "person", make_person("Else")),
    "step of a notice": lambda person: ("notice_event", make_notice_event(make_notice(person)), "notice", another()),
    "warrant": lambda person: ("warrant", make_warrant(make_notice(person)), "notice", another()),
    "request": lambda person: ("ccf_request", make_ccf_request(make_notice(person)), "notice", another()),
    "step of a request": lambda person: (
        "ccf_event",
        make_ccf_event(make_ccf_request(make_notice(person)), "filed", "2019"),
        "request",
        make_ccf_request(another()),
    ),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_is_moved_away_from_a_case_speaks_of_it_no_longer(case: Any, part: Any) -> None:
    with act("the test", "test", may_open=True):
        name, row, link, other = part(case.person)
        cite((current_day() - timedelta(1)).isoformat(), **{name: row})
    assert case.pk not in [each.case.pk for each in silent_cases(AnonymousUser(), current_day())]
    with act("the test", "test", may_open=True):
        setattr(row, link, other)
        row.save()
    assert case.pk in [each.case.pk for each in silent_cases(AnonymousUser(), current_day())]
    assert not list(wrongly_heard(Incident.objects.values_list("pk", flat=True)))


def test_those_unheard_of_for_less_than_their_limit_leave_room_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentenced, and heard of a hundred days ago: not silent yet. Held, and heard of forty days ago: silent."""
    monkeypatch.setattr("cases.silence.MOST_COUNTED", 3)
    with act("the test", "test", may_open=True):
        for number in range(5):
            case = make_involvement(
                make_incident(f"Sentence {number}", start="2015"), make_person(f"Sentenced {number}")
            )
            make_stage(case, "sentence", "2015-03-02")
            cite((current_day() - timedelta(100)).isoformat(), involvement=case)
        held = {make_held(f"Held {number}", (current_day() - timedelta(40)).isoformat()).pk for number in range(2)}
    for most in (None, 6):
        found = silent_cases(AnonymousUser(), current_day(), most=most)
        assert {each.case.pk for each in found} == held


def test_the_first_few_are_those_of_the_whole_list(case: Any) -> None:
    with act("the test", "test", may_open=True):
        cite("2018", "partner", involvement=case)  # who sees that hears of this case later than of others
    partner = may(User.objects.create_user("ngo"), "read_partner")
    whole = [plainly(each) for each in silent_cases(partner, current_day())]
    for few in range(1, len(whole) + 2):
        found = silent_cases(partner, current_day(), most=few)
        assert [plainly(each) for each in found[:few]] == whole[:few]


def test_the_page_names_the_sources_of_what_is_stored(client: Client, case: Any) -> None:
    SourceDocument.objects.filter(citations__stage__involvement=case).update(title="The last word")
    call_command("rebuild_situations", stdout=StringIO())
    assert "The last word" in client.get("/silence/").content.decode()


def test_check_data_finds_a_last_sign_that_is_stored_wrongly(case: Any) -> None:
    assert not list(last_signs_are_as_cited())
    StoredLastSign.objects.filter(involvement=case).update(latest="2018-01-01")
    assert [ref for ref, _ in last_signs_are_as_cited()] == [case.ref]
    call_command("rebuild_situations", stdout=StringIO())
    assert not list(last_signs_are_as_cited())
