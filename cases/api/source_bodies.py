"""What partners may submit about sources and what these say, and how the rows are made."""

from __future__ import annotations

import re
from typing import Any

from cases.api.slots import column
from cases.codebook import CITATIONS, EVIDENCE
from cases.models import CITABLE, Citation
from cases.vocabulary import Stance
from records.api.drafts import DraftWriter
from records.api.request_body import (
    ASKED_LEVEL,
    CONFIRMED_DATES,
    RowInput,
    WritableColumn,
    WritableResource,
    different_from,
    find_visible,
    writable_columns,
)
from records.api.strict_json import Malformed, place
from records.lists.codebook import Column
from records.models import Record
from sources.models import SourceDocument
from sources.similar_sources import similar_sources

#: The place of a new source in a body of a whole case.
PLACE = re.compile(r"sources/(0|[1-9][0-9]{0,2})")
NO_SUCH_SOURCE = "There is no such place among “sources” of this body, and no such source that you may see."
UNCITED = "No citation names this source. Cite it where it speaks, or leave it out."


def about(user: Any, ref: str) -> Record | None:
    """Find what a citation is about: a record of any kind that can be cited, by its reference."""
    model = next((model for model in CITABLE.values() if ref.startswith(f"{model.prefix()}-")), None)
    return find_visible(model)(user, ref) if model else None


def make_source(writer: DraftWriter, given: RowInput) -> SourceDocument:
    source = writer.new(SourceDocument, given)
    writer.ask_of_similar(similar_sources(source, writer.user, address=source.url), given)
    return source


def check_source(writer: DraftWriter, source: SourceDocument, given: RowInput) -> None:
    """Ask of sources with a new address too."""
    address = given.columns.get("url", source.url)
    changed = address if address != source.url else ""
    writer.ask_of_similar(similar_sources(source, writer.user, address=changed), given)


def make_citation(writer: DraftWriter, given: RowInput) -> Citation:
    """Add what a source says about a record; the source may be new."""
    source, record = given.more["source"], given.more["record"]
    if isinstance(source, RowInput):
        source = make_source(writer, source)
    supports = given.columns.get("stance", Stance.SUPPORTS) == Stance.SUPPORTS
    given.columns.setdefault("preferred", supports)
    link = next(name for name, model in CITABLE.items() if isinstance(record, model))
    return writer.new(Citation, given, source=source, **{link: record})


class NewSources:
    """The new sources of a whole case, and which of them its citations have named so far."""

    def __init__(self, writer: DraftWriter, given: RowInput) -> None:
        self.writer, self.at = writer, given.places.get("sources", "sources")
        self.rows = [make_source(writer, source) for source in given.more.get("sources", [])]
        self.cited: set[int] = set()

    def cite(self, record: Record, given: RowInput) -> None:
        """Add the citations that were given with a row. Raises Malformed for a place at which there is no source."""
        for each in given.more.get(CITED.name, []):
            each.more |= {"source": self.named(each), "record": record}
            make_citation(self.writer, each)

    def named(self, citation: RowInput) -> SourceDocument:
        """Return the source that a citation names: by the place of a new one, or by the reference of another."""
        name = citation.more["source"]
        if PLACE.fullmatch(name):
            number = int(name.partition("/")[2])
            self.cited.add(number)
            found = self.rows[number] if number < len(self.rows) else None
        else:
            found = find_visible(SourceDocument)(self.writer.user, name)
        if found is None:
            raise Malformed({citation.places["source"]: [NO_SUCH_SOURCE]})
        return found

    def refuse_uncited(self) -> None:
        """Refuse a source that nothing in its body cites: it would say nothing about the case. Raises Malformed."""
        if bare := set(range(len(self.rows))) - self.cited:
            raise Malformed({place(self.at, number): [UNCITED] for number in sorted(bare)})


SOURCE_SLOTS = (
    *writable_columns(
        EVIDENCE.columns, SourceDocument, "title", "outlet", "author", "url", "kind", "language", "published"
    ),
    *writable_columns(EVIDENCE.columns, SourceDocument, "reliability", "reliability_reason"),
    WritableColumn(
        EVIDENCE.column("derived_from"),
        SourceDocument._meta.get_field("derived_from"),
        once=True,
        find=find_visible(SourceDocument),
    ),
    *writable_columns(EVIDENCE.columns, SourceDocument, "derivation", "note"),
    different_from(SourceDocument),
    CONFIRMED_DATES,
    ASKED_LEVEL,
)

SOURCE_BODY = WritableResource(
    EVIDENCE,
    SOURCE_SLOTS,
    make_source,
    {
        "title": "Uyghur traveller held at airport",
        "outlet": "The Daily Lantern",
        "kind": "news_report",
        "language": "en",
        "published": "2021-07-27",
    },
    check_source,
)

STATEMENT_SLOTS = (
    *writable_columns(CITATIONS.columns, Citation, "field", "stated_value", "said_by", "stance", "preferred"),
    *writable_columns(CITATIONS.columns, Citation, "reason", "credibility", "paragraph", "start", "end"),
)

CITATION_BODY = WritableResource(
    CITATIONS,
    (
        column(CITATIONS, "source", find=find_visible(SourceDocument), parts=SOURCE_SLOTS),
        column(CITATIONS, "record", find=about),
        *STATEMENT_SLOTS,
        CONFIRMED_DATES,
    ),
    make_citation,
    {
        "source": {
            "title": "Uyghur traveller held at airport",
            "outlet": "The Daily Lantern",
            "kind": "news_report",
        },
        "record": "PER-8QX3M2VD",
        "field": "residence",
        "stated_value": "lives in Istanbul",
        "paragraph": 3,
    },
)

#: Sources and citations of a whole case stand in its body. They are no columns: what is read is made from their rows.
NEW_SOURCES = WritableColumn(
    Column(
        "sources",
        "New sources. Citations name them by their place: sources/0, sources/1.",
        "object",
        many=True,
        of=("citations.source",),
    ),
    once=True,
    parts=SOURCE_SLOTS,
)
CITED = WritableColumn(
    Column("citations", "What sources say about it.", "object", many=True, of=("citations",)),
    once=True,
    parts=(
        WritableColumn(
            Column("source", "Reference of a source, or the place of a new one: sources/0.", filled=True),
            needed=True,
        ),
        *STATEMENT_SLOTS,
    ),
)
