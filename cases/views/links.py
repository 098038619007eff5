"""Addresses of the pages of records, countries and terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from cases.views.evidence import Item
from records.vocabulary import Vocabulary


def page_of(name: str, ref: str | None) -> str:
    """Return the address of a record's page: page_of("person", "PER-8QX3M2VD"), page_of("country", "TR")."""
    return reverse(name, args=[ref]) if ref else ""


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
