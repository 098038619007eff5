"""The numbered references of a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.models import Citation, Country
from cases.views.dossier.content import Disagreement, DossierValue, Numbers, Statement
from cases.views.evidence import Evidence
from cases.vocabulary import Stance
from records.history.snapshots import value_words
from records.models import Record


class Statements:
    """Numbers statements and sources from 1 as they are asked for, and remembers what each record is called."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._numbers: dict[int, tuple[int, Citation, str]] = {}
        self._sources: dict[int, int] = {}
        self._titles: dict[tuple[type[Record], int], tuple[Record, str]] = {}

    def of(self, record: Record, title: str, *fields: str) -> Numbers:
        """Return the numbers of what is said about a record (`title` is what readers call it), or about some fields."""
        self._titles.setdefault((type(record), record.pk), (record, title))
        return self.numbers(self.evidence.of(record, *fields).citations, title)

    def numbers(self, citations: Iterable[Citation], title: str) -> Numbers:
        """Return the numbers of some citations about what readers know as `title`."""
        return tuple(sorted(self._number(citation, title) for citation in citations))

    def _number(self, citation: Citation, title: str) -> int:
        if citation.pk not in self._numbers:
            self._numbers[citation.pk] = (len(self._numbers) + 1, citation, title)
            self._sources.setdefault(citation.source_id, len(self._sources) + 1)
        return self._numbers[citation.pk][0]

    @property
    def sources(self) -> dict[int, int]:
        """The number of each source, by its key."""
        return self._sources

    @property
    def citations(self) -> list[Citation]:
        """The citations that were numbered."""
        return [citation for _, citation, _ in self._numbers.values()]

    def numbered(self) -> tuple[Statement, ...]:
        """Return all the statements, by number."""
        return tuple(
            Statement(
                number=number,
                ref=citation.ref,
                source=self._sources[citation.source_id],
                about=f"{title}: {words(citation.field)}",
                stated=citation.stated_value,
                said_by=citation.said_by,
                stance=stance_words(citation),
                place=place_words(citation),
                reason=citation.reason,
                sha256=citation.sha256,
            )
            for number, citation, title in self._numbers.values()
        )

    def disagreements(self, countries: dict[str, str]) -> tuple[Disagreement, ...]:
        """Return the facts on which sources contradict each other, in the order in which the dossier comes to them."""
        found = []
        for record, title in list(self._titles.values()):
            citations = self.evidence.of(record).citations
            contested = {each.field for each in citations if each.stance == Stance.CONTRADICTS}
            for field in sorted(contested):
                about = [each for each in citations if each.field == field]
                values = tuple(self._value(each, title) for each in about)
                found.append(Disagreement(f"{title}: {words(field)}", held(record, field, countries), values))
        return tuple(found)

    def _value(self, citation: Citation, title: str) -> DossierValue:
        number = self._number(citation, title)
        return DossierValue(
            stated=citation.stated_value,
            stance=str(Stance(citation.stance).label),
            followed=citation.preferred,
            why=citation.reason,
            statement=number,
            source=self._sources[citation.source_id],
        )


def words(name: str) -> str:
    """Return a column's name as people read it."""
    return name.replace("_", " ")


def stance_words(citation: Citation) -> str:
    return f"{Stance(citation.stance).label}{', followed' if citation.preferred else ', not followed'}"


def place_words(citation: Citation) -> str:
    """Return where in its source a statement stands: "paragraph 4, characters 120 to 180"."""
    parts = [f"paragraph {citation.paragraph}"] if citation.paragraph else []
    if citation.end is not None:
        parts.append(f"characters {citation.start} to {citation.end}")
    return ", ".join(parts)


def held(record: Any, field: str, countries: dict[str, str]) -> str:
    """Return what a record's column holds, in words, without asking the database; "" where it holds nothing."""
    column: Any = record._meta.get_field(field)
    if column.many_to_many:
        return ""
    value = getattr(record, column.attname)
    if value and column.is_relation:
        return countries.get(value, value) if column.related_model is Country else words(str(value))
    return value_words(column, value)
