"""Whatever writes, nobody is told where a case stood before: it is stored anew, or worked out when it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from cases.models import (
    Citation,
    Incident,
    Involvement,
    Person,
    Stage,
    StoredSituation,
    Tactic,
    Tense,
    ToldCase,
    UnstoredIncident,
)
from cases.situation.comparing import wrongly_stored
from cases.situation.settling import settle_all
from records.audit.acts import act
from seeds.consistency import situations_are_as_the_engine_says
from sources.models import SourceDocument
from tests.factories import (
    PUBLIC,
    make_citation,
    make_country,
    make_incident,
    make_involvement,
    make_person,
    make_source,
    make_stage,
    make_tactic_used,
)
from tests.signin import may
from tests.situations import as_told, by_engine

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def case(db: None) -> Any:
    """A case of two stages, of which no date but only a source dates the second, worked out and stored."""
    row = make_involvement(make_incident(start="2018"), make_person())
    make_stage(row, "detention", "2018-03-01", position=1)
    undated = make_stage(row, "release", "", position=2)
    make_citation(make_source(published="2018-06-01"), "kind", stage=undated)
    assert sum(settle_all()) == 1
    return row


def change_country(row: Any) -> None:
    part = row.incident.country_parts.get(part="origin")
    part.country = make_country("MA")
    part.save()


def add_in_bulk(row: Any) -> None:
    Stage.objects.bulk_create([Stage(involvement=row, incident=row.incident, kind="wanted", occurred="2019", **PUBLIC)])


def update_in_bulk(row: Any) -> None:
    stages = list(Stage.objects.all())
    for stage in stages:
        stage.kind = "extradition_requested"
    Stage.objects.bulk_update(stages, ["kind"])


WRITES: dict[str, Callable[[Any], Any]] = {
    "a stage is saved": lambda row: make_stage(row, "deportation", "2019-01-02", destination="CN"),
    "stages are updated": lambda row: Stage.objects.filter(kind="detention").update(kind="imprisonment"),
    "stages are added in bulk": add_in_bulk,
    "stages are updated in bulk": update_in_bulk,
    "a stage is deleted": lambda row: Stage.objects.get(kind="release").delete(),
    "stages are deleted": lambda row: Stage.objects.all().delete(),
    "a stage is hidden": lambda row: Stage.objects.filter(kind="release").update(level="team"),
    "the source of an undated stage is dated": lambda row: SourceDocument.objects.update(published="2030"),
    "the source of an undated stage is hidden": lambda row: SourceDocument.objects.update(level="partner"),
    "a citation is taken away": lambda row: Citation.objects.all().delete(),
    "the state behind it is changed": change_country,
    "the case is said to have ended": lambda row: Involvement.objects.update(status="ended", status_as_of="2018-04"),
    "the incident begins later": lambda row: Incident.objects.update(start="2018-04"),
    "the incident is hidden": lambda row: Incident.objects.update(review="draft"),
    "somebody is named as its reader": lambda row: row.incident.readers.add(User.objects.create_user("eve")),
    "the group is told to be larger": lambda row: Person.objects.update(kind="group", headcount_min=3, headcount_max=3),
    "a tactic counts": lambda row: [make_tactic_used(row.incident), Tactic.objects.update(freedom_house="always")],
    "somebody else is involved": lambda row: make_involvement(row.incident, make_person("Gulnar")),
    "the case is deleted": lambda row: row.delete(),
    "another reader is partner": lambda row: make_stage(row, "wanted", "2020", level="partner"),
    "rows are for names": lambda row: make_stage(row, "wanted", "2020", level="restricted"),
}
DAYS = (None, date(2018, 3, 15), date(2018, 4, 15), date(2018, 7, 1), date(2019, 6, 1))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_an_act_leaves_stored_what_the_engine_says(case: Any, write: Callable[[Any], Any]) -> None:
    readers = [
        STRANGER,
        may(User.objects.create_user("ann"), "read_team"),
        may(User.objects.create_user("ngo"), "read_partner"),
    ]
    with act("the test", "test", may_open=True):
        write(case)
        for user in readers:  # nobody waits for the end of the act to read the truth
            assert as_told(user, None) == by_engine(user, None)
    assert not UnstoredIncident.objects.filter(reason="written").exists()
    for user in readers:
        for day in DAYS:
            assert as_told(user, day) == by_engine(user, day), day
    assert not list(wrongly_stored(Incident.objects.values_list("pk", flat=True)))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_goes_round_the_acts_is_worked_out_when_read(case: Any, write: Callable[[Any], Any]) -> None:
    write(case)
    for day in DAYS:
        assert as_told(STRANGER, day) == by_engine(STRANGER, day), day
    call_command("rebuild_situations", "--marked", stdout=StringIO())
    assert not UnstoredIncident.objects.filter(reason="written").exists()
    for day in DAYS:
        assert as_told(STRANGER, day) == by_engine(STRANGER, day), day


def test_plain_sql_shows_no_stale_phase(case: Any) -> None:
    ask = "/api/v1/people/count/?phase=detention"
    assert Client().get(ask).json() == {"count": 0}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_citation")
        cursor.execute("DELETE FROM cases_stage WHERE kind = 'release'")
    assert Client().get(ask).json() == {"count": 1}


def test_an_act_works_out_only_what_it_wrote(case: Any) -> None:
    make_stage(case, "wanted", "2020")
    with act("the test", "test", may_open=True):
        other = make_involvement(make_incident("Another"), make_person("Gulnar"))
    assert set(UnstoredIncident.objects.values_list("incident_id", flat=True)) == {case.incident_id}
    assert StoredSituation.objects.filter(involvement=other).exists()


def test_check_data_finds_what_is_stored_wrongly(case: Any) -> None:
    assert not list(situations_are_as_the_engine_says())
    StoredSituation.objects.filter(tense=Tense.PRESENT).update(phase="harm")
    assert [ref for ref, _ in situations_are_as_the_engine_says()] == [case.ref]
    call_command("rebuild_situations", stdout=StringIO())
    assert not list(situations_are_as_the_engine_says())
    StoredSituation.objects.filter(tense=Tense.PAST, first_day__gt=date(2018, 3, 1)).delete()
    assert [ref for ref, _ in situations_are_as_the_engine_says()] == [case.ref]
    call_command("rebuild_situations", stdout=StringIO())
    ToldCase.objects.update(liberty_country="TR")
    assert [ref for ref, _ in situations_are_as_the_engine_says()] == [case.ref]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["an act", "the command"])
def test_a_write_outside_the_acts_is_worked_out_though_others_work_out_the_case_meanwhile(how: str) -> None:
    """Neither sees what the other has not committed: what marks the one write must not count for the other."""
    row = make_involvement(make_incident(start="2018"), make_person())
    make_stage(row, "detention", "2018-03-01", position=1)
    make_stage(row, "wanted", "2018-01-01", position=2)
    beside = Thread(target=released_beside, args=[written := Event(), go_on := Event()])
    beside.start()
    written.wait(timeout=20)
    if how == "an act":
        with act("somebody", "test", may_open=True):
            Incident.objects.filter(pk=row.incident_id).update(title="Another title")
    else:
        assert sum(settle_all()) == 1
    go_on.set()
    beside.join()
    assert as_told(STRANGER, None) == by_engine(STRANGER, None)


def released_beside(written: Event, go_on: Event) -> None:
    """Release somebody outside all acts, on a connection of its own, and commit only when told to."""
    try:
        with transaction.atomic():
            Stage.objects.filter(kind="detention").update(kind="release")
            written.set()
            go_on.wait(timeout=20)
    finally:
        connection.close()


@pytest.mark.parametrize("page", ["/", "/board/", "/silence/"])
def test_a_case_that_is_closed_while_a_page_is_made_is_left_out(client: Client, page: str) -> None:
    """Which cases stand where is one statement, and what they are called another."""
    case = make_involvement(make_incident(start="2018"), make_person("Kerem"))
    held = make_stage(case, "detention", "2018-03-01")
    make_citation(make_source(published="2018-04-01"), "kind", stage=held)
    assert sum(settle_all()) == 1
    closing = [lambda: Incident.objects.update(level="team")]

    def closed_between(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if closing and sql.startswith("SELECT") and "cases_storedsituation" in sql:
            closing.pop()()
        return found

    assert case.person.label in client.get(page).content.decode()
    with connection.execute_wrapper(closed_between):
        answer = client.get(page)
    assert (answer.status_code, closing) == (200, [])
    assert case.incident.ref not in answer.content.decode()
