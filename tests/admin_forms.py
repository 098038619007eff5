"""What a browser would send back from a form of the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages


def rows(prefix: str, *new: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an inline that holds nothing but these new rows."""
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(new), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(new):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def incident_rows(**of: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the data of every table on an incident's page, by prefix; those that are not named are empty."""
    tables = ("country_parts", "tactics_used", "actors", "involvements", "stages", "demands", "duties", "citations")
    return {name: value for table in tables for name, value in rows(table, *of.get(table, ())).items()}


def filled(client: Any, address: str) -> dict[str, Any]:
    """Return what the form at `address` would send if nothing in it was changed."""
    context = client.get(address).context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    data = {}
    for form in forms:
        for box in form:
            value = box.value()
            if value is None or value is False:
                continue
            if isinstance(value, list):
                value = [getattr(each, "pk", each) for each in value]
            data[box.html_name] = "on" if value is True else getattr(value, "pk", value)
    return data


def messages_of(response: Any) -> str:
    """Return the messages that a request left for the next page, each on a line."""
    return "\n".join(str(message) for message in get_messages(response.wsgi_request))
