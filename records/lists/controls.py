"""The filters of a list as controls of the sidebar: text boxes, days, and terms to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django.utils.text import capfirst

from records.lists.choices import OffersChoices
from records.lists.filters import StrictFilterSet
from records.lists.not_and_all import AnotherWay


@dataclass(frozen=True)
class Option:
    """A choice in the sidebar: its code, what people read, what it means, and whether it is chosen."""

    code: str
    label: str
    meaning: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """One filter in the sidebar.

    `shape` says how it looks: "text" and "day" are boxes, "terms" are to be ticked, of "places" one more can be picked
    at a time, of "choice" exactly one.
    """

    name: str
    label: str
    shape: str
    value: str
    options: tuple[Option, ...]
    placeholder: str
    longest: int | None

    @property
    def is_untouched(self) -> bool:
        """Whether there is something to choose and nothing is chosen: so it looks for everybody with these choices."""
        return self.shape in ("terms", "places", "choice") and not self.chosen

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]

    @property
    def others(self) -> list[Option]:
        return [option for option in self.options if not option.chosen]

    def text_of(self, value: str) -> str:
        """What people read for a value that was given."""
        label = next((option.label for option in self.options if option.code == value), "")
        return capfirst(label) or printable(value)


def printable(text: str) -> str:
    """Return text without characters that no page should repeat, such as NUL."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def controls(filterset: StrictFilterSet) -> list[Control]:
    """Return the sidebar: each filter, with its choices as far as the reader may see where they occur.

    Other ways to ask for codes would make it three times as long: they are there where they are on, to be left out.
    """
    questions = filterset.filters.items()
    shown = {name: each for name, each in questions if not isinstance(each, AnotherWay) or name in filterset.data}
    offered = options_of(shown, filterset.user)
    return [control(filterset, name, question, offered[name]) for name, question in shown.items()]


def options_of(questions: dict[str, Any], user: Any) -> dict[str, list[Any]]:
    """Return code, label and meaning of what each filter offers, by its name; those of one class are asked together."""
    found = {
        name: [(code, label, "") for code, label in each.extra.get("choices", [])]
        for name, each in questions.items()
        if not isinstance(each, OffersChoices)
    }
    lists = {name: each for name, each in questions.items() if isinstance(each, OffersChoices)}
    for kind in {type(each) for each in lists.values()}:
        found |= kind.options_of({name: each for name, each in lists.items() if type(each) is kind}, user)
    return found


def control(filterset: StrictFilterSet, name: str, question: Any, offered: list[Any]) -> Control:
    given = filterset.data.getlist(name)
    widget = question.field.widget
    return Control(
        name=name,
        # The filter as written: its copy in the FilterSet makes up a label where it was given none.
        label=filterset.base_filters[name].label or name.replace("_", " ").capitalize(),
        shape=shape(question),
        value=printable(given[0]) if given else "",
        options=tuple(options(question, offered, given)),
        placeholder=widget.attrs.get("placeholder", ""),
        longest=question.extra.get("max_length"),
    )


def shape(question: Any) -> str:
    if isinstance(question, django_filters.MultipleChoiceFilter):
        return getattr(question, "shape", "terms")
    if isinstance(question, django_filters.ChoiceFilter):
        return "choice"
    return "day" if isinstance(question, django_filters.DateFilter) else "text"


def options(question: Any, offered: list[Any], given: list[str]) -> list[Option]:
    """Return the choices to offer, and whatever else was chosen and is accepted, so that sending the form keeps it."""
    made = [Option(str(code), label, meaning, code in given) for code, label, meaning in offered]
    if isinstance(question, AnotherWay):
        made = [option for option in made if option.chosen]
    known = {option.code for option in made}
    others = [code for code in given if code not in known] if isinstance(question, OffersChoices) else []
    if not others:
        return made
    accepted = {str(code): str(label) for code, label in question.field.choices}
    return made + [Option(code, accepted[code], "", True) for code in others if code in accepted]
