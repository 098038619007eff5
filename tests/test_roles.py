"""The roles of a new installation: made once, kept as they were changed, and what they came to lack is told."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_roles_are_made_once_and_stay_as_they_were_changed():
    call_command("make_roles", verbosity=0)
    reader = Group.objects.get(name="reader")
    assert {each.codename for each in reader.permissions.all()} == {"read_team"}
    reader.permissions.clear()
    Group.objects.get(name="partner").delete()
    call_command("make_roles", verbosity=0)
    assert not reader.permissions.exists()
    assert Group.objects.get(name="partner").permissions.filter(codename="read_partner").exists()
    analyst = {each.codename for each in Group.objects.get(name="analyst").permissions.all()}
    assert {"add_person", "change_stage", "add_sourcedocument"} <= analyst
    assert not analyst & {"review_records", "change_user", "add_country", "change_tactic"}
    assert "view_country" in analyst


def test_what_a_role_lacks_of_a_new_installation_is_told_and_given_when_asked_for():
    made_roles()
    analyst, reader = Group.objects.get(name="analyst"), Group.objects.get(name="reader")
    view, more = (Permission.objects.get(codename=name) for name in ("view_country", "read_partner"))
    analyst.permissions.remove(view)
    reader.permissions.add(more)
    assert "The role analyst was left as it is. In a new installation it has besides: Can view country." in made_roles()
    assert view not in analyst.permissions.all()
    assert "The role analyst was given: Can view country." in made_roles("--add-missing")
    assert view in analyst.permissions.all()
    assert more in reader.permissions.all()
    assert made_roles() == "All roles exist. None was made.\n"


def made_roles(*words: str) -> str:
    """Run the command and return what it says."""
    said = StringIO()
    call_command("make_roles", *words, stdout=said)
    return said.getvalue()
