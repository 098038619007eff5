"""The addresses at which the team of a source reads its passages, page by page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode

#: How many passages a page has: a book stays a page that a browser can show.
PER_PAGE = 50


def page_with(number: int) -> int:
    """Return the page on which a passage stands."""
    return (max(number, 1) - 1) // PER_PAGE + 1


def passage_address(source: str, number: int = 1, record: str = "") -> str:
    """Return the address of a passage of the source with this reference.

    `record` is the reference of what its reader cites for, and goes along from page to page.
    """
    asked = {"page": page_with(number)} if page_with(number) > 1 else {}
    more = urlencode(asked | ({"record": record} if record else {}))
    return f"{_first_page(get_script_prefix()).replace('REF', source)}{more and f'?{more}'}#p{number}"


@cache
def _first_page(prefix: str) -> str:
    return reverse("admin:sources_sourcedocument_passages", args=["REF"])


def is_read_by(source: Any, user: Any) -> bool:
    """Whether `user`, who sees a source, reads its text: it is here, theirs, and they work in the admin."""
    return bool(source.text_key) and user.is_staff and source.text_is_read_by(user)


def words_address(citation: Any, user: Any) -> str:
    """Return where `user`, who sees a citation, reads its words; "" where they do not.

    Its source came with it. Nothing is asked of the database.
    """
    if not citation.paragraph or not is_read_by(citation.source, user):
        return ""
    return passage_address(citation.source.ref, citation.paragraph)
