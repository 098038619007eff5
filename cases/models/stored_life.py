"""In which state each notice is, as its events told when something was written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cases.models.citation import Citation
from cases.models.notice import Notice, NoticeEvent
from cases.models.on_days import OnDays
from cases.models.unstored import Unstored
from cases.vocabulary import NoticeState


class StoredLife(OnDays):
    """What the life of one notice says on some days, by the events and citations that the readers of one lane see.

    `cases.situation.lives` works it out. `is_active` is whether it certainly is in circulation.
    """

    notice = models.ForeignKey(Notice, on_delete=models.DO_NOTHING, db_constraint=False, related_name="stored_lives")
    state = models.CharField(max_length=15, choices=NoticeState, blank=True)
    is_active = models.BooleanField()
    may_be_active = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["tense", "state"], name="life_by_state"),
            models.Index(fields=["tense", "may_be_active", "first_day"], name="life_by_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}, from {self.first_day} to {self.last_day}"


class UnstoredNotice(Unstored):
    """A notice of which `StoredLife` does not hold; `cases.situation.settling_lives` strikes it off."""

    key: ClassVar = "notice_id"
    of: ClassVar = Notice
    bearing: ClassVar = ((Notice, "pk"), (NoticeEvent, "notice"), (Citation, "notice_event__notice"))
    #: Part of the names of its triggers, beside those of `UnstoredIncident` on the same tables.
    triggers: ClassVar = "marks_notice"
    marked_by: ClassVar = {
        "cases.Notice": ("SELECT {row}.id AS notice_id", ("lane",)),
        "cases.NoticeEvent": ("SELECT {row}.notice_id AS notice_id", ()),
        "cases.Citation": (
            "SELECT e.notice_id AS notice_id FROM cases_noticeevent e WHERE e.id = {row}.notice_event_id",
            (),
        ),
        "sources.SourceDocument": (
            "SELECT e.notice_id AS notice_id FROM cases_citation c "
            "JOIN cases_noticeevent e ON e.id = c.notice_event_id WHERE c.source_id = {row}.id",
            ("published", "published_earliest", "published_latest"),
        ),
    }

    notice_id = models.BigIntegerField(db_index=True)
