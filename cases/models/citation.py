"""Citations: one statement by one source about one field of one record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cases.models.agreement import Agreement, Event, Ratification
from cases.models.commission import CcfEvent, CcfRequest
from cases.models.duty import Duty
from cases.models.incident import Incident, Involvement
from cases.models.incident_parts import Actor, Demand, IncidentCountry, TacticUsed
from cases.models.notice import Notice, NoticeEvent, Warrant
from cases.models.papers import DatedByPapers, may_be_ethiopian, of_an_ethiopian_paper
from cases.models.person import LegalStatus, Person, PersonDetail, PersonName, Relationship
from cases.models.place import place_of, settle_place
from cases.models.stage import Stage
from cases.vocabulary import Stance
from records.fields.date_questions import DateQuestion
from records.fields.names import FoldedField
from records.fields.sort_keys import by_text, sorted_in_lanes
from records.fields.uncertain_date import date_fields
from records.models import (
    Clearance,
    IsOfTeams,
    IsVisible,
    Record,
    RecordQuerySet,
    ReferenceField,
    ReviewedRecord,
    code_is_known,
)
from records.vocabulary import Level
from sources.models import SourceDocument

#: What can be cited: the foreign key on Citation, and the model behind it.
CITABLE: dict[str, type[Record]] = {
    "person": Person,
    "person_name": PersonName,
    "person_detail": PersonDetail,
    "legal_status": LegalStatus,
    "relationship": Relationship,
    "incident": Incident,
    "incident_country": IncidentCountry,
    "actor": Actor,
    "tactic_used": TacticUsed,
    "involvement": Involvement,
    "demand": Demand,
    "stage": Stage,
    "notice": Notice,
    "notice_event": NoticeEvent,
    "warrant": Warrant,
    "duty": Duty,
    "ccf_request": CcfRequest,
    "ccf_event": CcfEvent,
    "agreement": Agreement,
    "ratification": Ratification,
    "event": Event,
}
_BY_PREFIX = {model.prefix(): name for name, model in CITABLE.items()}
_NAMES = {model: name for name, model in CITABLE.items()}
#: A record that is cited: the foreign key on Citation, and the record's key.
Target = tuple[str, int]


def target_of(record: Record) -> Target:
    """Return how citations name a record."""
    return _NAMES[type(record)], record.pk


def _exactly_one_record() -> Q:
    one = Q()
    for chosen in CITABLE:
        one |= Q(**{f"{name}__isnull": name != chosen for name in CITABLE})
    return one


class CitationQuerySet(RecordQuerySet):
    def _full_rule(self, cleared: Clearance, path: str = "") -> Q:
        """A citation is as private as the more private of its two ends: the source and the record.

        What is for the team is for the team of the record too, not only for that of the source.
        """
        record_is_visible = Q()
        for name, model in CITABLE.items():
            record_is_visible |= Q(IsVisible(f"{name}_id", model, cleared))
        rule = super()._full_rule(cleared, path) & record_is_visible
        if not cleared.team:
            return rule
        of_own_team = Q()
        for name, model in CITABLE.items():
            of_own_team |= Q(IsOfTeams(f"{name}_id", model, cleared))
        return rule & (~Q(level=Level.TEAM) | of_own_team)

    def with_record_refs(self) -> Self:
        """Add the reference of the record that each is about as `record_ref`."""
        return self.annotate(record_ref=record_ref())

    def about(self, ref: str) -> Self:
        """Return the citations of the record with this reference; none for a reference of an unknown kind."""
        name = _BY_PREFIX.get(ref.partition("-")[0])
        return self.filter(**{f"{name}__ref": ref}) if name else self.none()

    def about_each(self, records: Iterable[Record]) -> Self:
        """Return the citations of some records of any kinds.

        Each kind is looked up by itself, in its index: asked with OR, both databases may go through all citations.
        """
        keys: dict[str, set[int]] = {}
        for name, key in map(target_of, records):
            keys.setdefault(name, set()).add(key)
        citations = self.model._base_manager.order_by().values("pk")
        each = [citations.filter(**{f"{name}__in": some}) for name, some in keys.items()]
        if len(each) < 2:
            return self.filter(pk__in=each[0]) if each else self.none()
        return self.filter(pk__in=each[0].union(*each[1:], all=True))


def record_ref() -> Coalesce:
    """Return the reference of the record that a citation is about; who sees a citation sees its record.

    Each is looked up by its key: joined to two dozen tables, PostgreSQL would go through some of them whole.
    """
    rows: dict[str, Any] = {name: model._base_manager.all() for name, model in CITABLE.items()}
    refs = [Subquery(each.filter(pk=OuterRef(f"{name}_id")).order_by().values("ref")) for name, each in rows.items()]
    return Coalesce(*refs)


class Citation(Record):
    """What one source says about one field of one record, and where it says so.

    `start` and `end` count the code points of the source's own text, `paragraph` its lines that are not blank, from 1.
    Where the text is here, what is left empty of these and the hash is filled in (settle_place), from `quotation` if
    that is given: words to be looked up, which are never stored.
    The record's column holds the preferred value; citations that disagree stay, and are shown beside it.
    """

    parents: ClassVar = ("source",)
    owner: ClassVar = "source"
    label_fields: ClassVar = ("source", "field")
    quotation = ""
    #: The place as the database has it, None of a new row.
    place_read: tuple[Any, ...] | None = None

    ref = ReferenceField("CIT")
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="citations")
    paragraph = models.PositiveIntegerField(null=True, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the passage in UTF-8, in hexadecimal.")

    person = models.ForeignKey(
        Person, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    person_name = models.ForeignKey(
        PersonName, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    person_detail = models.ForeignKey(
        PersonDetail, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    legal_status = models.ForeignKey(
        LegalStatus, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    relationship = models.ForeignKey(
        Relationship, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    incident_country = models.ForeignKey(
        IncidentCountry, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    actor = models.ForeignKey(
        Actor, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    tactic_used = models.ForeignKey(
        TacticUsed, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    demand = models.ForeignKey(
        Demand, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    involvement = models.ForeignKey(
        Involvement, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    stage = models.ForeignKey(
        Stage, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    notice = models.ForeignKey(
        Notice, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    notice_event = models.ForeignKey(
        NoticeEvent, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    warrant = models.ForeignKey(
        Warrant, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    duty = models.ForeignKey(
        Duty, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    ccf_request = models.ForeignKey(
        CcfRequest, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    ccf_event = models.ForeignKey(
        CcfEvent, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    ratification = models.ForeignKey(
        Ratification, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )
    event = models.ForeignKey(
        Event, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="citations"
    )

    field = models.CharField(max_length=40, help_text="The column that the statement is about.")
    stated_value = models.CharField(max_length=300, blank=True, help_text="The value as this source states it.")
    said_by = models.CharField(
        max_length=200,
        blank=True,
        help_text="Whose words the source passes on, where they are not its own: a letter, an agency, an official.",
    )
    said_by_folded = FoldedField("said_by")
    stance = models.CharField(max_length=12, choices=Stance, default=Stance.SUPPORTS)
    credibility = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text="1 confirmed to 6 cannot be judged (Admiralty code).",
    )
    preferred = models.BooleanField(default=True, help_text="Whether the record's column follows this statement.")
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is preferred, or is not.")

    objects: ClassVar = CitationQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["id"]
        indexes = [
            *Record.Meta.indexes,
            # Each is about one record: an index without the empty keys is a tenth of the size, and both databases see
            # that it leads to a handful of rows.
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"citation_of_{name}")
                for name in CITABLE
            ),
            models.Index(F("lane"), by_text("ref"), name="citation_by_ref"),
            sorted_in_lanes(by_text("field"), "citation_by_field"),
        ]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("stance", Stance),
            models.CheckConstraint(
                condition=_exactly_one_record(),
                name="citation_has_exactly_one_record",
                violation_error_message="A citation is about exactly one record.",
            ),
            models.CheckConstraint(
                condition=Q(credibility__isnull=True) | Q(credibility__range=(1, 6)),
                name="citation_credibility_is_1_to_6",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=models.F("start")),
                name="citation_passage_is_not_empty",
                violation_error_message="The passage must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(stance=Stance.SUPPORTS) | Q(preferred=False),
                name="citation_preferred_supports",
                violation_error_message="Only a statement that supports the record's value can be preferred.",
            ),
        ]

    def words_for(self, user: Any) -> str:
        """Return the words that it cites, "" for whoever does not read the text of its source, and where none are."""
        if self.start is None or self.end is None or not self.source.text_is_read_by(user):
            return ""
        return self.source.text[self.start : self.end]

    @property
    def record(self) -> Record:
        """The record that the statement is about."""
        return next(record for name in CITABLE if (record := getattr(self, name)) is not None)

    @property
    def target(self) -> Target:
        """The record that the statement is about, by its key."""
        return next((name, key) for name in CITABLE if (key := getattr(self, f"{name}_id")) is not None)

    @classmethod
    def belongs_through(cls) -> tuple[str, ...]:
        return tuple(CITABLE)

    def owning(self) -> ReviewedRecord:
        """The record that it is about decides who can read it, together with the source."""
        return self.record.owning()

    @classmethod
    def from_db(cls, db: Any, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        row = super().from_db(db, field_names, values, **how)
        row.place_read = place_of(row)
        return row

    def clean(self) -> None:
        """Refuse a field that the record does not have, and a place that its source does not have."""
        settle_place(self)
        model = next((CITABLE[name] for name in CITABLE if self._is_about(name)), None)
        if model is None:
            raise ValidationError("A citation is about exactly one record: choose one.")
        if self.field not in citable_fields(model):
            expected = ", ".join(sorted(citable_fields(model)))
            raise ValidationError({"field": f"“{self.field}” is not a fact of this record. Choose one of: {expected}."})

    def date_questions(self, changed: Collection[str], user: Any) -> list[DateQuestion]:
        """Ask of the date that it is about whether that is one of an Ethiopian paper."""
        dates = {field.name for field in date_fields(type(self.record))}
        if self.field not in dates or {"source", "field", *CITABLE}.isdisjoint(changed):
            return []
        paper = self.source.published, self.source.language
        is_old = isinstance(self.record, DatedByPapers) and may_be_ethiopian(self.record, self.field)
        return of_an_ethiopian_paper(self.record, self.field, [paper], user) if is_old else []

    def _is_about(self, name: str) -> bool:
        """Whether it points to a record through this link; one that is saved together with it has no key yet."""
        link: Any = self._meta.get_field(name)
        return getattr(self, f"{name}_id") is not None or (link.is_cached(self) and getattr(self, name) is not None)


def citable_fields(model: type[Record]) -> set[str]:
    """Return the names of the columns of `model` that state a fact."""
    bookkeeping = {
        "id",
        "ref",
        "level",
        "review",
        "readers",
        "team",
        "version",
        "created_at",
        "updated_at",
        "folded",
        "skeleton",
        "position",
    }
    names = {field.name for field in [*model._meta.fields, *model._meta.many_to_many] if field.editable}
    return names - bookkeeping
