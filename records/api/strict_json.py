"""A strict JSON reader: a body means one thing, on either database and to every program.

Whatever is refused is named by its place in the body, as a JSON pointer without the first slash: “names/0/text”.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

DEEPEST = 32
LONGEST_LIST = 200
#: The largest whole number that a column of PostgreSQL holds; SQLite would take more.
LARGEST_NUMBER = 2**31 - 1
LONGEST_KEY = 60
#: So many faults are told at once.
MOST_FAULTS = 50
#: Where a fault lies in no field in particular.
BODY = "body"

#: A string, closed or not, or a bracket. It never has to look back, so it takes time in proportion to the text.
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class Malformed(ValueError):
    """The body cannot be read, or makes no sense; `problems` says why, by field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(message for messages in problems.values() for message in messages))
        self.problems = problems


class Object(dict[str, Any]):
    """A JSON object, and the keys that stand in it more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs) if len(self) < len(pairs) else {}
        self.twice = [name for name in times if times[name] > 1]


@dataclass(frozen=True)
class NotPlainJson:
    """Stands for a value that is no JSON, or that no column could hold."""

    why: str


def read(raw: bytes) -> Any:
    """Return the value that a body holds. Raises Malformed."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed({BODY: [f"This is not UTF-8, from byte {error.start} on."]}) from None
    if depth(text) > DEEPEST:
        raise Malformed({BODY: [f"Objects and lists may stand in each other {DEEPEST} deep, and no deeper."]})
    try:
        value = json.loads(
            text, object_pairs_hook=Object, parse_constant=not_a_number, parse_int=whole, parse_float=real
        )
    except json.JSONDecodeError as error:
        message = f"This is not JSON, from line {error.lineno}, column {error.colno} on."
        raise Malformed({BODY: [message]}) from None
    problems: dict[str, list[str]] = {}
    for at, message in islice(faults(value), MOST_FAULTS):
        problems.setdefault(at or BODY, []).append(message)
    if problems:
        raise Malformed(problems)
    return value


def depth(text: str) -> int:
    """Return how deep objects and lists stand in each other, without going down into them."""
    now = deepest = 0
    for found in STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            now += 1
            deepest = max(deepest, now)
        elif found[0] in "]}":
            now -= 1
    return deepest


def not_a_number(name: str) -> NotPlainJson:
    return NotPlainJson(f"{name.removeprefix('-')} is no number of JSON.")


def whole(digits: str) -> int | NotPlainJson:
    too_long = len(digits) > len(str(LARGEST_NUMBER)) + 1
    return NotPlainJson("This number is too large.") if too_long or abs(int(digits)) > LARGEST_NUMBER else int(digits)


def real(digits: str) -> float | NotPlainJson:
    value = float(digits)
    return value if math.isfinite(value) else NotPlainJson("This number is too large.")


def place(at: str, name: str | int) -> str:
    """Return the place of a member below the place `at`. A name that cannot be shown is not repeated as it came."""
    shown = "".join(each if each.isprintable() else "?" for each in str(name)[:LONGEST_KEY])
    escaped = shown.replace("~", "~0").replace("/", "~1")
    return f"{at}/{escaped}" if at else escaped


def faults(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a value and everything in it, each with its place."""
    if isinstance(value, NotPlainJson):
        yield at, value.why
    elif isinstance(value, str):
        if fault := fault_of(value):
            yield at, fault
    elif isinstance(value, list):
        if len(value) > LONGEST_LIST:
            yield at, f"A list holds at most {LONGEST_LIST} values."
        else:
            for number, each in enumerate(value):
                yield from faults(each, place(at, number))
    elif isinstance(value, Object):
        for name in value.twice:
            yield place(at, name), "This stands here more than once."
        for name, each in value.items():
            if fault := fault_of(name):
                yield place(at, name), fault
            yield from faults(each, place(at, name))


def fault_of(text: str) -> str:
    """Say what keeps a text from being stored, or nothing."""
    if "\0" in text:
        return "A text cannot hold the character NUL."
    if any("\ud800" <= each <= "\udfff" for each in text):
        return "A text cannot hold half a character (a lone surrogate)."
    return ""
