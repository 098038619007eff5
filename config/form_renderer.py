"""The renderer of forms: the plainest boxes are written without a template, which takes a third of the time."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "text")


class FormRenderer(DjangoTemplates):
    """Django's own, but for inputs, lists and areas of text: a page of the admin has hundreds.

    What it writes is what Django's templates write, spaces aside; `tests/test_form_renderer.py` holds the two together.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if (write := WRITERS.get(template_name)) is not None:
            return SafeString(write(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def attributes(attrs: dict[str, Any]) -> str:
    """Return attributes with a space before each; what is true stands alone, what is false is left out."""
    given = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escaped(value)}"' for name, value in given)


def escaped(value: Any) -> str:
    return conditional_escape(str(value))


def write_input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def write_textarea(widget: dict[str, Any]) -> str:
    value = escaped(widget["value"] or "")
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>'


def write_option(option: dict[str, Any]) -> str:
    label = escaped(option["label"])
    return f'<option value="{escaped(option["value"])}"{attributes(option["attrs"])}>{label}</option>'


def write_select(widget: dict[str, Any]) -> str:
    lists = []
    for group, options, _ in widget["optgroups"]:
        written = "".join(map(write_option, options))
        lists.append(f'<optgroup label="{escaped(group)}">{written}</optgroup>' if group else written)
    return f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>{"".join(lists)}</select>'


WRITERS = {
    **{f"django/forms/widgets/{kind}.html": write_input for kind in INPUTS},
    "django/forms/widgets/textarea.html": write_textarea,
    "django/forms/widgets/select.html": write_select,
}
