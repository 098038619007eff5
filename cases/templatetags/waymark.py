"""Template tags and filters used on many pages."""

from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string

from records.lists.controls import Control

register = template.Library()


@register.filter
def web_address(url: str) -> str:
    """Return the address if it leads to the web; a javascript: or data: address becomes nothing."""
    try:
        return url if urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:  # text that only looks like an address
        return ""


@register.filter
def words(code: str) -> str:
    """Return a column's name as people read it: "status_as_of" is "status as of"."""
    return code.replace("_", " ")


@register.filter
@lru_cache(maxsize=500)
def drawn_once(control: Control) -> str:
    """Return a filter of the sidebar as a page shows it, drawn once for everybody who is offered the same choices."""
    return render_to_string("includes/control.html", {"control": control})
