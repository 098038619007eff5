"""Incidents and who was involved in them."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value

from cases.models.agreement import Agreement
from cases.models.as_of import AsOf
from cases.models.papers import DatedByPapers
from cases.models.person import Person, refuse_foreign_letters
from cases.models.terms import Outcome
from cases.situation.order import Order
from cases.situation.status import is_said_by
from cases.situation.step import case_step
from cases.vocabulary import Accusation, CaseStatus, CountryPart, InvolvementRole, Scope
from records.current_day import current_day, is_past
from records.fields.calendars import BY_COUNTRY
from records.fields.names import FoldedField, search
from records.fields.sort_keys import FirstDay, by_date, by_title, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField, ends_not_before_starts
from records.models import (
    Record,
    RecordQuerySet,
    ReferenceField,
    ReviewedRecord,
    VisibleUnique,
    code_is_known,
)
from records.vocabulary import Review


class IncidentQuerySet(RecordQuerySet):
    def begun_by(self, day: date | None) -> Self:
        """Leave out what certainly began after a day, and look at the rest as of that day."""
        if day is None:
            return self
        later = Q(start_earliest__gt=day)
        return self.exclude(later).annotate(as_of=Value(day, output_field=models.DateField()))

    def search(self, text: str, user: Any) -> Self:
        """Return the incidents with every word of `text` in the title, or with somebody of that name in them."""
        people = Person.objects.visible_to(user).search(text, user)
        involved = Involvement.objects.visible_to(user).filter(person__in=people)
        return self.filter(Q(pk__in=involved.values("incident")) | search("folded", text))


class Incident(DatedByPapers, AsOf, ReviewedRecord):
    """One act, or one chain of acts, by which a state reached for somebody.

    Its countries, its tactics and those who did it are parts of it (cases.models.incident_parts).
    """

    page: ClassVar = "incident"
    label_fields: ClassVar = ("title",)
    former: ClassVar = (
        *("origin_id", "attribution", "location_id", "actor", "actor_kind_id", "actor_confidence"),
        *("status", "status_as_of"),
    )
    for_team: ClassVar = ("without_evidence",)
    expected: ClassVar = {
        "involvements": "It names nobody.",
        "stages": "No stage tells what happened to anybody.",
        "country_parts": "No country is named: not where it was, nor which state stands behind it.",
        "tactics_used": "No tactic is told.",
        "start": "It is not told when it began.",
    }

    ref = ReferenceField("INC")
    title = models.CharField(max_length=200)
    scope = models.CharField(max_length=15, choices=Scope)
    place = models.CharField(max_length=200, blank=True)
    start = UncertainDateField()
    end = UncertainDateField()
    legal_basis = models.CharField(max_length=300, blank=True)
    agreement = models.ForeignKey(
        Agreement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
        help_text="The agreement between states that was relied on.",
    )
    summary = models.TextField(blank=True)
    without_evidence = models.CharField(
        "why without evidence",
        max_length=300,
        blank=True,
        help_text="Why it is published though a stage has no source. Only the team reads it; once published, it stays.",
    )
    folded = FoldedField("title")

    objects: ClassVar = IncidentQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        ordering = ["-start_earliest", "ref"]
        indexes = [
            *ReviewedRecord.Meta.indexes,
            sorted_in_lanes(by_date("start"), "incident_by_start"),
            sorted_in_lanes(by_title("folded"), "incident_by_title"),
        ]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            code_is_known("scope", Scope),
            ends_not_before_starts("start", "end", "incident_ends_not_before_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def calendar_for(self, user: Any) -> str:
        """Return the calendar of the country where it took place, "" of several that have different ones."""
        if "_calendars" not in self.__dict__:
            places = self.country_parts.visible_to(user).of_part(CountryPart.LOCATION).order_by()
            self._calendars = {BY_COUNTRY.get(code, "") for code in places.values_list("country", flat=True)}
        return next(iter(self._calendars)) if len(self._calendars) == 1 else ""

    def forget_after(self, day: date) -> None:
        if is_past(day):
            self.summary = ""  # written later, and about the whole
        if self.end is not None and not self.end.possibly_overlaps(None, day):
            self.end = None

    def clean(self) -> None:
        """Refuse a title with letters that only look like those of its alphabet, and keep why evidence is missing.

        The reason for what is published without evidence can be reworded, and not taken away.
        """
        super().clean()
        refuse_foreign_letters("title", self.title, "the title", otherwise="")
        self.without_evidence = self.without_evidence.strip()
        if self.without_evidence or self.review != Review.PUBLISHED:
            return
        published = Incident._base_manager.filter(pk=self.pk, review=Review.PUBLISHED)
        if published.exclude(without_evidence="").exists():
            raise ValidationError({"without_evidence": "It was published for this reason, which stays: reword it."})

    def lacking(self, user: Any) -> list[str]:
        """A published incident has evidence for each of its stages, or says why not."""
        if self.without_evidence:
            return []
        bare = [f"Add a source for: {words}." for words in self._bare_stages(user)]
        return [*bare, "Or say in “why without evidence” why it is published all the same."] if bare else []

    def told_without_source(self, user: Any) -> list[str]:
        bare = [f"There is no source for: {words}." for words in self._bare_stages(user)]
        is_told = self.without_evidence and "without_evidence" not in self.kept_from(user)
        return [*bare, f"Why it is published all the same: “{self.without_evidence}”"] if bare and is_told else bare

    def _bare_stages(self, user: Any) -> list[str]:
        stages: Any = self.stages.visible_to(user).select_related("involvement__person")
        bare = [stage for stage in stages.in_order() if not stage.citations.visible_to(user).exists()]
        return [f"{stage.in_words} of {stage.involvement.person.label}" for stage in bare]


#: The sort key of involvements by the last news of how the case goes on; those without any sort first.
BY_NEWS = FirstDay(F("status_as_of_latest"))


class Involvement(AsOf, Record):
    """A person's part in an incident. The stages of what happened to that person hang on it."""

    parents: ClassVar = ("incident", "person")
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("role", "person")
    once: ClassVar = (
        VisibleUnique(
            "involvement_lists_a_person_once_per_role",
            ("incident", "person", "role"),
            "This person already has this role in the incident.",
        ),
    )

    ref = ReferenceField("INV")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involvements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=15, choices=InvolvementRole, default=InvolvementRole.SUBJECT)
    outcome = models.ForeignKey(Outcome, null=True, blank=True, on_delete=models.PROTECT)
    status = models.CharField(
        max_length=10,
        choices=CaseStatus,
        default=CaseStatus.UNKNOWN,
        help_text="Whether the person's case goes on, as a source says or as the organisation decides.",
    )
    status_as_of = UncertainDateField(help_text="The day for which the status holds.")
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it is said to have ended, where no stage tells that."
    )

    accusation = models.CharField(
        max_length=15,
        choices=Accusation,
        blank=True,
        help_text="What the pursuing state accuses the person of in this case, as a source says.",
    )

    told_stages: list[Any]

    class Meta(Record.Meta):
        ordering = ["incident", "id"]
        indexes = [*Record.Meta.indexes, models.Index(BY_NEWS.desc(), F("id"), name="involvement_by_news")]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("accusation", Accusation),
            code_is_known("role", InvolvementRole),
            code_is_known("status", CaseStatus),
        ]

    @cached_property
    def visible_stages(self) -> list[Any]:
        """The stages that may have come by the day on which the row is looked at, in their order.

        They are those of `told_stages`, which were fetched for one reader.
        """
        today = current_day()
        order = Order(case_step(stage, today) for stage in self.told_stages)
        return [step.stage for step in (order.by(self.as_of) if self.as_of else order).steps]

    def forget_after(self, day: date) -> None:
        if is_past(day) and not is_said_by(self.status_as_of, day):
            self.status, self.status_as_of, self.status_reason = CaseStatus.UNKNOWN, None, ""
        if "incident" in self._state.fields_cache:
            self.incident.as_of = day

    def save(self, **options: Any) -> None:
        """Keep the incident of its stages, duties and demands true, where the involvement moves to another one."""
        super().save(**options)
        for parts in (self.stages, self.duties, self.demands):
            parts.exclude(incident=self.incident_id).update(incident=self.incident_id)
