"""Which columns can be submitted, and how a request body is read against them.

Writing is by allow-list, as publishing is: a name that is no `WritableColumn` is refused, whatever the
model has under it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from records.api.strict_json import BODY, Malformed, place
from records.fields.edtf import ACCEPTED, EdtfError, UncertainDate
from records.lists.codebook import Column, Resource
from records.models import Record, Term
from records.vocabulary import AskedLevel, Vocabulary

#: The longest text where the model sets no limit.
LONGEST_TEXT = 20_000
#: So many rows are written by one request at most: others wait meanwhile.
MOST_ROWS = 300
NEEDED = "This has to be given."
NOTHING_THERE = "There is no such record, or none that you may see."
#: Finds the record that a reference leads to, as far as a user may see it.
Find = Callable[[Any, str], Any]


@dataclass(frozen=True)
class WritableColumn:
    """A column that can be given, and where its value goes.

    `field` is the model's column; without one, what is given waits in `Given.more` for whoever makes the record.
    `once`: it is given when the record is made, and not changed by itself later. `find` looks up what a reference,
    a country or a term of an open list leads to. `parts` are the slots of an object, or of each object of a list; with
    `find`, either a reference or the object of a new record can be given.
    """

    column: Column
    field: Any = None
    needed: bool = False
    once: bool = False
    find: Find | None = None
    parts: tuple[WritableColumn, ...] = ()

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def longest(self) -> int:
        """How long a text may be."""
        return getattr(self.field, "max_length", None) or LONGEST_TEXT

    @property
    def has_lines(self) -> bool:
        return isinstance(self.field, models.TextField)


@dataclass
class RowInput:
    """What a body gave for one row: its columns, its links to many, and what its maker has to deal with.

    `at` is its place in the body; `places` says where in it each column was given.
    """

    at: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[Any]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def problems(self, error: ValidationError) -> dict[str, list[str]]:
        """Return what a model has to say against the row, by the place in the body that can mend it."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return {self.places.get(name, self.at or BODY): messages for name, messages in found.items()}


def find_visible(model: Any) -> Find:
    """Return what finds a row of `model`: a record by its reference, a country or a term by its code."""
    key = "ref" if issubclass(model, Record) else "pk"

    def find(user: Any, code: str) -> Any:
        rows = model.objects.visible_to(user).filter(**{key: code})
        return (rows.filter(retired=False) if issubclass(model, Term) else rows).first()

    return find


#: The level that whoever submits a record or a part of one asks for. It is no column: nobody is told of it.
ASKED_LEVEL = WritableColumn(
    Column(
        "level",
        "Who may read it: partner or team. Not given, a record is for partners, a part for the readers of its record.",
        "code",
        vocabulary=AskedLevel,
        filled=True,
    ),
    once=True,
)


DIFFERENT_FROM = Column(
    "different_from",
    "References of records that are like this one and are others, as a refusal with status 409 told them.",
    "reference",
    many=True,
    of=("ref",),
)


def different_from(model: Any) -> WritableColumn:
    """Return the slot in which whoever writes a record of `model` says which records it is not. It is no column."""
    return WritableColumn(DIFFERENT_FROM, find=find_visible(model))


#: In which whoever writes says of dates that were asked about that they are meant. It is no column: nobody is told.
CONFIRMED_DATES = WritableColumn(
    Column(
        "confirmed_dates",
        "Dates of this body that are meant as they stand, though a refusal with status 409 asked about them.",
        "date",
        many=True,
        of=("",),
    )
)


def writable(column: Column, model: type[models.Model], **options: Any) -> WritableColumn:
    """Return the slot of a column that is read from a column of `model`, and written to it."""
    name = column.source if isinstance(column.source, str) and column.source else column.name
    kept: Any = model._meta.get_field(name.removesuffix(".ref"))
    find = find_visible(kept.related_model) if kept.related_model else None
    needed = column.filled and not kept.has_default()
    return replace(WritableColumn(column, kept, needed, find=find), **options)


def writable_columns(columns: Iterable[Column], model: type[models.Model], *names: str) -> tuple[WritableColumn, ...]:
    """Return the slots of the columns with these names; of all that are public where none is named."""
    by_name = {column.name: column for column in columns}
    return tuple(writable(by_name[name], model) for name in names or by_name)


@dataclass(frozen=True)
class WritableResource:
    """How records of one resource are written: what can be given, and how a record is made of it.

    `make(writer, given)` makes the rows through a `records.api.drafts.DraftWriter` and returns the record;
    `check(writer, record, given)` is asked before a record is changed. `example` is a body for the documentation.
    """

    resource: Resource
    slots: tuple[WritableColumn, ...]
    make: Callable[[Any, RowInput], Any]
    example: dict[str, Any]
    check: Callable[[Any, Any, RowInput], None] = lambda writer, record, given: None

    def read(self, body: Any, user: Any, *, new: bool) -> RowInput:
        """Read a body, of a `new` record or of a change to one. Raises Malformed."""
        if not isinstance(body, dict):
            raise Malformed({BODY: ["Give an object."]})
        if not body:
            raise Malformed({BODY: ["Nothing is given."]})
        reader = BodyReader(user, new=new)
        given = reader.row(self.slots, body)
        if reader.problems:
            raise Malformed(reader.problems)
        return given


class InvalidValue(ValueError):
    """A value that its slot does not take; the message says why."""


class BodyReader:
    """Reads values for slots, and collects what is wrong with them by their place in the body."""

    def __init__(self, user: Any, *, new: bool) -> None:
        self.user, self.new = user, new
        self.problems: dict[str, list[str]] = {}
        self.rows = 0

    def row(self, slots: tuple[WritableColumn, ...], body: dict[str, Any], at: str = "") -> RowInput:
        """Read what is given for one row. Raises Malformed where the body has more rows than one act should write."""
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Malformed({BODY: [f"A body has at most {MOST_ROWS} rows. Send the rest by themselves afterwards."]})
        given = RowInput(at)
        self.into(given, slots, body, at)
        return given

    def into(self, given: RowInput, slots: tuple[WritableColumn, ...], body: dict[str, Any], at: str) -> None:
        known = {each.name: each for each in slots}
        for name, value in body.items():
            here = place(at, name)
            if name not in known:
                self.wrong(here, f"There is no field of this name here. Known: {', '.join(known)}.")
            elif known[name].once and not self.new:
                self.wrong(here, "This is given when the record is made, and not changed by itself.")
            else:
                self.value(given, known[name], value, here)
        for each in slots:
            if each.needed and each.name not in body and self.new:
                self.wrong(place(at, each.name), NEEDED)

    def wrong(self, at: str, why: str) -> None:
        self.problems.setdefault(at, []).append(why)

    def value(self, given: RowInput, slot: WritableColumn, value: Any, at: str) -> None:
        """Read the value of one slot, and put it where it belongs."""
        if slot.parts and not slot.column.many and slot.find is None:
            self.object(given, slot, value, at)
            return
        try:
            found = self.many(slot, value, at) if slot.column.many else self.one(slot, value, at)
        except InvalidValue as error:
            self.wrong(at, str(error))
            return
        if slot.field is None:
            given.more[slot.name] = found
            given.places[slot.name] = at
            return
        where = given.links if slot.field.many_to_many else given.columns
        where[slot.field.attname if slot.field.many_to_one else slot.field.name] = found
        given.places[slot.field.name] = at

    def object(self, given: RowInput, slot: WritableColumn, value: Any, at: str) -> None:
        """Read an object whose parts are columns of the same row; null empties them all."""
        if value is None and not slot.column.filled:
            value = {each.name: None for each in slot.parts}
        if isinstance(value, dict):
            self.into(given, slot.parts, value, at)
        else:
            self.wrong(at, "Give an object.")

    def many(self, slot: WritableColumn, value: Any, at: str) -> list[Any]:
        """Read a list; what is wrong with its members is told of each."""
        if not isinstance(value, list):
            raise InvalidValue("Give a list.")
        found = []
        for number, each in enumerate(value):
            try:
                found.append(self.one(slot, each, place(at, number), member=True))
            except InvalidValue as error:
                self.wrong(place(at, number), str(error))
        if not slot.parts and len({str(each) for each in found}) < len(found):
            raise InvalidValue("A value stands here more than once.")
        return found

    def one(self, slot: WritableColumn, value: Any, at: str, *, member: bool = False) -> Any:
        """Return one value as the model takes it. Raises InvalidValue."""
        if slot.parts and isinstance(value, dict):
            return self.row(slot.parts, value, at)
        if slot.parts and slot.find is None:
            raise InvalidValue("Give an object.")
        if value is None or value == "":
            if slot.column.filled or member:
                raise InvalidValue(NEEDED)
            return None if slot.field is None or slot.field.null else ""
        return READERS[slot.column.type](slot, value, self.user)


def read_text(slot: WritableColumn, value: Any, user: Any) -> str:
    if not isinstance(value, str):
        raise InvalidValue("Give a text.")
    text = value.strip()
    if len(text) > slot.longest:
        raise InvalidValue(f"This is too long: at most {slot.longest} characters.")
    allowed = "\n\r\t" if slot.has_lines else ""
    if any(unicodedata.category(each) == "Cc" and each not in allowed for each in text):
        raise InvalidValue("This holds a control character.")
    if not text and slot.column.filled:
        raise InvalidValue(NEEDED)
    return text


def read_code(slot: WritableColumn, value: Any, user: Any) -> Any:
    """Return a code of a closed list, or the key of a term of an open one."""
    vocabulary: Any = slot.column.vocabulary
    if slot.find is None and issubclass(vocabulary, Vocabulary):
        if value not in vocabulary.values:
            raise InvalidValue(f"Give one of: {', '.join(vocabulary.values)}.")
        return value
    find = slot.find or find_visible(vocabulary)
    found = find(user, value) if isinstance(value, str) else None
    if found is None:
        raise InvalidValue("There is no such code.")
    return found.pk


def read_country(slot: WritableColumn, value: Any, user: Any) -> str:
    found = slot.find(user, value) if slot.find and isinstance(value, str) else None
    if found is None:
        raise InvalidValue(
            "Give a country's ISO 3166-1 alpha-2 code, or XK; of one that is no more its four letters of ISO 3166-3."
        )
    return found.pk


def read_reference(slot: WritableColumn, value: Any, user: Any) -> Any:
    """Return the record that a reference leads to, or its key for a column. What is hidden is not there."""
    found = slot.find(user, value) if slot.find and isinstance(value, str) else None
    if found is None:
        raise InvalidValue(NOTHING_THERE)
    return found if slot.field is None else found.pk


def read_whole(slot: WritableColumn, value: Any, user: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue("Give a whole number.")
    return value


def read_truth(slot: WritableColumn, value: Any, user: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue("Give true or false.")
    return value


def read_date(slot: WritableColumn, value: Any, user: Any) -> UncertainDate | None:
    """Return an uncertain date from its text, or from {"edtf": its text}."""
    text = value["edtf"] if isinstance(value, dict) and set(value) == {"edtf"} else value
    if not isinstance(text, str):
        raise InvalidValue(f'Give a date as a text, or as {{"edtf": a text}}. {ACCEPTED}')
    try:
        return UncertainDate.parse_or_none(text)
    except EdtfError as error:
        raise InvalidValue(str(error)) from None


#: How a value is read, by the type of its column.
READERS: dict[str, Callable[[WritableColumn, Any, Any], Any]] = {
    "text": read_text,
    "code": read_code,
    "country": read_country,
    "reference": read_reference,
    "integer": read_whole,
    "boolean": read_truth,
    "date": read_date,
}
