"""Agreements between states, their ratifications, and events such as assemblies and votes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cases.models.country import Country
from cases.vocabulary import AgreementKind, RatificationState
from records.fields.names import FoldedField
from records.fields.uncertain_date import UncertainDateField, ends_not_before_starts
from records.models import Record, ReferenceField, ReviewedRecord, VisibleUnique, code_is_known


class Agreement(ReviewedRecord):
    """A treaty or deal between states under which people are handed over or informed upon."""

    label_fields: ClassVar = ("title",)
    page: ClassVar = "agreement"

    ref = ReferenceField("AGR")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=25, choices=AgreementKind)
    countries = models.ManyToManyField(Country, related_name="agreements")
    signed = UncertainDateField()
    in_force = UncertainDateField(
        happened=False, help_text="Since when it has been in force; empty where that is not known."
    )
    note = models.TextField(blank=True)

    class Meta(ReviewedRecord.Meta):
        ordering = ["title", "ref"]
        constraints = [*ReviewedRecord.Meta.constraints, code_is_known("kind", AgreementKind)]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Ratification(Record):
    """Whether one country has ratified an agreement, and as of when that was said."""

    parents: ClassVar = ("agreement",)
    owner: ClassVar = "agreement"
    label_fields: ClassVar = ("country",)
    once: ClassVar = (
        VisibleUnique(
            "ratification_stands_once_per_country",
            ("agreement", "country"),
            "This country stands in the agreement already.",
        ),
    )

    ref = ReferenceField("RAT")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="ratifications")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="ratifications")
    state = models.CharField(max_length=15, choices=RatificationState, default=RatificationState.UNKNOWN)
    on = UncertainDateField(help_text="When it was ratified.")
    as_of = UncertainDateField(help_text="The day for which the state holds.")

    class Meta(Record.Meta):
        ordering = ["agreement", "country"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("state", RatificationState),
        ]


class Event(ReviewedRecord):
    """An assembly, a vote or a review that cases refer to. Context, never an act against anyone."""

    label_fields: ClassVar = ("title",)
    page: ClassVar = "event"

    ref = ReferenceField("GAT")
    title = models.CharField(max_length=200)
    organiser = models.CharField(max_length=150, blank=True)
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    place = models.CharField(max_length=200, blank=True)
    start = UncertainDateField(happened=False)
    end = UncertainDateField(happened=False)
    note = models.TextField(blank=True)
    folded = FoldedField("title")

    class Meta(ReviewedRecord.Meta):
        ordering = ["-start_earliest", "ref"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            ends_not_before_starts("start", "end", "event_ends_not_before_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"
