"""The search page: people, incidents and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from cases.codebook import AGREEMENTS, EVENTS, EVIDENCE, INCIDENTS, NOTICES, PEOPLE
from cases.views.chronology import country_names
from cases.views.incidents import incident_row
from cases.views.links import page_of
from cases.views.people import person_row
from records.lists.codebook import Resource
from records.lists.controls import printable
from records.lists.counting import Count
from records.lists.filters import wrong_parameters
from records.lists.listing import Listing
from records.models import ALPHABET

#: The page shows so many finds of each kind, and leads to the list for the rest.
SHOWN = 10
GROUPS = (PEOPLE, INCIDENTS, EVIDENCE)
WITH_PAGES = (PEOPLE, INCIDENTS, NOTICES, EVIDENCE, AGREEMENTS, EVENTS)


@dataclass(frozen=True)
class Found:
    """What was found of one resource: how much, the first of it, and the list with all of it."""

    resource: Resource
    count: Count
    rows: list[Any]
    link: str


class Search(View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        text, wrong = request.GET.get("q", "").strip(), wrong_parameters(request.GET, ["q"])
        if not wrong and (page := page_of_reference(text, request.user)):
            return redirect(page)
        question = SimpleNamespace(
            GET=QueryDict(urlencode({"q": request.GET.getlist("q")}, doseq=True)), user=request.user
        )
        listings = [Listing(resource, question, is_table=True) for resource in GROUPS]
        problems = listings[0].problems | wrong
        asked = bool(text) and not problems
        countries = country_names() if asked else {}
        groups = [found(listing, text, countries) for listing in listings] if asked else []
        context = {
            "section": "search",
            "text": printable(text),
            "problems": problems,
            "groups": [group for group in groups if group.count.number],
            "asked": asked,
        }
        return render(request, "cases/search.html", context, status=400 if problems else 200)


def found(listing: Listing, text: str, countries: dict[str, str]) -> Found:
    resource = listing.resource
    rows = list(listing.sorted()[:SHOWN])
    if resource is PEOPLE or resource is INCIDENTS:
        make = person_row if resource is PEOPLE else incident_row
        rows = [make(row, countries) for row in rows]
    link = reverse(resource.name, query={"q": text})
    return Found(resource, listing.count(), rows, link)


def page_of_reference(text: str, user: Any) -> str:
    """Return the page of the record whose reference was typed in, if there is one that the reader may see."""
    ref = text.upper()
    if not re.fullmatch(rf"[A-Z]{{3}}-[{ALPHABET}]{{8}}", ref):
        return ""
    for resource in WITH_PAGES:
        is_its_prefix = ref.startswith(resource.model._meta.get_field("ref").prefix)  # type: ignore[union-attr]
        if is_its_prefix and resource.rows(user).filter(ref=ref).exists():
            return page_of(resource.singular, ref)
    return ""
