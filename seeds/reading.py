"""Reading YAML: every value stays the text that was written, and knows its line.

Only plain YAML is read. Refused are duplicate keys, anchors and aliases (a small file could stand for a huge one),
tags, several documents in one file, deep nesting, characters that are no text, and files that are too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from seeds.problems import Problem, SeedsRefused, quoted

MAX_BYTES = 4 * 1024 * 1024
MAX_VALUES = 200_000
MAX_DEPTH = 20
# libyaml is about four times as fast; the Python loader reads the same where it is missing.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Text(str):
    """A value: text, with the line it stands on and whether it was written plain, without quotes."""

    __slots__ = ("line", "plain")
    line: int
    plain: bool


class List(list[Any]):
    """A list of values, with the line it begins on."""

    line: int


class Mapping(dict[str, Any]):
    """Values by key, with the line it begins on and the line of each key."""

    line: int
    key_lines: dict[str, int]


class UnreadableError(Exception):
    """The file cannot be read beyond a line."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


def read(path: Path) -> Mapping:
    """Return what a seed file holds, or raise SeedsRefused with the line of each fault that was found."""
    try:
        builder = Builder(decode(contents(path)))
        found, repeated = builder.document(), builder.repeated
    except UnreadableError as error:
        raise SeedsRefused([Problem(str(path), error.line, error.reason)]) from None
    if repeated:
        raise SeedsRefused(Problem(str(path), line, reason) for line, reason in repeated)
    return found


def contents(path: Path) -> bytes:
    """Return the bytes of a file, reading no further than the largest size allowed."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableError(1, f"cannot be opened: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise UnreadableError(1, f"is larger than {MAX_BYTES // 1024 // 1024} MB. Split it into several files.")
    return data


def decode(data: bytes, forbidden: re.Pattern[str] = NO_TEXT) -> str:
    """Return the bytes as text, or tell which byte of which line is not UTF-8, or which character is forbidden."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        reason = f"is not UTF-8: byte {column} of this line is 0x{data[error.start]:02X}. Save the file as UTF-8."
        raise UnreadableError(line, reason) from None
    if odd := forbidden.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise UnreadableError(line, f"holds the character U+{ord(odd.group()):04X}, which is no text. Remove it.")
    return text


def line_of(event: Any) -> int:
    """Return the line, from 1, on which a parser's event begins."""
    return event.start_mark.line + 1


class Builder:
    """Makes one value of the events of a YAML parser."""

    def __init__(self, text: str) -> None:
        self.events = self._plain_events(text)
        self.values = 0
        self.repeated: list[tuple[int, str]] = []

    def _plain_events(self, text: str) -> Iterator[yaml.Event]:
        """Yield the events of the one document in a text; refuse whatever is not plain YAML."""
        documents = 0
        try:
            for event in yaml.parse(text, Loader=LOADER):
                line = line_of(event)
                documents += isinstance(event, yaml.DocumentStartEvent)
                if documents > 1:
                    raise UnreadableError(line, "starts a second document. Keep one document in a file.")
                if getattr(event, "anchor", None):
                    reason = "uses an anchor or an alias (& or *). Write the value out, or put it in quotes."
                    raise UnreadableError(line, reason)
                if tag := getattr(event, "tag", None):
                    raise UnreadableError(line, f"uses the tag {quoted(tag)}. Leave tags (!) out.")
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise UnreadableError(mark.line + 1 if mark else 1, f"is not YAML: {error.problem}.") from None
        except yaml.YAMLError as error:
            raise UnreadableError(1, f"is not YAML: {' '.join(str(error).split())}.") from None

    def document(self) -> Mapping:
        """Return the whole document, which must be a mapping."""
        found = None
        for event in self.events:
            if isinstance(event, yaml.MappingStartEvent):
                found = self._mapping(event, 1)
            elif isinstance(event, yaml.NodeEvent):
                raise UnreadableError(line_of(event), "must hold lists by name, such as “people:”.")
        if found is None:
            raise UnreadableError(1, "is empty.")
        return found

    def _value(self, event: yaml.Event, depth: int) -> Any:
        line = line_of(event)
        self.values += 1
        if self.values > MAX_VALUES:
            raise UnreadableError(line, f"holds more than {MAX_VALUES} values. Split it into several files.")
        if depth > MAX_DEPTH:
            raise UnreadableError(line, f"nests values more than {MAX_DEPTH} deep.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        return self._text(event)

    def _text(self, event: Any) -> Text:
        text = Text(event.value)
        text.line, text.plain = line_of(event), event.implicit[0]
        if odd := NO_TEXT.search(text):  # written as an escape, such as "\0"
            raise UnreadableError(text.line, f"holds the character U+{ord(odd.group()):04X}, which is no text.")
        return text

    def _list(self, start: yaml.Event, depth: int) -> List:
        values = List()
        values.line = line_of(start)
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, depth + 1))
        return values

    def _mapping(self, start: yaml.Event, depth: int) -> Mapping:
        values = Mapping()
        values.line, values.key_lines = line_of(start), {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise UnreadableError(line, "uses a list or a mapping as a key. A key is a word.")
            key = str(self._text(event))
            if key in values:
                reason = f"{quoted(key)} stands here a second time; it is on line {values.key_lines[key]} already."
                self.repeated.append((line, f"{reason} Keep one."))
            values[key] = self._value(next(self.events), depth + 1)
            values.key_lines[key] = line
        return values
