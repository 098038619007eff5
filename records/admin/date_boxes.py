"""The box for an uncertain date, with a box for its calendar beside it, and what its editor answers about it.

A date of another calendar is never converted unseen: the form comes back with the working, and stores what is chosen.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple, Self

from django import forms
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from records.fields.calendars import CALENDARS, CalendarError, named, taken_apart

#: The list of calendars stands once on a page, under this id.
LIST = "calendars"
CALENDAR_CHOICES = (("", "Gregorian"), *((code, calendar.name) for code, calendar in CALENDARS.items()))
#: What the box beside a date is called by, after the name of its box, and what an answer is called by, before it.
CALENDAR, ANSWER = "-calendar", "answer-"
#: Neither is in a date: what was asked of stands before it, what is chosen behind.
TO = "="


class DateBox(forms.TextInput):
    """A text box whose calendar is chosen beside it: its letters go before the text, which is refused with the working.

    Script makes a list of the box for the calendar, as of all that take a code (records/admin/boxes.py). `usual` are
    the letters that are chosen while the box is empty.
    """

    usual = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return in_calendar(data.get(name + CALENDAR), data.get(name))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        code, text = taken_apart(str(value)) if value else (self.usual, value)
        box = super().render(name, text, attrs, renderer)
        own = escape(name + CALENDAR)
        return mark_safe(  # noqa: S308  # each part is escaped, or of a closed list
            f'{box}<input name="{own}" id="id_{own}" value="{escape(code)}" list="{LIST}" size="9" '
            'aria-label="Calendar" placeholder="Gregorian">'
        )


def in_calendar(code: str | None, text: str | None) -> str | None:
    """Return a text with the letters of the calendar that was chosen for it, unless it bears some of its own."""
    if not code or not text or not text.strip() or taken_apart(text)[0]:
        return text
    return f"{code} {text.strip()}"


class Answer(NamedTuple):
    """What an editor chose of a date: the text that was asked about, and the date that is meant."""

    asked: str
    edtf: str

    @classmethod
    def to(cls, data: Any, box: str) -> Self | None:
        """Return the answer about a box, as long as it holds what was asked about or what was chosen."""
        asked, found, edtf = data.get(ANSWER + box, "").rpartition(TO)
        holds = in_calendar(data.get(box + CALENDAR), data.get(box))
        return cls(asked, edtf) if found and edtf and holds in (asked, edtf) else None

    @property
    def words(self) -> str:
        """Return the date as its paper has it, with the name of the calendar; "" for one of ours."""
        code, plain = taken_apart(self.asked)
        for each in filter(None, (code, *CALENDARS) if self.edtf != plain else ()):
            with suppress(CalendarError):
                reading = named(f"{each} {plain}")
                if reading and reading.edtf == self.edtf:
                    return reading.words if plain.isascii() else f"{plain}: {reading.words}"
        return ""


def answered(sent: QueryDict) -> QueryDict:
    """Return what a form sent, with the dates that were chosen in the place of those that were asked about."""
    data = sent.copy()
    for name in sent:
        box = name.removeprefix(ANSWER)
        if box != name and box in sent and (answer := Answer.to(sent, box)) is not None:
            data[box], data[box + CALENDAR] = answer.edtf, ""
    return data


def words_of_paper(data: Any, box: str) -> str:
    """Return what the paper has for the date in a box that was chosen for a day of another calendar, else ""."""
    answer = Answer.to(data, box)
    return answer.words if answer else ""
