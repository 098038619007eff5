"""Values that lead somewhere, and the addresses of the pages of records, countries and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse

from records.vocabulary import Vocabulary


@dataclass(frozen=True)
class Item:
    """One value of a fact: its text, and perhaps where it leads and what it means."""

    text: str
    link: str = ""
    meaning: str = ""
    lang: str = ""


def page_of(name: str, ref: str | None) -> str:
    """Return the address of a record's page: page_of("person", "PER-8QX3M2VD"), page_of("country", "TR")."""
    return page_of_ref(name, get_script_prefix()).replace("REF", ref) if ref else ""


@cache
def page_of_ref(name: str, prefix: str) -> str:
    """Return the address of a page for the reference REF: to look an address up takes longer than a row of a table."""
    return reverse(name, args=["REF"])


def country_item(code: str | None, countries: Mapping[str, str]) -> Item | None:
    """Return a country as a value that leads to its page."""
    return Item(countries.get(code, code), page_of("country", code)) if code else None


def term(member: Vocabulary | None) -> Item | None:
    """Return a code of a closed list as people read it, with its meaning in the codebook."""
    if member is None:
        return None
    link = f"{reverse('codebook')}#{type(member).__name__}.{member.value}"
    return Item(str(member.label), link, member.meaning)


def open_term(row: Any) -> Item | None:
    """Return a term of an open list as people read it, with its meaning in the codebook."""
    if row is None:
        return None
    return Item(row.label, f"{reverse('codebook')}#{type(row).__name__}.{row.code}", row.meaning)
