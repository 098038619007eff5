"""What a proposal would change, field by field, with the evidence."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import Truncator, capfirst

from records.history.snapshots import history_fields, name_of, value_words
from records.models import Proposal, Record
from records.review.last_published import ValuesByRef, last_published
from records.review.row_values import RowValues, find, leads_to_record, record_models, row_values
from records.review.visibility import made_readable, model_of, moves, opens_parts, row_changes_of
from records.vocabulary import Operation, ProposalKind, Review

OPERATIONS = {Operation.INSERT: "added", Operation.UPDATE: "changed", Operation.DELETE: "removed"}
#: So much of the words of a source stands beside a fact.
LONGEST_WORDS = 600
MADE_READABLE = "made readable"
#: The columns of a citation that make it evidence, in the order that Evidence has them.
STATED = ("source", "paragraph", "stated_value", "said_by", "stance")


@dataclass
class CitedStatement:
    """What one source says about one field; `is_new` where the citation is a part of the proposal.

    `words` are those of the source, as far as whoever looks reads its text.
    """

    ref: str
    source: str
    paragraph: str
    stated: str
    said_by: str
    stance: str
    is_new: bool
    words: str = ""


@dataclass
class FieldDifference:
    """One field: what it says now, and what it would say."""

    name: str
    label: str
    old: str
    new: str
    evidence: list[CitedStatement] = field(default_factory=list)


@dataclass
class RowDifference:
    """One row that is added, changed, removed or made readable."""

    ref: str
    kind: str
    name: str
    what: str
    fields: list[FieldDifference]
    address: str = ""
    #: What does not change, and has to be known to decide: label and words.
    to_know: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_old(self) -> bool:
        return any(each.old for each in self.fields)

    @property
    def has_new(self) -> bool:
        return any(each.new for each in self.fields)

    @property
    def has_evidence(self) -> bool:
        return any(each.evidence for each in self.fields)


def difference(proposal: Proposal, user: Any) -> list[RowDifference]:
    """Return what a proposal would change, for a user to whom everything that it concerns is visible."""
    return _Difference(proposal, user).rows()


def digest_of_difference(rows: list[RowDifference]) -> str:
    """Return a SHA-256 that changes when anything does that a reader of the difference was shown."""
    return hashlib.sha256(json.dumps([asdict(row) for row in rows]).encode()).hexdigest()


class _Difference:
    def __init__(self, proposal: Proposal, user: Any) -> None:
        self.proposal, self.user = proposal, user
        self.row_changes = row_changes_of(proposal)
        self.changed = {row_change["ref"]: row_change for row_change in self.row_changes}
        self.proposed = self._evidence_proposed()

    def rows(self) -> list[RowDifference]:
        readable = made_readable(self.proposal)
        old = last_published(find(self.proposal.about), readable)
        shown = [self._row_change(row_change) for row_change in self.row_changes]
        shown += [self._readable(row, old) for row in readable if row.ref not in self.changed]
        return [row for row in shown if row.fields]

    def _row_change(self, row_change: dict[str, Any]) -> RowDifference:
        row, model = find(row_change["ref"]), model_of(row_change)
        shown = row if row is not None else model(ref=row_change["ref"])
        name = name_of(row) if row is not None else ""
        what, after = OPERATIONS[Operation(row_change["operation"])], row_change["after"]
        if row is not None and (opens_parts(row_change) or moves(row_change)):
            what, after = f"{what}, and {MADE_READABLE} as it stands", row_values(row) | after
        return self._row(shown, name, what, row_change["before"], after)

    def _readable(self, row: Record, old: ValuesByRef) -> RowDifference:
        values = row_values(row)
        if row.ref == self.proposal.about and self.proposal.kind == ProposalKind.PUBLISH:
            values["review"] = Review.PUBLISHED.value
        return self._row(row, name_of(row), MADE_READABLE, old.get(row.ref, {}), values)

    def _row(self, row: Record, name: str, what: str, before: RowValues, after: RowValues) -> RowDifference:
        cited = self._evidence(row)
        fields = []
        kept = row.kept_from(self.user)
        for each in history_fields(type(row)):
            if each.name in kept:
                continue
            old, new = (self._as_text(each, values.get(each.name)) for values in (before, after))
            if old != new:
                label = capfirst(str(each.verbose_name))
                fields.append(FieldDifference(each.name, label, old, new, cited[each.name]))
        address = row.address_for_readers() if row.pk else ""
        to_know = row.reviewed_with(self.user) if row.pk and after else []
        return RowDifference(row.ref, str(row._meta.verbose_name), name, what, fields, address, to_know)

    def _as_text(self, each: Any, value: Any) -> str:
        """Tell a value as a proposal keeps it."""
        if value in (None, "", []):
            return ""
        if each.many_to_many:
            return ", ".join(sorted(str(row) for row in each.related_model._base_manager.filter(pk__in=value)))
        if leads_to_record(each):
            row, name = find(value), each.related_model.label_fields[0]
            if row is not None:
                return name_of(row)
            return f"{self.changed.get(value, {}).get('after', {}).get(name, value)} (new)"
        if each.related_model:
            return str(each.related_model._base_manager.filter(pk=value).first() or value)
        return value_words(each, each.to_python(value))

    def _evidence(self, row: Record) -> dict[str, list[CitedStatement]]:
        """Return the citations of a row that the reader sees, by field; those of the proposal last."""
        found: dict[str, list[CitedStatement]] = defaultdict(list)
        for model, link in evidence_links(type(row)):
            cited = model._default_manager.visible_to(self.user).filter(**{link: row.pk or 0})
            for citation in cited.select_related("source").exclude(ref__in=self.changed).order_by("pk"):
                stance, paragraph = citation.get_stance_display(), str(citation.paragraph or "")
                shown = (name_of(citation.source), paragraph, citation.stated_value, citation.said_by, stance)
                words = Truncator(citation.words_for(self.user)).chars(LONGEST_WORDS)
                found[citation.field].append(CitedStatement(citation.ref, *shown, is_new=False, words=words))
        for about, name, evidence in self.proposed:
            if about == row.ref:
                found[name].append(evidence)
        return found

    def _evidence_proposed(self) -> list[tuple[str, str, CitedStatement]]:
        """Return the citations that the proposal would add, each with the reference and field of what it is about."""
        found = []
        for row_change in self.row_changes:
            model, values = model_of(row_change), row_change["after"]
            if len(model.belongs_through()) > 1 and row_change["operation"] == Operation.INSERT:
                stated = [self._as_text(model._meta.get_field(name), values[name]) for name in STATED]
                source, paragraph, words, said_by, stance = stated
                evidence = CitedStatement(row_change["ref"], source, paragraph, words, said_by, stance, is_new=True)
                found += [(values[link], values["field"], evidence) for link in model.belongs_through() if values[link]]
        return found


def evidence_links(model: type[Record]) -> list[tuple[type[Record], str]]:
    """Return the models whose rows say what a source says about a row of `model`, with their links to it."""
    return [
        (each, link)
        for each in record_models().values()
        if len(each.belongs_through()) > 1
        for link in each.belongs_through()
        if each._meta.get_field(link).related_model is model
    ]
