"""In which state notices are is stored by whoever writes, and read as it would be worked out from their events."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.test import Client

from cases.filters.notices import is_active
from cases.models import Citation, Notice, NoticeEvent, StoredLife, UnstoredNotice
from cases.situation.lives import wrongly_lived
from cases.situation.living import lived, living
from cases.vocabulary import NoticeState
from records.access.clearance import Clearance
from records.audit.acts import act
from records.current_day import current_day
from records.fields.uncertain_date import Certainty
from records.models import Team
from records.models.is_visible import Reader
from seeds.consistency import notices_are_as_their_events_say
from sources.models import SourceDocument
from tests.factories import make_citation, make_notice, make_notice_event, make_person, make_source
from tests.signin import give_factor, may

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
STATES = ("published", "cancelled", "refused", "renewed")
DATES = ("", "2018", "2018-05", "2018-05-01", "2019", "2019-03~", "2018-06/..", "../2019-06", "2090")
DAYS = (None, date(2018, 5, 1), date(2018, 12, 31), date(2019, 4, 1), date(2020, 1, 1))


@pytest.fixture
def readers() -> dict[str, Any]:
    """One reader of each kind; the notices of `names` name one of them."""
    names = ("partner", "north", "north and south", "named")
    made = {name: User.objects.create_user(name) for name in names}
    for name, teams in {"north": ["North"], "north and south": ["North", "South"]}.items():
        for team in teams:
            Team.objects.get_or_create(name=team)[0].members.add(made[name])
    give_factor(made["named"])
    rights = dict.fromkeys(("north", "north and south", "named"), "read_team") | {"partner": "read_partner"}
    made = {name: may(user, *filter(None, [rights.get(name)])) for name, user in made.items()}
    return {"stranger": STRANGER, **made, "broken glass": Reader(Clearance(everything=True))}


def make_notices(chance: random.Random, number: int) -> None:
    """Make notices of every level and team, whose events and citations have levels of their own."""
    named = User.objects.get(username="named")
    teams = [None, *Team.objects.order_by("name")]
    levels = ("public", "public", "partner", "team", "restricted")
    for _ in range(number):
        notice = make_notice(make_person(), level=chance.choice(levels[:4]), team=chance.choice(teams))
        if chance.random() < 0.3:
            notice.readers.add(named)
        for position in range(chance.randint(0, 3)):
            place = position + 1 if chance.random() < 0.7 else 0
            event = make_notice_event(
                notice, chance.choice(STATES), chance.choice(DATES), position=place, level=chance.choice(levels)
            )
            for _ in range(chance.randint(0, 2)):
                source = make_source(published=chance.choice(DATES[1:]))
                make_citation(source, "state", notice_event=event, level=chance.choice(levels))


def questions() -> list[tuple[Q, Callable[[Any], bool]]]:
    certain = (Q(is_active=True), lambda notice: is_active(notice, Certainty.CERTAIN))
    return [
        *((Q(state__in=[state]), partial(is_in, state)) for state in STATES),
        certain,
        (Q(may_be_active=True), lambda notice: is_active(notice, Certainty.POSSIBLE)),
    ]


def is_in(state: str, notice: Any) -> bool:
    return bool(notice.state == state)


def as_stored(user: Any, day: date | None) -> list[set[int]]:
    notices = Notice.objects.visible_to(user)
    return [set(lived(notices, user, day, *asked).values_list("pk", flat=True)) for asked in questions()]


def as_worked_out(user: Any, day: date | None) -> list[set[int]]:
    notices = Notice.objects.visible_to(user)
    return [set(living(notices, user, day, is_meant).values_list("pk", flat=True)) for _, is_meant in questions()]


def test_every_reader_is_told_what_the_events_say_of_every_day(readers: Any) -> None:
    with act("the test", "test", may_open=True):
        make_notices(random.Random(1), 60)
    assert not UnstoredNotice.objects.filter(reason="written").exists()
    for name, user in readers.items():
        for day in (*DAYS, current_day(), current_day() - timedelta(1), current_day() + timedelta(20)):
            assert as_stored(user, day) == as_worked_out(user, day), (name, day)
    assert not list(notices_are_as_their_events_say())
    assert not UnstoredNotice.objects.visible_to(STRANGER).exists(), "a stranger has nothing worked out"
    assert StoredLife.objects.filter(lane__gt=0).exists()


@pytest.fixture
def notice() -> Any:
    """A notice with a dated event and one that only a source dates, stored."""
    with act("the test", "test", may_open=True):
        made = make_notice(make_person())
        make_notice_event(made, "published", "2018", position=1)
        undated = make_notice_event(made, "cancelled", "", position=2)
        make_citation(make_source(published="2019-02-05"), "state", notice_event=undated)
    return made


WRITES: dict[str, Callable[[Any], Any]] = {
    "an event is added": lambda notice: make_notice_event(notice, "published", "2020", position=3),
    "events are updated": lambda notice: NoticeEvent.objects.filter(state="cancelled").update(state="renewed"),
    "an event is deleted": lambda notice: NoticeEvent.objects.get(state="cancelled").delete(),
    "an event is hidden": lambda notice: NoticeEvent.objects.filter(state="cancelled").update(level="team"),
    "an event moves": lambda notice: NoticeEvent.objects.update(notice=make_notice(make_person("Gulnar"))),
    "the source is dated anew": lambda notice: SourceDocument.objects.update(published="2030"),
    "the source is hidden": lambda notice: SourceDocument.objects.update(level="partner"),
    "the citation is taken away": lambda notice: Citation.objects.all().delete(),
    "the notice is hidden": lambda notice: Notice.objects.update(level="team"),
    "the person is hidden": lambda notice: type(notice.person).objects.update(review="draft"),
    "another notice comes": lambda notice: make_notice_event(make_notice(make_person("Gulnar")), "refused", "2019"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_whatever_writes_nobody_is_told_of_a_former_state(notice: Any, write: Callable[[Any], Any]) -> None:
    readers = [STRANGER, may(User.objects.create_user("ann"), "read_team")]
    with act("the test", "test", may_open=True):
        write(notice)
        for user in readers:  # nobody waits for the end of the act to read the truth
            assert as_stored(user, None) == as_worked_out(user, None)
    assert not UnstoredNotice.objects.filter(reason="written").exists()
    assert not list(wrongly_lived(Notice.objects.values_list("pk", flat=True)))
    for user in readers:
        for day in DAYS:
            assert as_stored(user, day) == as_worked_out(user, day), day


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_goes_round_the_acts_is_worked_out_until_it_is_rebuilt(notice: Any, write: Callable[[Any], Any]) -> None:
    write(notice)
    assert UnstoredNotice.objects.filter(reason="written").exists()
    assert as_stored(STRANGER, None) == as_worked_out(STRANGER, None)
    call_command("rebuild_situations", "--marked", stdout=StringIO())
    assert not UnstoredNotice.objects.filter(reason="written").exists()
    assert as_stored(STRANGER, None) == as_worked_out(STRANGER, None)


def test_plain_sql_leaves_no_former_state(notice: Any) -> None:
    ask = "/api/v1/notices/count/?state=published"
    assert Client().get(ask).json() == {"count": 0}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_citation")
        cursor.execute("DELETE FROM cases_noticeevent WHERE state = 'cancelled'")
    assert Client().get(ask).json() == {"count": 1}


def test_check_data_finds_a_state_that_is_stored_wrongly(notice: Any) -> None:
    StoredLife.objects.filter(state="cancelled").update(state=NoticeState.PUBLISHED)
    assert [ref for ref, _ in notices_are_as_their_events_say()] == [notice.ref]
    call_command("rebuild_situations", stdout=StringIO())
    assert not list(notices_are_as_their_events_say())
    StoredLife.objects.all().delete()
    assert [ref for ref, _ in notices_are_as_their_events_say()] == [notice.ref]


def test_what_is_stored_is_read_without_the_events(notice: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3) as asked:
        assert lived(Notice.objects.visible_to(STRANGER), STRANGER, None, *questions()[1]).exists()
    assert not any("cases_noticeevent" in each["sql"] for each in asked.captured_queries)
