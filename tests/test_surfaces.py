"""System checks: a model without a rule, a column that a surface forgets and a route that nobody asks about fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.checks import Error
from django.db import connection

from cases.codebook import PEOPLE, RESOURCES
from cases.codebook.private import PRIVATE
from cases.models import Duty, Person, PersonDetail, PersonName
from config.checks import (
    INTERNAL,
    OLD_TABLE,
    database_has_todays_layout,
    forgotten,
    needless,
    unplaced,
    unreadable,
    unregistered,
)
from config.columns import EXCEPTIONS, ColumnPlace, drawn_on, of_admin, of_seeds, of_submissions, places
from config.surfaces import routes, surfaces


def ids(errors: list[Error]) -> list[str | None]:
    return [error.id for error in errors]


def test_a_model_that_does_not_say_who_may_read_it_is_refused() -> None:
    assert ids(unreadable([Group, Person], INTERNAL)) == ["waymark.E001"]
    assert unreadable([Group], {"auth.Group": "for this test"}) == []


def test_a_column_without_a_place_is_refused() -> None:
    without = {name: why for name, why in PRIVATE.items() if name != "PersonDetail.value"}
    errors = [error for error in unplaced([PersonDetail], RESOURCES, without) if error.id == "waymark.E002"]
    assert [error.msg for error in errors] == ["PersonDetail.value has no place in the codebook."]


def test_a_column_that_is_no_longer_published_is_refused() -> None:
    fewer = replace(PEOPLE, columns=tuple(column for column in PEOPLE.columns if column.name != "occupation"))
    messages = [error.msg for error in unplaced([Person], [fewer], PRIVATE) if error.id == "waymark.E002"]
    assert any("Person.occupation" in message for message in messages)


def test_a_private_column_that_is_published_is_refused() -> None:
    errors = unplaced([Person], RESOURCES, PRIVATE | {"Person.label": "a secret"})
    assert "Person.label is private and published at once." in [error.msg for error in errors]


def test_a_private_column_that_does_not_exist_is_refused() -> None:
    errors = unplaced([Person], RESOURCES, {**PRIVATE, "Person.nothing": "gone"})
    assert "waymark.E003" in ids(errors)


def test_the_codebook_says_which_columns_it_draws_on() -> None:
    drawn = set(drawn_on(PEOPLE.model, PEOPLE.columns))
    assert {"Person.label", "PersonName.text", "PersonDetail.date", "LegalStatus.country", "Stage.kind"} <= drawn
    assert "PersonDetail.value" not in drawn and "SourceDocument.text" not in drawn


#: Every place in which a name is entered, with the file that its error leads to.
NAME_PLACES = {
    "PersonNameAdmin": "cases/admin/people.py",
    "NameInline": "cases/admin/people.py",
    "the submissions": "cases/api/request_bodies.py",
    "the seed files": "seeds/schema/waymark-seeds.schema.json",
}


def places_of_a_name() -> dict[str, ColumnPlace]:
    found = [*of_admin(PersonName), of_submissions(PersonName), of_seeds(PersonName)]
    return {place.name: place for place in found}


def test_a_name_is_entered_in_these_places() -> None:
    assert places_of_a_name().keys() == NAME_PLACES.keys()


@pytest.mark.parametrize(("name", "file"), NAME_PLACES.items())
def test_a_column_that_one_place_forgets_is_refused_with_the_file_to_mend(name: str, file: str) -> None:
    place = places_of_a_name()[name]
    assert forgotten([place], EXCEPTIONS) == []
    (error,) = forgotten([replace(place, columns=place.columns - {"script"})], EXCEPTIONS)
    assert (error.id, error.msg) == ("waymark.E007", f"PersonName.script is not in {name} ({place.kind}).")
    assert error.hint is not None and file in error.hint and "config/columns.py" in error.hint


def test_a_record_without_a_page_in_the_admin_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: Any = admin.site._registry
    monkeypatch.delitem(registered, PersonName)
    messages = [error.msg for error in forgotten(of_admin(PersonName), EXCEPTIONS)]
    assert "PersonName.text is not in the admin (admin page)." in messages


def test_an_exception_that_excuses_nothing_is_refused() -> None:
    found = list(places())
    assert needless(found, EXCEPTIONS) == []
    for name in ("PersonName.script", "PersonName.gone", "*.gone", "Gone.*"):
        (error,) = needless(found, {**EXCEPTIONS, "submission": {**EXCEPTIONS["submission"], name: "for this test"}})
        assert (error.id, error.msg) == (
            "waymark.E008",
            f"{name} is an exception for the submission, and excuses nothing.",
        )


def test_a_model_is_no_exception_as_a_whole_once_one_of_its_columns_can_be_given() -> None:
    place = of_submissions(Duty)
    begun = replace(place, columns=frozenset({"kind"}))
    assert forgotten([place], EXCEPTIONS) == []
    assert "Duty.due is not in the submissions (submission)." in [each.msg for each in forgotten([begun], EXCEPTIONS)]
    assert "Duty.*" in " ".join(each.msg for each in needless([begun], EXCEPTIONS))


@pytest.mark.django_db
def test_a_database_of_the_older_layout_is_refused_before_it_is_migrated() -> None:
    assert database_has_todays_layout(None, databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {OLD_TABLE} (id integer)")
    assert ids(database_has_todays_layout(None, databases=["default"])) == ["waymark.E010"]


def test_a_route_outside_the_register_is_refused() -> None:
    found, registered = set(routes()), set(surfaces())
    assert unregistered(found, registered) == []
    assert ids(unregistered(found | {"people/feed.xml"}, registered)) == ["waymark.E005"]
    assert ids(unregistered(found - {"healthz"}, registered)) == ["waymark.E006"]
