"""Interpol notices and their like, and their events."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cases.models.country import Country
from cases.models.dated_steps import DatedStepQuerySet, WithEventsQuerySet
from cases.models.person import Person
from cases.vocabulary import Instrument, NoticeState
from records.fields.uncertain_date import UncertainDateField
from records.models import Record, ReferenceField, ReviewedRecord, code_is_known


class Notice(ReviewedRecord):
    """A request, through Interpol or beside it, to find or arrest somebody. “Wanted” alone is not a notice."""

    parents: ClassVar = ("person",)
    label_fields: ClassVar = ("instrument", "person")

    ref = ReferenceField("NOT")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    instrument = models.CharField(max_length=25, choices=Instrument)
    requested_by = models.ForeignKey(
        Country, null=True, blank=True, on_delete=models.PROTECT, related_name="notices_requested"
    )
    number = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    objects: ClassVar = WithEventsQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        constraints = [*ReviewedRecord.Meta.constraints, code_is_known("instrument", Instrument)]


class NoticeEvent(Record):
    """One step in a notice's life, and who says so."""

    parents: ClassVar = ("notice",)
    owner: ClassVar = "notice"
    label_fields: ClassVar = ("state",)

    ref = ReferenceField("NEV")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=15, choices=NoticeState)
    occurred = UncertainDateField()
    asserted_by = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of telling, where dates do not decide.")

    objects: ClassVar = DatedStepQuerySet.as_manager()

    class Meta:
        ordering = ["notice", "position", "id"]
        constraints = [*Record.Meta.constraints, code_is_known("state", NoticeState)]
