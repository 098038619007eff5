"""System checks: a model without a rule, a column without a place and a route that nobody asks about fail the build."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.models import Group
from django.core.checks import Error

from cases.codebook import PEOPLE, RESOURCES
from cases.codebook.private import PRIVATE
from cases.models import Person, PersonDetail
from config.checks import INTERNAL, drawn_on, unplaced, unreadable, unregistered
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


def test_a_route_outside_the_register_is_refused() -> None:
    found, registered = set(routes()), set(surfaces())
    assert unregistered(found, registered) == []
    assert ids(unregistered(found | {"people/feed.xml"}, registered)) == ["waymark.E005"]
    assert ids(unregistered(found - {"healthz"}, registered)) == ["waymark.E006"]
