"""The published schema says what the models say, and the loader knows every field of it."""

from __future__ import annotations

import pytest
from django.db import models
from jsonschema import Draft202012Validator

from records.fields.uncertain_date import UncertainDateField
from records.models import ReferenceField
from seeds.checking import SCHEMA
from seeds.lists import ORDER, TOP, SeedList

TYPES = {"date": UncertainDateField, "yes_no": models.BooleanField, "number": models.IntegerField}


def property_of(noun: SeedList, name: str) -> dict:
    """Return what the schema says of one field, following a reference."""
    field = SCHEMA["$defs"][noun.shape]["properties"][name]
    while "$ref" in field:
        field = SCHEMA["$defs"][field["$ref"].rpartition("/")[2]] | {
            key: value for key, value in field.items() if key != "$ref"
        }
    return field


FIELDS = [(noun, name) for noun in ORDER for name in noun.fields]


def test_it_is_a_valid_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_it_names_every_list_that_the_loader_reads():
    assert SCHEMA["properties"].keys() - {"defaults"} == {noun.list_name for noun in TOP}


@pytest.mark.parametrize("noun", ORDER, ids=lambda noun: noun.name)
def test_every_field_is_a_column(noun):
    wanted = {column for columns in noun.fields.values() for column in columns}
    assert wanted <= noun.columns.keys()


@pytest.mark.parametrize("noun", ORDER, ids=lambda noun: noun.name)
def test_every_part_is_a_list_of_the_schema(noun):
    for part in noun.parts:
        assert property_of(noun, part.list_name)["items"]["$ref"] == f"#/$defs/{part.shape}"


@pytest.mark.parametrize(("noun", "name"), FIELDS, ids=lambda value: getattr(value, "name", value))
def test_a_field_allows_what_its_column_takes(noun, name):
    shape = property_of(noun, name)
    for column in (noun.columns[column] for column in noun.fields[name]):
        if column.choices and not isinstance(column, UncertainDateField):
            assert shape["enum"] == [code for code, _ in column.choices if code]
        if isinstance(column, models.CharField) and shape.get("maxLength"):
            assert shape["maxLength"] == column.max_length
        reference = SCHEMA["$defs"][noun.shape]["properties"][name].get("$ref", "").rpartition("/")[2]
        if reference in TYPES:
            assert isinstance(column, TYPES[reference])
        assert (reference == "date") == isinstance(column, UncertainDateField)


@pytest.mark.parametrize("noun", [noun for noun in ORDER if noun.key == "ref"], ids=lambda noun: noun.name)
def test_a_reference_has_the_prefix_of_its_model(noun):
    field = noun.model._meta.get_field("ref")
    assert isinstance(field, ReferenceField)
    assert property_of(noun, "ref")["pattern"].startswith(f"^{field.prefix}-")


@pytest.mark.parametrize("noun", ORDER, ids=lambda noun: noun.name)
def test_what_a_row_cannot_be_without_is_required(noun):
    needed = {
        name
        for name, columns in noun.fields.items()
        for column in (noun.columns[column] for column in columns)
        if not column.blank and not column.has_default() and not isinstance(column, models.BooleanField)
    }
    assert needed <= set(SCHEMA["$defs"][noun.shape]["required"])


def test_everything_is_described():
    for name, shape in SCHEMA["$defs"].items():
        assert shape.get("description"), name
        for field, value in shape.get("properties", {}).items():
            assert value.get("description") or SCHEMA["$defs"][value["$ref"].rpartition("/")[2]]["description"], field
