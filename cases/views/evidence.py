"""The evidence beside each fact: its citations, fetched for a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cases.models import Citation, Target, target_of
from cases.passage_pages import words_address
from cases.situation.cited import independent
from cases.views.links import Item, page_of
from cases.vocabulary import Stance
from records.fields.edtf import UncertainDate
from records.models import Record


@dataclass(frozen=True)
class Statement:
    """One citation as a row of a table shows it, in words: there can be a hundred on a page.

    `place` is the paragraph, `characters` the passage; `credibility` is said only where it was judged. `words` is the
    address at which the passage is read, for whoever may read it; `address` that of the source on the web.
    """

    ref: str
    field: str
    stated: str
    link: str
    title: str
    outlet: str
    address: str
    place: str
    words: str
    characters: str
    said_by: str
    stance: str
    standing: str
    credibility: str
    reason: str


def statement(citation: Citation) -> Statement:
    source = citation.source
    return Statement(
        ref=citation.ref,
        field=citation.field.replace("_", " "),
        stated=citation.stated_value or "—",
        link=f"{page_of('source', source.ref)}#{citation.ref}",
        title=source.title,
        outlet=", ".join(filter(None, [source.outlet, source.published.label if source.published else ""])),
        address=source.url,
        place=f"¶ {citation.paragraph}" if citation.paragraph else "",
        words=getattr(citation, "words", ""),
        characters=f"characters {citation.start}–{citation.end}" if citation.end else "",
        said_by=f"says {citation.said_by}" if citation.said_by else "",
        stance=citation.stance,
        standing=f"{Stance(citation.stance).label}{', followed' if citation.preferred else ''}",
        credibility=f"credibility {citation.credibility}" if citation.credibility else "",
        reason=citation.reason,
    )


def leading_to_words(citations: Iterable[Citation], user: Any) -> list[Any]:
    """Return citations with `words`: where `user` reads the passage, "" where they do not."""
    cited: list[Any] = [*citations]
    for citation in cited:
        citation.words = words_address(citation, user)
    return cited


@dataclass(frozen=True)
class Proof:
    """What sources say about one fact, or about all facts of a small record; what is followed comes first.

    A page asks most of this several times, and some of it for each row.
    """

    citations: list[Citation]

    def __bool__(self) -> bool:
        return bool(self.citations)

    @property
    def statements(self) -> list[Statement]:
        return [statement(citation) for citation in self.citations]

    @cached_property
    def sources(self) -> int:
        return len({citation.source_id for citation in self.citations})

    @cached_property
    def independent(self) -> int:
        """How many independent sources support it, counted by who says it first."""
        return independent(self.citations)

    @cached_property
    def disagreeing(self) -> int:
        """How many sources speak about a fact on which they contradict each other; 0 where they do not."""
        contested = {citation.field for citation in self.citations if citation.stance == Stance.CONTRADICTS}
        return len({citation.source_id for citation in self.citations if citation.field in contested})

    @cached_property
    def label(self) -> str:
        """What the reader clicks on: "1 source", "3 sources, 2 independent"."""
        if not self.citations:
            return "no source"
        several = f"{self.sources} source{'' if self.sources == 1 else 's'}"
        return several if self.independent == self.sources else f"{several}, {self.independent} independent"

    @cached_property
    def remarks(self) -> list[str]:
        """What a reader should notice without opening the list."""
        stances = {citation.stance for citation in self.citations}
        found = []
        if self.disagreeing > 1:
            found.append(f"{self.disagreeing} sources disagree")
        elif self.disagreeing:
            found.append("1 source contradicts itself")
        if Stance.SUPERSEDED in stances:
            found.append("overtaken statement kept")
        if Stance.MISPRINT in stances:
            found.append("misprint kept")
        return found

    @cached_property
    def fields(self) -> int:
        return len({citation.field for citation in self.citations})


@dataclass(frozen=True)
class Fact:
    """A fact as a page shows it: its name, its values, and its evidence."""

    label: str
    items: list[Item] = field(default_factory=list)
    proof: Proof = field(default_factory=lambda: Proof([]))

    def __bool__(self) -> bool:
        """Whether there is anything to show: a value, or a source that speaks about one."""
        return bool(self.items) or bool(self.proof)


class Evidence:
    """The citations of some records, as far as a reader may see them: one query, however many records there are."""

    def __init__(self, user: Any, records: Iterable[Record]) -> None:
        citations = Citation.objects.visible_to(user).about_each(records).select_related("source")
        citations = citations.defer("source__text", "source__folded").order_by("field", "-preferred", "pk")
        self._by_record: dict[Target, list[Citation]] = defaultdict(list)
        for citation in leading_to_words(citations, user):
            self._by_record[citation.target].append(citation)

    def of(self, record: Record, *fields: str) -> Proof:
        """Return what is said about some fields of a record, or about the whole of it where none is named."""
        citations = self._by_record.get(target_of(record), [])
        return Proof([citation for citation in citations if not fields or citation.field in fields])

    def of_all(self, records: Iterable[Record], *fields: str) -> Proof:
        """Return what is said about several records, or about some fields of each."""
        return Proof([citation for record in records for citation in self.of(record, *fields).citations])

    def fact(self, label: str, record: Record, name: str, value: Any = None) -> Fact:
        """Return the fact in one field. Its value is text, a date, an Item or a list of Items; else the field's own."""
        return Fact(label, items_of(getattr(record, name) if value is None else value), self.of(record, name))


def items_of(value: Any) -> list[Item]:
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, Item):
        return [value]
    return [Item(value.label if isinstance(value, UncertainDate) else str(value))]


def known_and_not(facts: Iterable[Fact]) -> dict[str, Any]:
    """Split facts for a page: those with something to show, and the names of those of which nothing is known."""
    facts = list(facts)
    return {
        "facts": [fact for fact in facts if fact],
        "unknown": [fact.label[:1].lower() + fact.label[1:] for fact in facts if not fact],
    }
