"""The lists that a seed file can hold, and the model behind each.

Which fields a record has is said once, in the published schema. Seeds own those columns and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Field

from cases.models import (
    CITABLE,
    Actor,
    Agreement,
    CcfEvent,
    CcfRequest,
    Citation,
    ClockRule,
    Country,
    Demand,
    DetentionKind,
    Duty,
    Event,
    Incident,
    IncidentCountry,
    Involvement,
    LegalStatus,
    LegalStatusKind,
    Notice,
    NoticeEvent,
    Outcome,
    PerpetratorKind,
    Person,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
    Tactic,
    TacticUsed,
    TargetCategory,
    Warrant,
)
from records.models import Term
from seeds.checking import SCHEMA
from sources.models import SourceDocument, SourceKind

# Where the name in the file is not the name of the column.
COLUMNS = {"stated": ("stated_value",), "headcount": ("headcount_min", "headcount_max")}
CITED_AS = {model: name for name, model in CITABLE.items()}


@dataclass(frozen=True)
class SeedList:
    """One list of a seed file: what its entries are, and the lists inside each of them.

    `key` is the column by which entry and row are matched, `parent` the foreign key to the entry around it, and
    `ordered` says that the place in the file counts.
    """

    name: str
    shape: str
    model: type[Any]
    key: str = "ref"
    parent: str = ""
    ordered: bool = False
    listed_as: str = ""
    parts: tuple[SeedList, ...] = ()

    @property
    def list_name(self) -> str:
        return self.listed_as or self.name

    @cached_property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """The columns behind each field that an entry may have."""
        inside = {"ref", "citations", *(part.list_name for part in self.parts)}
        names = SCHEMA["$defs"][self.shape]["properties"].keys() - inside - {self.key}
        own = {field.name for field in self.model._meta.get_fields()}
        return {name: (name,) if name in own else COLUMNS.get(name, (name,)) for name in sorted(names)}

    @cached_property
    def columns(self) -> dict[str, Field[Any, Any]]:
        """The columns that seeds own, in a steady order."""
        names = {column for columns in self.fields.values() for column in columns}
        if self.parent:
            names.add(self.parent)
        if self.ordered:
            names.add("position")
        if self.model is Citation:
            names.update(CITABLE)
        fields = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        return {field.name: field for field in fields if field.name in names}

    def name_of(self, key: str) -> str:
        """Return how one entry is named in messages and in the loader's memory: by reference, or by list and code."""
        return key if self.key == "ref" else f"{self.name}/{key}"

    def below(self) -> Iterator[SeedList]:
        """Yield this noun and everything that hangs on it, parents first."""
        yield self
        for part in self.parts:
            yield from part.below()


def _terms(name: str, model: type[Term], shape: str = "term") -> SeedList:
    return SeedList(name, shape, model, key="code", ordered=True)


TOP = (
    _terms("source_kinds", SourceKind),
    _terms("tactics", Tactic, "tactic"),
    _terms("target_categories", TargetCategory),
    _terms("legal_status_kinds", LegalStatusKind),
    _terms("perpetrator_kinds", PerpetratorKind),
    _terms("outcomes", Outcome),
    _terms("detention_kinds", DetentionKind),
    SeedList("countries", "country", Country, key="code"),
    SeedList("sources", "source", SourceDocument),
    SeedList(
        "people",
        "person",
        Person,
        parts=(
            SeedList("names", "name", PersonName, parent="person"),
            SeedList("details", "detail", PersonDetail, parent="person"),
            SeedList("legal_statuses", "legal_status", LegalStatus, parent="person"),
        ),
    ),
    SeedList("relationships", "relationship", Relationship),
    SeedList(
        "incidents",
        "incident",
        Incident,
        parts=(
            SeedList(
                "incident_countries", "incident_country", IncidentCountry, parent="incident", listed_as="countries"
            ),
            SeedList("tactics_used", "tactic_used", TacticUsed, parent="incident", listed_as="tactics"),
            SeedList("actors", "actor", Actor, parent="incident"),
            SeedList(
                "involvements",
                "involvement",
                Involvement,
                parent="incident",
                parts=(
                    SeedList("stages", "stage", Stage, parent="involvement", ordered=True),
                    SeedList("demands", "demand", Demand, parent="involvement"),
                    SeedList("duties", "duty", Duty, parent="involvement"),
                ),
            ),
        ),
    ),
    SeedList(
        "notices",
        "notice",
        Notice,
        parts=(
            SeedList("warrants", "warrant", Warrant, parent="notice"),
            SeedList("notice_events", "notice_event", NoticeEvent, parent="notice", ordered=True, listed_as="events"),
        ),
    ),
    SeedList(
        "ccf_requests",
        "ccf_request",
        CcfRequest,
        parts=(SeedList("ccf_events", "ccf_event", CcfEvent, parent="request", ordered=True, listed_as="events"),),
    ),
    SeedList("clock_rules", "clock_rule", ClockRule, key="code"),
    SeedList(
        "agreements",
        "agreement",
        Agreement,
        parts=(SeedList("ratifications", "ratification", Ratification, parent="agreement"),),
    ),
    SeedList("events", "event", Event),
)
CITATIONS = SeedList("citations", "citation", Citation)

#: Every noun, each after those that it points to.
ORDER = (*(noun for top in TOP for noun in top.below()), CITATIONS)
BY_MODEL: dict[Any, SeedList] = {noun.model: noun for noun in ORDER}
