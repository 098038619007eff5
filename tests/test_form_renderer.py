"""The boxes that are written without a template are those that Django's own templates write."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from config.form_renderer import WRITERS, FormRenderer

ODD = "<b>'\"&amp; 7\u00a0½\n "
CHOICES = [("", "nothing"), ("Some", [("a", 'An "a" & more'), (2, "<i>two</i>")]), (ODD, ODD)]
WIDGETS = [
    forms.CheckboxInput(),
    forms.DateInput({"class": ODD}),
    forms.EmailInput(),
    forms.HiddenInput(),
    forms.NumberInput({"min": 0, "step": 0.5}),
    forms.PasswordInput(render_value=True),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    forms.Textarea({"rows": 3}),
    forms.TextInput({"required": True, "disabled": False, "data-x": None}),
]


class Elements(HTMLParser):
    """What a browser makes of a piece of HTML, spaces between elements aside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data)


@pytest.mark.parametrize("value", ["", None, ODD, "a", 2, True, ["a", ODD]], ids=repr)
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_box_is_written_as_by_djangos_template(widget: Any, value: Any) -> None:
    attrs = {"id": "id_box", "aria-describedby": "help"}
    ours, django = (widget.render("box", value, attrs, renderer()) for renderer in (FormRenderer, DjangoTemplates))
    assert Elements(ours).found == Elements(django).found
    assert ODD not in ours and "<b>" not in ours


def test_every_writer_is_held_to_a_template() -> None:
    names = {widget.template_name for widget in WIDGETS}
    assert {*WRITERS} <= names
