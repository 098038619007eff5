"""System checks that keep the promises of docs/security.md: what nobody has thought of cannot be read at all.

A model says who may read it, a column has a place in the codebook or a reason to be private, and is asked for wherever
its record is entered, and a route is known to the leak test. Where one of these is missing, `manage.py check` fails,
and with it the start and the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.models import Model

from cases.codebook import RESOURCES
from cases.codebook.private import PRIVATE
from config.columns import EXCEPTIONS, ColumnPlace, columns_of, drawn_on, places, records
from config.surfaces import routes, surfaces
from records.lists.codebook import Resource

OWN = (*settings.OWN_APPS, "seeds")
#: Models that no reader ever asks for, each with the reason.
INTERNAL = {
    "seeds.LoadedRecord": "what the seed loader remembers of its files; commands alone know it",
}


#: A table of the layout of before 29 November 2026, whose migrations cannot be told from today's.
OLD_TABLE = "sources_change"


@register(Tags.database)
def database_has_todays_layout(app_configs: Any, databases: Any = None, **options: Any) -> list[Error]:
    """Refuse a database that was made before the apps were parted: to migrate it would leave it half old, half new."""
    old = [alias for alias in databases or () if OLD_TABLE in connections[alias].introspection.table_names()]
    hint = "Keep a copy of it, make a new one, and load the seeds: CHANGELOG.md says how."
    return [
        Error(f"The database “{alias}” was made by an older Waymark.", hint=hint, id="waymark.E010") for alias in old
    ]


@register
def models_say_who_may_read_them(app_configs: Any, **options: Any) -> list[Error]:
    """Refuse a model without `visible_to`."""
    models = [model for label in OWN for model in apps.get_app_config(label).get_models()]
    return unreadable(models, INTERNAL)


def unreadable(models: Iterable[type[Model]], internal: dict[str, str]) -> list[Error]:
    """Return an error for each model that neither says who may read it nor is internal."""
    hint = "Give its manager visible_to(user), or name it in config.checks.INTERNAL with the reason."
    return [
        Error(f"{model._meta.label} does not say who may read it.", hint=hint, obj=model, id="waymark.E001")
        for model in models
        if not hasattr(model._default_manager, "visible_to") and model._meta.label not in internal
    ]


@register
def columns_have_a_place(app_configs: Any, **options: Any) -> list[Error]:
    """Refuse a column of a record that is neither published by the codebook nor private for a reason."""
    return unplaced(records(), RESOURCES, PRIVATE)


def unplaced(models: Iterable[type[Model]], resources: Iterable[Resource], private: dict[str, str]) -> list[Error]:
    """Return an error for each column without a place, and for each place without a column."""
    drawn = {name for resource in resources for name in drawn_on(resource.model, resource.columns)}
    names = {f"{model.__name__}.{name}" for model in models for name in columns_of(model)}
    hidden = {name for name in names if name in private or f"*.{name.partition('.')[2]}" in private}
    private_list = "cases/codebook/private.py"
    hint = (
        "Let a column in cases/codebook/ draw on it (by its name, its source or Column.of), "
        f"or name it in {private_list} with the reason."
    )
    errors = [
        Error(f"{name} has no place in the codebook.", hint=hint, id="waymark.E002")
        for name in sorted(names - drawn - hidden)
    ]
    known = names | {f"*.{name.partition('.')[2]}" for name in names}
    errors += [
        Error(
            f"{name} stands on the private list, and is no column.",
            hint=f"Take it off {private_list}.",
            id="waymark.E003",
        )
        for name in sorted(set(private) - known)
    ]
    return errors + [
        Error(f"{name} is private and published at once.", hint=f"Take it off {private_list}.", id="waymark.E004")
        for name in sorted(names & drawn & set(private))
    ]


@register
def columns_are_entered_everywhere(app_configs: Any, **options: Any) -> list[Error]:
    """Refuse a column that a form, a submission or a seed file forgets, and an exception that is none."""
    found = list(places())
    return [*forgotten(found, EXCEPTIONS), *needless(found, EXCEPTIONS)]


def forgotten(found: Iterable[ColumnPlace], exceptions: dict[str, dict[str, str]]) -> list[Error]:
    """Return an error for each column that a place does not name and no exception explains."""
    return [
        Error(
            f"{place.model.__name__}.{name} is not in {place.name} ({place.kind}).",
            hint=f"{place.remedy} Or name it under “{place.kind}” in EXCEPTIONS of config/columns.py with the reason.",
            id="waymark.E007",
        )
        for place in found
        for name in sorted(place.missing)
        if not exceptions[place.kind].keys() & place.patterns(name)
    ]


def needless(found: Collection[ColumnPlace], exceptions: dict[str, dict[str, str]]) -> list[Error]:
    """Return an error for each exception that excuses nothing: the column is there, or is no column any more."""
    used = {(place.kind, pattern) for place in found for name in place.missing for pattern in place.patterns(name)}
    return [
        Error(
            f"{name} is an exception for the {kind}, and excuses nothing.",
            hint="Take it out of EXCEPTIONS in config/columns.py.",
            id="waymark.E008",
        )
        for kind in dict.fromkeys(place.kind for place in found)
        for name in exceptions[kind]
        if (kind, name) not in used
    ]


@register
def routes_are_known_to_the_leak_test(app_configs: Any, **options: Any) -> list[Error]:
    """Refuse a route that the register does not know, and so nobody asks about what it may give away."""
    return unregistered(set(routes()), set(surfaces()))


def unregistered(found: set[str], registered: set[str]) -> list[Error]:
    """Return an error for each route without a surface, and for each surface without a route."""
    hint = "Name it in config/surfaces.py; tests/leaks/grammar.py says how it is asked about."
    unknown = [
        Error(f"The route “{route}” is unknown to the leak test.", hint=hint, id="waymark.E005")
        for route in sorted(found - registered)
    ]
    return unknown + [
        Error(f"The route “{route}” is in the register, and is gone.", id="waymark.E006")
        for route in sorted(registered - found)
    ]
