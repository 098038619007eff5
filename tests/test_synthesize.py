"""`manage.py synthesize`: a database of made-up cases that keeps every rule, the same in every run."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from cases.models import Incident, Involvement, Person, PersonName, Stage
from records.audit.triggers import missing
from records.models import AuditEntry, Change, Record, Team
from seeds.derived_columns import project_models
from tests.synthesizing import synthesize

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]
INCIDENTS = 150


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A synthetic database, made once for the tests of this module that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        synthesize(INCIDENTS)
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def test_it_has_as_many_incidents_as_were_asked_for_and_a_little_more_people() -> None:
    assert Incident.objects.count() == INCIDENTS
    assert 1.0 <= Person.objects.count() / INCIDENTS <= 1.4
    assert 2.0 <= Stage.objects.count() / Involvement.objects.filter(role="subject").count() <= 3.0


def test_the_data_agree_with_themselves() -> None:
    call_command("check_data", stdout=StringIO())


def test_every_row_passes_the_checks_of_its_model() -> None:
    for model in project_models():
        if issubclass(model, Record):
            for row in model._base_manager.all()[:200]:
                row.clean_fields()
                row.clean()


def test_the_audit_trail_holds_and_begins_with_these_rows_in_one_act() -> None:
    call_command("audit", "verify", stdout=StringIO())
    act = AuditEntry.objects.get(kind="begun", actor="synthesize").act
    assert set(AuditEntry.objects.filter(actor="synthesize").values_list("act", flat=True)) == {act}
    assert not Change.objects.filter(table="cases_incident").exists()


def test_what_is_written_afterwards_is_followed() -> None:
    assert missing(connection) == []
    Incident.objects.filter(pk=1).update(title="Another title")
    assert Change.objects.filter(table="cases_incident", row="1", operation="update").count() == 1


def test_names_stand_in_eight_scripts_and_are_found_in_each() -> None:
    scripts = set(PersonName.objects.values_list("script", flat=True))
    assert scripts == {"Latn", "Arab", "Cyrl", "Hans", "Hang", "Tibt", "Ethi", "Khmr"}
    for script in scripts:
        name = PersonName.objects.filter(script=script).first()
        assert name is not None
        assert name.person in Person.objects.filter(pk__in=PersonName.objects.search(name.text).values("person"))


def test_dates_are_as_vague_as_those_of_sources() -> None:
    precisions = set(Stage.objects.values_list("occurred_precision", flat=True))
    assert {"day", "month", "year", "approximate", "unknown"} <= precisions


def test_strangers_and_the_two_teams_read_different_parts_of_it() -> None:
    north, south = (User.objects.get(username=f"synthetic-analyst-{name}") for name in ("north", "south"))
    assert {team.name for team in Team.objects.all()} == {"North", "South"}
    assert [team.name for team in north.teams.all()] == ["North"]
    assert [team.name for team in south.teams.all()] == ["South"]
    seen = Incident.objects.visible_to(AnonymousUser()).count()
    assert 0.7 * INCIDENTS < seen < INCIDENTS
    assert Incident.readers.through.objects.exists() or Person.readers.through.objects.exists()


def test_its_pages_can_be_read() -> None:
    incident = Incident.objects.visible_to(AnonymousUser()).first()
    assert incident is not None
    for address in ("/incidents/", f"/incidents/{incident.ref}/", "/api/v1/people/"):
        assert Client().get(address).status_code == 200


def test_nobody_can_sign_in_to_its_accounts_until_a_password_is_set() -> None:
    assert not any(user.has_usable_password() for user in User.objects.filter(username__startswith="synthetic-"))
