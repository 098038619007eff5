"""Every column is shown on the page of its record and in the dossier, or there is a reason why it is not.

Texts and dates have to stand there as they are. Of a code, a link or a number, the page has to change with it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client

from cases.models import Person, citable_fields
from cases.views import PAGES
from config.checks import forgotten, needless
from config.columns import DOSSIER, EXCEPTIONS, SHOWN, ColumnPlace, fields_of
from records.fields.edtf import UncertainDate
from records.models import Record
from sources.models import Capture
from tests.filled import filled_rows, is_name_of_column, is_told

pytestmark = pytest.mark.django_db

PAGE_OF = {page.resource.model: page for _, _, page in PAGES}


def page_of(row: Record) -> Any:
    """Return the record that has the page on which a row stands."""
    return row if type(row) in PAGE_OF else row.owning()


def address_of(row: Record) -> str:
    own = page_of(row)
    return f"/{PAGE_OF[type(own)].resource.name}/{own.ref}/"


class Reader:
    """A stranger, who reads pages once."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    def read(self, address: str) -> str:
        response = Client().get(address)
        return html.unescape(response.content.decode()) if response.status_code == 200 else ""

    def page(self, address: str) -> str:
        if address not in self.pages:
            self.pages[address] = self.read(address)
            assert self.pages[address], address
        return self.pages[address]

    def sees(self, row: Record, field: Any, address: str) -> bool:
        """Whether a page shows what a row has in a column."""
        value = getattr(row, field.name)
        if value is None or value == "":
            return False
        if is_told(field):
            return (value.label if isinstance(value, UncertainDate) else value) in self.page(address)
        pages = (self.page_with(row, field, other, address) for other in islice(others(row, field), 3))
        return any(page and page != self.page(address) for page in pages)

    def page_with(self, row: Record, field: Any, value: Any, address: str) -> str:
        """Return the page as it would be with another value; nothing where the row cannot have that one."""
        found = ""
        try:
            with transaction.atomic():
                changed = type(row)._base_manager.get(pk=row.pk)
                if field.many_to_many:
                    getattr(changed, field.name).set(value)
                elif isinstance(row, Capture):  # it is sealed, and refuses to be changed
                    Capture.objects.filter(pk=row.pk).update(**{field.name: value})
                else:
                    setattr(changed, field.attname, value)
                    changed.save()
                found = self.read(address)
                transaction.set_rollback(True)
        except IntegrityError:
            return ""
        return found


def others(row: Any, field: Any) -> Iterator[Any]:
    """Yield other values that a code, a link or a number could have."""
    if field.many_to_many:
        present = set(getattr(row, field.name).values_list("pk", flat=True))
        yield from (
            [pk] for pk in field.related_model._base_manager.exclude(pk__in=present).values_list("pk", flat=True)
        )
        return
    value = getattr(row, field.attname)
    if is_name_of_column(field):
        yield from citable_fields(Person) - {value}
    elif field.choices:
        yield from (code for code, _ in field.choices if code and code != value)
    elif field.is_relation:
        rows = field.related_model._base_manager.exclude(pk=value)
        yield from (rows.exclude(pk=row.pk) if field.related_model is type(row) else rows).values_list("pk", flat=True)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.DateTimeField):
        yield value.replace(year=value.year - 1)
    else:
        yield value + 1


def facts_of(model: type[Record]) -> frozenset[str]:
    """Return the columns that state a fact, without the links by which a row stands where it stands."""
    return frozenset(citable_fields(model)) - {*model.parents, *model.belongs_through()}


def places(kind: str, rows: list[Record]) -> Iterator[ColumnPlace]:
    """Yield what is shown of each model: on the pages of its rows, or in the dossiers of people."""
    reader, person = Reader(), rows[0]
    for model in dict.fromkeys(type(row) for row in rows):
        own = [(row, address(kind, row, person)) for row in rows if type(row) is model]
        fields = [field for field in fields_of(model) if field.name in facts_of(model)]
        shown = [field.name for field in fields if any(reader.sees(row, field, where) for row, where in own)]
        page = PAGE_OF[type(page_of(own[0][0]))]
        remedy = {
            SHOWN: f"Show it in templates/{page.template_name} or a part of it, which {file_of(page)} fills in.",
            DOSSIER: "Tell it in the part of cases/views/dossier/ that tells of such records.",
        }[kind]
        yield ColumnPlace(kind, own[0][1], model, facts_of(model), frozenset(shown), remedy)


def file_of(page: Any) -> str:
    return page.__module__.replace(".", "/") + ".py"


def address(kind: str, row: Record, person: Any) -> str:
    if kind == SHOWN:
        return address_of(row)
    return f"/people/{(row if isinstance(row, Person) else person).ref}/dossier/"


@pytest.mark.parametrize("kind", [SHOWN, DOSSIER])
def test_every_column_is_shown_or_has_a_reason(kind: str) -> None:
    found = list(places(kind, filled_rows()))
    errors = [*forgotten(found, EXCEPTIONS), *needless(found, EXCEPTIONS)]
    assert "\n".join(f"{error.msg} {error.hint}" for error in errors) == ""
