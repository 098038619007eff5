"""The lane of each row says what the full rule says, whoever writes and however it is written."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Citation, Incident, Involvement, Person, PersonName, Stage
from records.audit.lane_checks import lanes_agree_with_the_full_rule
from records.audit.lane_triggers import taken_from
from records.audit.trigger import on_postgresql, on_sqlite
from records.audit.triggers import install, make_way, missing, stored
from records.models import UNSETTLED, Team, records_from_above
from tests.factories import make_citation, make_incident, make_involvement, make_name, make_person, make_source
from tests.installation import Installation, installation
from tests.signin import make_account
from tests.world import make_case

__all__ = ["installation"]
pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def case() -> SimpleNamespace:
    return make_case(4)


def plain(sql: str) -> None:
    """Write as whoever types into the database's own program."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def analyst() -> User:
    user = make_account("analyst")
    user.user_permissions.set(Permission.objects.filter(codename="read_team"))
    return user


def seen(model: Any, user: Any = STRANGER) -> int:
    return model.objects.visible_to(user).count()


def shown() -> dict[str, int]:
    """How many rows of each model a stranger sees."""
    return {model.__name__: seen(model) for model in records_from_above()}


def test_a_row_is_settled_without_asking_for_each_kind_that_could_hang_on_it(case: SimpleNamespace) -> None:
    for write in (make_source, lambda: make_citation(case.source, "label", person=case.person)):
        with CaptureQueriesContext(connection) as asked:
            row = write()
        lanes = [each["sql"] for each in asked if "lane = 9" in each["sql"]]
        settling = [sql for sql in lanes if sql.startswith("UPDATE")]
        assert len(settling) == 1 and f'"{row._meta.db_table}"' in settling[0]
        assert len(lanes) == 3


def test_a_record_that_is_closed_takes_everything_below_it_along(case: SimpleNamespace) -> None:
    before = shown()
    case.incident.level = "team"
    case.incident.save()
    about = Citation.objects.filter(stage__incident=case.incident)
    assert about.count() and not about.visible_to(STRANGER).exists()
    assert not Stage.objects.visible_to(STRANGER).exists()
    case.incident.level = "public"
    case.incident.save()
    assert shown() == before


def closed_by_save(case: SimpleNamespace, team: Team, reader: User) -> None:
    case.person.level = "restricted"
    case.person.save()


def closed_by_some_columns(case: SimpleNamespace, team: Team, reader: User) -> None:
    case.incident.review = "draft"
    case.incident.save(update_fields=["review"])


def closed_by_update(case: SimpleNamespace, team: Team, reader: User) -> None:
    Person.objects.filter(pk=case.person.pk).update(level="team", team=team)


def closed_by_update_of_the_column(case: SimpleNamespace, team: Team, reader: User) -> None:
    Incident.objects.filter(pk=case.incident.pk).update(level="team")
    Incident.objects.filter(pk=case.incident.pk).update(team_id=team.pk)


def closed_by_many_at_once(case: SimpleNamespace, team: Team, reader: User) -> None:
    rows = list(Stage.objects.all())
    for row in rows:
        row.level = "partner"
    Stage.objects.bulk_update(rows, ["level"])


def made_many_at_once(case: SimpleNamespace, team: Team, reader: User) -> None:
    Person.objects.filter(pk=case.person.pk).update(level="partner")
    PersonName.objects.bulk_create(
        PersonName(person=case.person, text=text, level="public") for text in ("Aybek A", "Aybek B")
    )


def moved_to_another_record(case: SimpleNamespace, team: Team, reader: User) -> None:
    hidden = make_incident("Hidden", level="team", team=team)
    Involvement.objects.filter(pk=case.stages[0].involvement_id).update(incident=hidden)


def readers_named(case: SimpleNamespace, team: Team, reader: User) -> None:
    case.person.review = "draft"
    case.person.save()
    case.person.readers.add(reader)


def readers_named_and_forgotten(case: SimpleNamespace, team: Team, reader: User) -> None:
    readers_named(case, team, reader)
    case.person.readers.clear()
    case.incident.readers.set([reader])
    case.incident.readers.remove(reader)


def sent_in_from_outside(case: SimpleNamespace, team: Team, reader: User) -> None:
    make_name(make_person("Sent in", review="draft", submitted_by=reader), "Sent in too")


def of_two_teams(case: SimpleNamespace, team: Team, reader: User) -> None:
    other = Team.objects.create(name="Oslo")
    person = make_person("Of one team", level="team", team=team)
    incident = make_incident("Of another", level="team", team=other)
    make_involvement(incident, person)
    source = make_source(level="public", team=other)
    make_citation(source, "label", person=make_person("Public, of a team", team=team), level="team")


def a_reader_named_no_longer_on_what_is_restricted(case: SimpleNamespace, team: Team, reader: User) -> None:
    closed_by_save(case, team, reader)
    case.person.readers.set([reader, make_account("another")])
    case.person.readers.remove(reader)


def of_partners_and_of_whoever_sent_it_in(case: SimpleNamespace, team: Team, reader: User) -> None:
    make_name(make_person("For partners", level="partner", review="draft", team=team, submitted_by=reader), "Too")


def an_account_removed(case: SimpleNamespace, team: Team, reader: User) -> None:
    readers_named(case, team, reader)
    reader.delete()


WRITES: list[Callable[[SimpleNamespace, Team, User], None]] = [
    closed_by_save,
    closed_by_some_columns,
    closed_by_update,
    closed_by_update_of_the_column,
    closed_by_many_at_once,
    made_many_at_once,
    moved_to_another_record,
    readers_named,
    readers_named_and_forgotten,
    sent_in_from_outside,
    of_two_teams,
    a_reader_named_no_longer_on_what_is_restricted,
    of_partners_and_of_whoever_sent_it_in,
    an_account_removed,
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_every_way_to_write_settles_the_lanes(case: SimpleNamespace, write: Any) -> None:
    write(case, Team.objects.create(name="Istanbul"), make_account("named"))
    assert list(lanes_agree_with_the_full_rule()) == []


LEVELS, REVIEWS = st.sampled_from(["public", "partner", "team", "restricted"]), st.sampled_from(["published", "draft"])
RECORDS = st.sampled_from(["person", "relative", "incident", "source", "copy", "notice", "agreement", "event"])
PARTS = st.sampled_from(["person_name", "relationship", "involvement", "stage", "citation", "warrant"])


@settings(
    max_examples=12 if connection.vendor == "sqlite" else 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(
        st.one_of(
            st.tuples(st.just("record"), RECORDS, LEVELS, REVIEWS, st.sampled_from([None, 0, 1]), st.booleans()),
            st.tuples(st.just("part"), PARTS, LEVELS),
        ),
        max_size=12,
    )
)
def test_lanes_and_full_rule_agree_after_any_changes(case: SimpleNamespace, changes: list[Any]) -> None:
    case.citation = Citation.objects.order_by("pk")[0]
    with transaction.atomic():
        teams, reader = [Team.objects.create(name=name) for name in ("Istanbul", "Oslo")], make_account("named")
        for what, name, level, *more in changes:
            row = getattr(case, name)
            row = type(row).objects.get(pk=row.pk)
            row.level = level
            if what == "record":
                row.review, row.team = more[0], None if more[1] is None else teams[more[1]]
            row.save()
            if what == "record" and more[2]:
                row.readers.add(reader)
        found = list(lanes_agree_with_the_full_rule())
        transaction.set_rollback(True)
    assert found == []


def test_what_is_written_past_the_application_is_shown_to_nobody_until_it_is_settled(case: SimpleNamespace) -> None:
    before, team = shown(), analyst()
    plain(f"UPDATE cases_incident SET level = 'team' WHERE id = {case.incident.pk}")  # noqa: S608
    assert (seen(Incident), seen(Stage), seen(Stage, team)) == (before["Incident"] - 1, 0, 0)
    assert Citation.objects.filter(stage__isnull=False, lane=UNSETTLED).exists()
    call_command("settle_lanes")
    assert (seen(Stage), seen(Stage, team)) == (0, before["Stage"])
    assert list(lanes_agree_with_the_full_rule()) == []


def test_a_reader_named_past_the_application_reads_it_once_it_is_settled(case: SimpleNamespace) -> None:
    reader = make_account("named")
    Person.objects.filter(pk=case.person.pk).update(review="draft")
    table, column = Person.readers.through._meta.db_table, "person_id"
    plain(f"INSERT INTO {table} ({column}, user_id) VALUES ({case.person.pk}, {reader.pk})")  # noqa: S608
    mine = Person.objects.filter(pk=case.person.pk)
    assert not mine.visible_to(reader).exists()
    call_command("settle_lanes")
    assert mine.visible_to(reader).exists()


def test_a_reader_who_is_struck_off_past_the_application_reads_it_no_longer(case: SimpleNamespace) -> None:
    reader, mine = make_account("named"), Person.objects.filter(pk=case.person.pk)
    closed_by_save(case, Team(), reader)
    case.person.readers.add(reader)
    assert mine.visible_to(reader).exists()
    plain(f"DELETE FROM {Person.readers.through._meta.db_table} WHERE user_id = {reader.pk}")  # noqa: S608
    assert not mine.visible_to(reader).exists()
    call_command("settle_lanes")
    assert not mine.visible_to(reader).exists()
    assert list(lanes_agree_with_the_full_rule()) == []


def test_a_row_that_was_inserted_past_the_application_is_shown_to_nobody(case: SimpleNamespace) -> None:
    copied = [str(each.column) for each in PersonName._meta.concrete_fields if each.column not in ("id", "ref", "lane")]
    columns, before = ", ".join(copied), shown()
    plain(
        f"INSERT INTO cases_personname (ref, {columns}) "  # noqa: S608
        f"SELECT 'NAM-00000001', {columns} FROM cases_personname WHERE id = {case.person_name.pk}"
    )
    assert shown() == before
    call_command("settle_lanes")
    assert shown() == before | {"PersonName": before["PersonName"] + 1}


def test_a_lane_that_comes_with_a_row_is_not_believed(case: SimpleNamespace) -> None:
    """Copied to another parent, brought back after its parent was closed, loaded from a fixture."""
    hidden, before = make_person("Hidden", level="team"), shown()["PersonName"]
    copied = [
        str(each.column) for each in PersonName._meta.concrete_fields if each.column not in ("id", "ref", "person_id")
    ]
    columns, name = ", ".join(copied), case.person_name
    plain(
        f"INSERT INTO cases_personname (ref, person_id, {columns}) "  # noqa: S608
        f"SELECT 'NAM-00000001', {hidden.pk}, {columns} FROM cases_personname WHERE id = {name.pk}"
    )
    assert shown()["PersonName"] == before
    told = serializers.serialize("json", PersonName.objects.filter(pk=name.pk))
    Person.objects.filter(pk=case.person.pk).update(level="team")
    for loaded in serializers.deserialize("json", told):
        loaded.save()
    assert not PersonName.objects.visible_to(STRANGER).filter(pk=name.pk).exists()
    call_command("settle_lanes")
    assert list(lanes_agree_with_the_full_rule()) == []


def test_a_save_does_not_write_back_the_lane_that_it_read(case: SimpleNamespace) -> None:
    read_before = PersonName.objects.get(pk=case.person_name.pk)
    case.person.level = "team"
    case.person.save()
    read_before.language = "ug"
    read_before.save()
    assert not PersonName.objects.visible_to(STRANGER).filter(pk=read_before.pk).exists()


def test_an_update_of_the_tables_works_all_lanes_out_anew(case: SimpleNamespace) -> None:
    make_way(connection)
    plain(f"UPDATE cases_incident SET level = 'team' WHERE id = {case.incident.pk}")  # noqa: S608
    assert Stage.objects.visible_to(STRANGER).exists()
    install(connection)
    assert not Stage.objects.visible_to(STRANGER).exists()
    assert list(lanes_agree_with_the_full_rule()) == []


def test_an_update_removes_what_an_older_version_called_otherwise(case: SimpleNamespace) -> None:
    """SQLite alters no table that such a trigger names."""
    table, name = Person.readers.through._meta.db_table, "waymark_lane_cases_person_readers"
    body = taken_from("cases_person", "id", "NEW.person_id")
    if connection.vendor == "sqlite":
        trigger = on_sqlite(name, table, "INSERT", "", body)
    else:
        trigger = on_postgresql(name, table, "AFTER", "INSERT", f"{body} RETURN NULL;")
    for statement in trigger.statements:
        plain(statement)
    make_way(connection)
    left = stored(connection)
    assert name not in left and "waymark_insert_cases_person" in left
    install(connection)
    assert missing(connection) == []


def give_lane(person: Any, lane: int) -> None:
    """Give a person a lane by plain SQL, which takes two statements: one alone is not believed."""
    plain(f"UPDATE cases_person SET lane = {UNSETTLED} WHERE id = {person.pk}")  # noqa: S608
    plain(f"UPDATE cases_person SET lane = {lane} WHERE id = {person.pk}")  # noqa: S608


def found_of(row: Any) -> str:
    """What the check says of a row first."""
    return next(words.partition(";")[0] for ref, words in lanes_agree_with_the_full_rule() if ref == row.ref)


def test_the_check_names_rows_whose_lane_is_wrong(case: SimpleNamespace) -> None:
    give_lane(case.person, 2)
    assert found_of(case.person) == "is hidden from strangers by its lane, and the full rule shows it"
    Person.objects.filter(pk=case.person.pk).update(level="team")
    give_lane(case.person, 0)
    assert found_of(case.person) == "is shown to strangers by its lane, and the full rule hides it"
    call_command("settle_lanes", "--anew")
    assert list(lanes_agree_with_the_full_rule()) == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["the part", "the record"])
def test_a_part_that_is_added_while_its_record_is_closed_is_closed_too(first: str) -> None:
    person = make_person("Kerem")
    steps = [lambda: make_name(person, "Karim"), lambda: Person.objects.filter(pk=person.pk).update(level="team")]
    one, other = steps if first == "the part" else reversed(steps)
    with transaction.atomic():
        one()
        beside = Thread(target=alone, args=[other])
        beside.start()
        beside.join(timeout=1)  # until it has to wait for us
    beside.join()
    assert PersonName.objects.filter(text="Karim").exists() and not PersonName.objects.visible_to(STRANGER).exists()
    assert list(lanes_agree_with_the_full_rule()) == []


def alone(write: Callable[[], Any]) -> None:
    """Write on a connection of its own."""
    try:
        write()
    finally:
        connection.close()


UPDATED = 'Incident.objects.update(level="{level}")'
KILLED = f"""
import os, signal
from django.db import transaction
from cases.models import Incident
with transaction.atomic():
    {UPDATED.format(level="public")}
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
def test_a_change_of_level_that_is_killed_shows_and_hides_nothing(installation: Installation) -> None:
    made = f"from tests.world import make_case; from cases.models import Incident; make_case(1); {UPDATED}"
    installation.manage("shell", "-c", made.format(level="team"))
    tables = [model._meta.db_table for model in records_from_above()]
    lanes = [f"SELECT sum(lane) FROM {table}" for table in tables]  # noqa: S608
    stored = installation.ask(*lanes)
    killed = installation.run("manage.py", "shell", "-c", KILLED)
    assert killed.returncode == -signal.SIGKILL
    assert installation.ask(*lanes) == stored
    assert installation.manage("settle_lanes").startswith("0 rows settled")
    opened = UPDATED.format(level="public")
    installation.manage("shell", "-c", f"from cases.models import Incident; {opened}")
    assert installation.ask(*lanes) != stored
