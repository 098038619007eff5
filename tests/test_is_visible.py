"""The SQL that is kept finds the rows that a condition put together anew would find, and outlives no right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from cases.models import CITABLE, Citation, Person, PersonName, Stage
from records.models import Clearance, IsVisible, Record, Team
from sources.models import SourceDocument
from tests.factories import make_incident, make_involvement, make_name, make_person, make_source, make_stage
from tests.signin import make_account
from tests.world import make_case

pytestmark = pytest.mark.django_db
PARTS = [model for model in CITABLE.values() if model.parents]


@pytest.fixture
def team() -> Team:
    return Team.objects.create(name="Istanbul")


@pytest.fixture(scope="class")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One reader of each kind, and a case of each level that names one; taken back after the last test of a class."""
    with django_db_blocker.unblock(), transaction.atomic():
        team = Team.objects.create(name="Istanbul")
        readers = one_of_each(team)
        for number, level in enumerate(("public", "partner", "team", "restricted")):
            protect(make_case(number), level, (None, team)[number % 2], readers["named"])
        connection.check_constraints()  # or PostgreSQL checks them again at the end of every test
        yield readers
        transaction.set_rollback(True)


def one_of_each(team: Team) -> dict[str, Any]:
    member = somebody("nur", "read_team")
    team.members.add(member)
    return {
        "stranger": AnonymousUser(),
        "nobody in particular": make_account("nobody"),
        "partner": somebody("partner", "read_partner"),
        "analyst": somebody("analyst", "read_team"),
        "in Istanbul": member,
        "named": make_account("named"),
    }


def somebody(name: str, code: str) -> User:
    user = make_account(name)
    user.user_permissions.set(Permission.objects.filter(codename=code))
    return user


def protect(case: Any, level: str, team: Team | None, reader: User) -> None:
    """Give the records of a case, of which everything else is a part, a level, a team and a reader."""
    for record in (case.person, case.incident, case.notice, case.ccf_request, case.agreement, case.event, case.source):
        record.level, record.team = level, team
        record.save()
        record.readers.add(reader)


def visible_by_parents(rows: Any, user: Any) -> Any:
    """The rows whose parents are visible, each asked for by a subquery of Django's own."""
    for parent in rows.model.parents:
        above: type[Record] = rows.model._meta.get_field(parent).related_model
        seen = visible_by_parents(above.objects.visible_to(user), user)
        rows = rows.filter(Exists(seen.filter(pk=OuterRef(f"{parent}_id"))))
    return rows


class TestACaseOfEachLevel:
    @pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
    def test_parts_are_visible_as_far_as_each_of_their_parents_is(self, model: Any, cast: dict[str, Any]) -> None:
        model.objects.update(level="public")
        counts = set()
        for user in cast.values():
            expected = visible_by_parents(model.objects.visible_to(user), user)
            found = set(model.objects.visible_to(user).values_list("pk", flat=True))
            assert found == set(expected.values_list("pk", flat=True))
            counts.add(len(found))
        assert len(counts) > 2, "the readers do not differ, so that nothing is shown"

    def test_citations_are_visible_as_far_as_the_record_is_that_they_are_about(self, cast: dict[str, Any]) -> None:
        for user in cast.values():
            about = Q()
            for name, model in CITABLE.items():
                about |= Q(**{f"{name}__in": list(model.objects.visible_to(user).values_list("pk", flat=True))})
            expected = Citation.objects.visible_to(user).filter(about)
            assert set(Citation.objects.visible_to(user)) == set(expected) != set()


def test_a_right_that_is_taken_away_opens_nothing_any_more() -> None:
    name = make_name(make_person("Aybek Tursun", level="team"), "Aibek", level="public")
    user = somebody("analyst", "read_team")
    assert name in PersonName.objects.visible_to(user)
    user.user_permissions.clear()
    assert name not in PersonName.objects.visible_to(User.objects.get(pk=user.pk))


def test_who_joins_a_team_reads_at_once_what_is_the_teams(team: Team) -> None:
    name = make_name(make_person("Aybek Tursun", level="team", team=team), "Aibek", level="public")
    user = somebody("analyst", "read_team")
    assert name not in PersonName.objects.visible_to(user)
    team.members.add(user)
    assert name in PersonName.objects.visible_to(User.objects.get(pk=user.pk))


def test_one_reader_s_condition_never_answers_another() -> None:
    person = make_person("Aybek Tursun", level="restricted")
    name = make_name(person, "Aibek", level="public")
    trusted, other = make_account("trusted"), make_account("other")
    person.readers.add(trusted)
    for _again in range(2):
        assert name in PersonName.objects.visible_to(trusted)
        assert name not in PersonName.objects.visible_to(other)
        assert name not in PersonName.objects.visible_to(AnonymousUser())


def test_the_condition_means_the_row_of_the_query_that_it_stands_in() -> None:
    """Subqueries on the same tables, one inside another, each ask about their own row."""
    shown, hidden = make_person("Shown"), make_person("Hidden", level="team")
    for person in (shown, hidden):
        make_stage(make_involvement(make_incident(), person), level="public")
    user = AnonymousUser()
    stages = Stage.objects.visible_to(user).filter(involvement__person=OuterRef("pk"))
    inner = Person.objects.filter(Exists(stages), pk=OuterRef("person_id"))
    names = PersonName.objects.filter(Exists(inner))
    for person in (shown, hidden):
        make_name(person, "A name")
    assert {name.person for name in names} == {shown}
    assert set(Person.objects.filter(Exists(stages))) == {shown}
    assert set(Person.objects.exclude(Exists(stages))) == {hidden}


def test_a_row_that_points_to_its_own_kind_asks_about_the_other_row() -> None:
    original, hidden = make_source(title="Original"), make_source(title="Hidden", level="team")
    copy = make_source(title="Copy", derived_from=original, derivation="wire_copy")
    make_source(title="Copy of what is hidden", derived_from=hidden, derivation="wire_copy")
    descends = IsVisible("derived_from_id", SourceDocument, Clearance())
    assert list(SourceDocument.objects.filter(descends)) == [copy]


def test_asking_twice_sends_the_same_words() -> None:
    make_case(1)
    sent = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert list(Citation.objects.visible_to(AnonymousUser()))
        sent.append(asked[0]["sql"])
    assert sent[0] == sent[1] and "{key}" not in sent[0]
