"""Interpol notices and their like, event by event."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cases.models.country import Country
from cases.models.person import Person
from cases.vocabulary import Instrument, NoticeState
from sources.dates import UncertainDateField, in_order
from sources.models import Record, ReferenceField, ReviewedRecord, known


class Notice(ReviewedRecord):
    """A request, through Interpol or beside it, to find or arrest somebody. “Wanted” alone is not a notice."""

    parents: ClassVar = ("person",)
    told_by: ClassVar = ("instrument", "person")

    ref = ReferenceField("NOT")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    instrument = models.CharField(max_length=25, choices=Instrument)
    requested_by = models.ForeignKey(
        Country, null=True, blank=True, on_delete=models.PROTECT, related_name="notices_requested"
    )
    number = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["ref"]
        constraints = [*ReviewedRecord.Meta.constraints, known("instrument", Instrument)]


class NoticeEvent(Record):
    """One step in a notice's life, and who says so."""

    parents: ClassVar = ("notice",)
    owner: ClassVar = "notice"
    told_by: ClassVar = ("state",)

    ref = ReferenceField("NEV")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=15, choices=NoticeState)
    occurred = UncertainDateField()
    asserted_by = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of telling, where dates do not decide.")

    class Meta:
        ordering = ["notice", "position", "id"]
        constraints = [*Record.Meta.constraints, known("state", NoticeState)]


def begun_by(notices: QuerySet, user: Any, day: date | None) -> QuerySet:
    """Leave out the notices of which everything that `user` may see certainly happened after a day."""
    if day is None:
        return notices
    events = NoticeEvent.objects.visible_to(user).filter(notice=OuterRef("pk"))
    return notices.filter(Exists(possibly_by(events, day)) | ~Exists(events))


def possibly_by(events: QuerySet, day: date | None) -> QuerySet:
    """Return the events that may have happened by a day; without one, all of them."""
    if day is None:
        return events
    return events.filter(Q(occurred_earliest__lte=day) | Q(occurred_earliest__isnull=True))


def with_state(notices: QuerySet, user: Any, day: date | None = None) -> QuerySet:
    """Add `state`: that of the last event, by date and then by telling, that `user` may see; null without one.

    As of a day it is that of the last event that had certainly happened by then.
    """
    events = NoticeEvent.objects.visible_to(user).filter(notice=OuterRef("pk"))
    if day is not None:
        events = events.filter(occurred_latest__lte=day)
    last = events.order_by(*in_order("occurred"), "position", "pk").reverse()
    return notices.annotate(state=Subquery(last.values("state")[:1]))
