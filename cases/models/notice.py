"""Interpol notices and their like, the warrants that they rest on, and their events."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cases.models.country import Country
from cases.models.dated_steps import DatedStepQuerySet, WithEventsQuerySet, WithLife
from cases.models.papers import DatedByPapers
from cases.models.person import Person
from cases.vocabulary import Accusation, Instrument, NoticeState
from records.fields.names import FoldedField, search
from records.fields.sort_keys import by_text, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField, in_order
from records.models import Record, RecordQuerySet, ReferenceField, ReviewedRecord, code_is_known


class Notice(DatedByPapers, WithLife, ReviewedRecord):
    """A request, through Interpol or beside it, to find or arrest somebody. “Wanted” alone is not a notice."""

    parents: ClassVar = ("person",)
    page: ClassVar = "notice"
    label_fields: ClassVar = ("instrument", "person")
    papers_of: ClassVar = "requested_by"
    expected: ClassVar = {
        "requested_by_id": "It is not told which country asked for it.",
        "events": "No event tells whether it was issued, or is in force.",
        "citations": "No source is cited for it.",
    }

    ref = ReferenceField("NOT")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    instrument = models.CharField(max_length=25, choices=Instrument)
    requested_by = models.ForeignKey(
        Country, null=True, blank=True, on_delete=models.PROTECT, related_name="notices_requested"
    )
    body = models.CharField(
        max_length=150, blank=True, help_text="What asked for it, where that is no country, or more closely: a court."
    )
    number = models.CharField(max_length=60, blank=True)
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text="The notice against the same person after which this one came.",
    )
    note = models.TextField(blank=True)

    objects: ClassVar = WithEventsQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        ordering = ["ref"]
        indexes = [
            *ReviewedRecord.Meta.indexes,
            sorted_in_lanes(by_text("instrument"), "notice_by_instrument"),
            # Whether a country has a notice is asked of each: by its lane alone all notices would be walked every time.
            models.Index(fields=["requested_by", "lane"], name="notice_by_requester"),
        ]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            code_is_known("instrument", Instrument),
            models.CheckConstraint(
                condition=~Q(replaces=F("id")),
                name="notice_does_not_replace_itself",
                violation_error_message="A notice cannot come after itself.",
            ),
        ]

    def clean(self) -> None:
        """Refuse a line of notices that runs in a circle, or from one person to another."""
        problem = self.wrong_line()
        if problem:
            raise ValidationError({"replaces": problem})

    def save(self, **options: Any) -> None:
        """Write the notice. Raises ValueError where `replaces` leads in a circle or to another person's notice."""
        problem = self.wrong_line()
        if problem:
            raise ValueError(f"{self.ref} replaces: {problem}")
        super().save(**options)

    def wrong_line(self) -> str:
        """Say what is wrong with the notices that this one came after, without naming them; "" where nothing is."""
        met, above = {self.ref}, self.replaces
        while above is not None:
            if above.ref in met:
                return "This notice would come after itself. Choose another one."
            if above.person_id != self.person_id:
                return "That notice is against somebody else. Choose one against the same person."
            met.add(above.ref)
            above = above.replaces
        return ""


class WarrantQuerySet(RecordQuerySet):
    def in_order(self) -> Self:
        """Sort by date, undated ones first; the reference comes last, so that the order of entry never decides."""
        return self.order_by(*in_order("date"), "ref")

    def possibly_by(self, day: date | None) -> Self:
        """Return the warrants that may have been issued by a day; without one, all of them."""
        if day is None:
            return self
        return self.filter(Q(date_earliest__lte=day) | Q(date_earliest__isnull=True))

    def search(self, text: str) -> Self:
        """Return the warrants with every word of `text` in their charge."""
        return self.filter(search("folded", text))


class Warrant(DatedByPapers, Record):
    """What a notice rests on: who issued a warrant or an order like it, on which charge, and when."""

    parents: ClassVar = ("notice",)
    owner: ClassVar = "notice"
    label_fields: ClassVar = ("issuer", "body", "charge")
    papers_of: ClassVar = "issuer"

    ref = ReferenceField("WAR")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="warrants")
    issuer = models.ForeignKey(
        Country,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="warrants_issued",
        help_text="The country that issued it.",
    )
    body = models.CharField(
        max_length=150, blank=True, help_text="What issued it, where that is no country, or more closely: a court."
    )
    charge = models.CharField(max_length=300, blank=True, help_text="The charge as stated, in few words.")
    accusation = models.CharField(
        max_length=15, choices=Accusation, blank=True, help_text="What sort of offence the charge is about."
    )
    date = UncertainDateField(help_text="When it was issued.")
    folded = FoldedField("charge")

    objects: ClassVar = WarrantQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["notice", "id"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("accusation", Accusation),
            models.CheckConstraint(
                condition=Q(issuer__isnull=False) | ~Q(body="") | ~Q(charge="") | ~Q(accusation=""),
                name="warrant_says_something",
                violation_error_message="Say who issued it, or on which charge.",
            ),
        ]


class NoticeEvent(DatedByPapers, Record):
    """One step in a notice's life, and who says so."""

    parents: ClassVar = ("notice",)
    owner: ClassVar = "notice"
    label_fields: ClassVar = ("state",)

    ref = ReferenceField("NEV")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=15, choices=NoticeState)
    occurred = UncertainDateField()
    asserted_by = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the telling, from 1; 0 is none.")

    objects: ClassVar = DatedStepQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["notice", "position", "id"]
        constraints = [*Record.Meta.constraints, code_is_known("state", NoticeState)]
