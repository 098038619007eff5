"""System checks that keep the promises of docs/security.md: what nobody has thought of cannot be read at all.

A model says who may read it, a column has a place in the codebook or a reason to be private, and a route is known to
the leak test. Where one of these is missing, `manage.py check` fails, and with it the start and the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db.models import Field, ForeignObjectRel, Model

from cases.codebook import RESOURCES
from cases.codebook.private import PRIVATE
from config.surfaces import routes, surfaces
from sources.codebook import Column, Resource
from sources.dates import PARTS, date_fields
from sources.models import Record

OWN = ("sources", "cases", "seeds")
#: Models that no reader ever asks for, each with the reason.
INTERNAL = {
    "seeds.LoadedRecord": "what the seed loader remembers of its files; commands alone know it",
}


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
    records = [model for model in apps.get_models() if issubclass(model, Record)]
    return unplaced(records, RESOURCES, PRIVATE)


def unplaced(records: Iterable[type[Model]], resources: Iterable[Resource], private: dict[str, str]) -> list[Error]:
    """Return an error for each column without a place, and for each place without a column."""
    drawn = {name for resource in resources for name in drawn_on(resource.model, resource.columns)}
    names = {f"{model.__name__}.{name}" for model in records for name in columns_of(model)}
    hidden = {name for name in names if name in private or f"*.{name.partition('.')[2]}" in private}
    hint = (
        "Let a column of the codebook draw on it (Column.of), or name it in cases/codebook/private.py with the reason."
    )
    errors = [
        Error(f"{name} has no place in the codebook.", hint=hint, id="waymark.E002")
        for name in sorted(names - drawn - hidden)
    ]
    known = names | {f"*.{name.partition('.')[2]}" for name in names}
    errors += [
        Error(f"{name} stands on the private list, and is no column.", id="waymark.E003")
        for name in sorted(set(private) - known)
    ]
    return errors + [
        Error(f"{name} is private and published at once.", id="waymark.E004")
        for name in sorted(names & drawn & set(private))
    ]


def columns_of(model: type[Model]) -> list[str]:
    """The columns of a model, its links to many included. The parts of an uncertain date go with the date."""
    parts = {f"{date.name}_{part}" for date in date_fields(model) for part in PARTS}
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.name not in parts]


def drawn_on(model: type[Model], columns: Iterable[Column]) -> Iterator[str]:
    """Yield "Model.column" for everything that public columns read."""
    for column in columns:
        ends = []
        for path in column.of or (column.source if isinstance(column.source, str) and column.source else column.name,):
            end = yield from _walk(model, path)
            ends.append(end)
        for end in dict.fromkeys(ends):
            yield from drawn_on(end, column.parts)


def _walk(model: type[Model], path: str) -> Any:
    """Yield the columns along a path of fields, and return the model at its end."""
    for step in path.split(".") if path else []:
        field: Any = model._meta.get_field(step.removeprefix("visible_").removesuffix("_id"))
        if isinstance(field, ForeignObjectRel):
            yield f"{field.related_model.__name__}.{field.field.name}"
        elif isinstance(field, Field):
            yield f"{field.model.__name__}.{field.name}"
        model = field.related_model or model
    return model


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
