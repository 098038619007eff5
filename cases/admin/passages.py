"""Read and cite: the text of a source in numbered passages, for whoever reads it, with what is cited from each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from cases.models import CITABLE, Citation
from cases.passage_pages import PER_PAGE, page_with, passage_address
from cases.vocabulary import Stance
from records.admin import Link
from sources.models import SourceDocument
from sources.passages import Passage, passages

#: How many characters of a passage a page shows.
LONGEST_SHOWN = 4_000


@dataclass
class ShownPassage:
    """A passage as the page shows it: its first words, how many characters are left out, and what is cited from it."""

    passage: Passage
    cite: str
    citations: list[tuple[Link, Link, str, str]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.passage.text[:LONGEST_SHOWN]

    @property
    def length(self) -> int:
        return len(self.words)

    @property
    def left_out(self) -> int:
        return len(self.passage.text) - self.length


def readable_source(request: HttpRequest, ref: str) -> SourceDocument:
    """Return a source whose text its reader may read: of its team, and with the right to see sources in the admin.

    Raises Http404 where there is none, or no text.
    """
    page: Any = admin.site.get_model_admin(SourceDocument)
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    rows = SourceDocument.objects.visible_to(request.user).with_text_for(request.user).exclude(text="")
    source = rows.filter(ref=ref).defer("text_key", "folded").first()
    if source is None:
        raise Http404
    return source


def cite_address(source: SourceDocument, **asked: Any) -> str:
    """Return the address of the form that cites a passage: by its paragraph and, if given, its range and record."""
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    return f"{reverse('admin:sources_sourcedocument_cite_add', args=(source.ref,))}?{urlencode(given)}"


def whole_number(text: str, least: int = 1) -> int | None:
    """Return a number that somebody typed, None where it is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 9
    return int(text) if is_number and int(text) >= least else None


def passages_view(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one page of the passages of a source."""
    source, record = readable_source(request, ref), request.GET.get("record", "")[:12]
    every = [*passages(source.text)]
    last = page_with(len(every))
    page = min(whole_number(request.GET.get("page", "")) or 1, last)
    own = every[(page - 1) * PER_PAGE : page * PER_PAGE]
    may_cite = request.user.has_perm("cases.add_citation")
    context = admin.site.each_context(request) | {
        "title": "Read and cite",
        "subtitle": source.title,
        "source": source,
        "address": admin.site.get_model_admin(SourceDocument).address(source),  # type: ignore[attr-defined]
        "passages": with_citations(source, own, record, request.user),
        "number": len(every),
        "page": page,
        "last": last,
        "pages": [
            Link(word, passage_address(source.ref, 1 + (at - 1) * PER_PAGE, record)) for word, at in _around(page, last)
        ],
        "record": record,
        "cite": reverse("admin:sources_sourcedocument_cite_add", args=(source.ref,)),
        "may_cite": may_cite,
    }
    return TemplateResponse(request, "admin/passages.html", context)


def fact_cited(citation: Citation) -> str:
    """Return for which fact a passage is cited, and how it stands to it where it does not support it."""
    stance = "" if citation.stance == Stance.SUPPORTS else f" ({citation.get_stance_display()})"
    return citation.field.replace("_", " ") + stance


def _around(page: int, last: int) -> list[tuple[str, int]]:
    """Return the pages to go to: the first, the one before, the next and the last, where they are others."""
    to = [("First", 1), ("Previous", page - 1), ("Next", page + 1), ("Last", last)]
    return [(word, at) for word, at in to if 1 <= at <= last and at != page]


def with_citations(source: SourceDocument, some: list[Passage], record: str, user: Any) -> list[ShownPassage]:
    """Return passages with what is cited from each, as far as `user` sees it: one query for all of them."""
    cited: dict[int, list[tuple[Link, Link, str, str]]] = defaultdict(list)
    rows = Citation.objects.visible_to(user).filter(source=source, paragraph__in=[each.number for each in some])
    for citation in rows.select_related(*CITABLE):
        own, about = (admin.site.get_model_admin(type(each)) for each in (citation, citation.record))
        words = f"{citation.record._meta.verbose_name} {citation.record}"
        cited[citation.paragraph or 0].append(
            (
                Link(citation.ref, own.address(citation)),  # type: ignore[attr-defined]
                Link(words, about.address(citation.record)),  # type: ignore[attr-defined]
                fact_cited(citation),
                citation.stated_value,
            )
        )
    return [
        ShownPassage(each, cite_address(source, paragraph=each.number, record=record), cited[each.number])
        for each in some
    ]
