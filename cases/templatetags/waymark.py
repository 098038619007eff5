"""Template tags and filters used on many pages."""

from urllib.parse import urlsplit

from django import template

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
