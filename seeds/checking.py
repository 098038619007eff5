"""Validating a seed file against the published schema, with errors in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from records.fields.edtf import EdtfError, UncertainDate
from seeds.problems import Problem, quoted
from seeds.reading import List, Mapping, Text

SCHEMA_FILE = Path(__file__).parent / "schema" / "waymark-seeds.schema.json"
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
FORMATS = FormatChecker(formats=())
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KEYS = ("ref", "code")
KINDS = {"object": "a mapping (“key: value” lines)", "array": "a list (lines that start with “- ”)", "string": "text"}
# What YAML 1.1 takes for a boolean or for nothing, where it stands without quotes.
NOT_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}


@FORMATS.checks("uncertain-date", raises=EdtfError)
def is_uncertain_date(value: object) -> bool:
    """Tell whether a text is a date; the reason why it is not travels with the exception."""
    return not isinstance(value, str) or bool(UncertainDate.parse(value))


@FORMATS.checks("day", raises=ValueError)
def is_day(value: object) -> bool:
    """Tell whether a text is one known day, written 2017-03-11."""
    if isinstance(value, str) and not DAY.fullmatch(value.strip()):
        raise ValueError(f"{quoted(value)} is not a known day. Write it as 2017-03-11.")
    try:
        return not isinstance(value, str) or bool(date.fromisoformat(value.strip()))
    except ValueError as error:
        raise ValueError(f"{quoted(value)} is not a day of the calendar.") from error


def unique_texts(validator: Any, wanted: bool, values: Any, schema: Any) -> Iterator[ValidationError]:
    """Find a text that stands twice in a list. jsonschema's own rule takes hours over long lists of mixed things."""
    texts = [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
    if wanted and len(set(texts)) < len(texts):
        yield ValidationError("a value stands twice")


VALIDATOR = extend(Draft202012Validator, {"uniqueItems": unique_texts})(SCHEMA, format_checker=FORMATS)


def _fields_of(definition: str) -> set[str]:
    return {
        name
        for shape in SCHEMA["$defs"].values()
        for name, field in shape.get("properties", {}).items()
        if field.get("$ref") == f"#/$defs/{definition}"
    }


YES_NO_FIELDS = _fields_of("yes_no")


def check(file: str, found: Mapping) -> list[Problem]:
    """Return everything in which a file departs from the schema, in the order of its lines."""
    problems = [*unquoted(file, found, Place(file, found))]
    for error in VALIDATOR.iter_errors(found):
        problems += explain(error, Place(file, found).within(error.absolute_path))
    return sorted(problems, key=lambda problem: problem.line)


class Place:
    """Where in a file a value stands: its line, the record around it and the field it is the value of."""

    def __init__(self, file: str, value: Any) -> None:
        self.file, self.value, self.line, self.record, self.field = file, value, 1, "", ""

    def within(self, path: Any) -> Place:
        """Go down a path of keys and numbers."""
        for step in path:
            self.step(step)
        return self

    def step(self, step: str | int) -> Place:
        if isinstance(step, str):
            self.field, self.line = step, self.value.key_lines[step]
        self.value = self.value[step]
        self.line = getattr(self.value, "line", self.line) if isinstance(step, int) else self.line
        if isinstance(self.value, Mapping):
            names = [self.value[key] for key in KEYS if isinstance(self.value.get(key), str)]
            self.record, self.field = (str(names[0]), "") if names else (self.record, self.field)
        return self

    def problem(self, reason: str, field: str = "", line: int = 0) -> Problem:
        return Problem(self.file, line or self.line, reason, self.record, field or self.field)


def unquoted(file: str, value: Any, place: Place) -> Iterator[Problem]:
    """Find plain words that other YAML readers take for true, false or nothing.

    This reader keeps NO as the text that was written, so nothing would go wrong here. But a file that means
    Norway to one program and “false” to the next is a trap: such a word needs quotes, save where yes or no is asked.
    """
    if isinstance(value, Mapping | List):
        steps: Any = value.keys() if isinstance(value, Mapping) else range(len(value))
        for step in steps:
            below = Place(file, value)
            below.record, below.field, below.line = place.record, place.field, place.line
            yield from unquoted(file, value[step], below.step(step))
    elif isinstance(value, Text) and value.plain and value.lower() in NOT_TEXT and place.field not in YES_NO_FIELDS:
        yield place.problem(f'{value} without quotes is not text in YAML: write "{value}", in quotes.')


def explain(error: ValidationError, place: Place) -> Iterator[Problem]:
    """Say in words what one rule of the schema found."""
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for name in place.value.keys() - known:
            reason = f"unknown field.{_meant(name, known)} Fields here: {', '.join(known)}."
            yield place.problem(reason, name, place.value.key_lines[name])
    elif error.validator == "required":
        for name in wanted:
            if name not in place.value:
                yield place.problem(f"is missing: {_description(schema, name)}", name)
    elif error.validator == "dependentRequired":
        for name in wanted.keys() & place.value.keys():
            if missing := [other for other in wanted[name] if other not in place.value]:
                yield place.problem(f"needs {' and '.join(missing)} beside it.", name, place.value.key_lines[name])
    else:
        yield place.problem(_reason(error, place.value, schema.get("description", "") if schema else ""))


def _reason(error: ValidationError, value: Any, about: str) -> str:
    """Say why one value cannot stand; `about` is what the schema says of it."""
    wanted: Any = error.validator_value
    if error.validator == "type":
        return f"{_shown(value)} stands where {KINDS[wanted]} is expected. {about}".strip()
    if error.validator in ("minItems", "minProperties"):
        return f"is empty. {about}"
    if error.validator == "uniqueItems":
        return "lists the same value twice."
    if not value.strip():
        return "is empty. Leave the field out where there is nothing to say."
    if error.validator == "enum":
        return f"{quoted(value)} is not one of: {', '.join(wanted)}.{_meant(value, wanted)}"
    if error.validator == "format":
        return str(error.cause)
    if error.validator == "maxLength":
        return f"{quoted(value)} is longer than {wanted} characters."
    return f"{quoted(value)} cannot stand here. {about}"


def _meant(word: str, words: list[str]) -> str:
    close = get_close_matches(word, words, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _description(schema: dict[str, Any], name: str) -> str:
    field = schema["properties"].get(name, {})
    return field.get("description") or SCHEMA["$defs"][field["$ref"].rpartition("/")[2]]["description"]


def _shown(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else f"a {'mapping' if isinstance(value, Mapping) else 'list'}"
