"""The parts of an incident beside its people: its countries, who did it, what was done, and what was demanded."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.models.country import Country
from cases.models.dated_steps import OccurredQuerySet
from cases.models.incident import Incident, Involvement
from cases.models.papers import DatedByPapers
from cases.models.person import Person
from cases.models.terms import PerpetratorKind, Tactic
from cases.vocabulary import (
    ActorConfidence,
    ActorPart,
    Attribution,
    CountryPart,
    DemandChannel,
    DemandKind,
    OfficialAnswer,
    PersonKind,
)
from records.fields.uncertain_date import UncertainDateField
from records.models import Record, RecordQuerySet, ReferenceField, VisibleUnique, code_is_known


class IncidentCountryQuerySet(RecordQuerySet):
    def of_part(self, part: CountryPart) -> Self:
        """Return the rows in which a country has this part."""
        return self.filter(part=part)

    def hosts(self, user: Any) -> Self:
        """Return the locations that are not a state behind the same incident, as far as `user` is told of those."""
        origins = IncidentCountry.objects.visible_to(user).filter(part=CountryPart.ORIGIN)
        same = origins.filter(incident=OuterRef("incident"), country=OuterRef("country"))
        return self.filter(~Exists(same), part=CountryPart.LOCATION)


class IncidentCountry(Record):
    """A country's part in an incident. There can be several of each part, or none."""

    parents: ClassVar = ("incident",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("part", "country")
    once: ClassVar = (
        VisibleUnique(
            "incident_country_has_a_part_once",
            ("incident", "country", "part"),
            "This country already has this part in the incident.",
        ),
    )

    ref = ReferenceField("ICO")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="country_parts")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="incident_parts")
    part = models.CharField(max_length=12, choices=CountryPart)
    attribution = models.CharField(
        max_length=10,
        choices=Attribution,
        blank=True,
        help_text="Of a state behind it: how far it is tied to that state. Unknown where nothing is chosen.",
    )

    objects: ClassVar = IncidentCountryQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name_plural = "incident countries"
        ordering = ["incident", "part", "country"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("part", CountryPart),
            code_is_known("attribution", Attribution),
            models.CheckConstraint(
                condition=Q(part=CountryPart.ORIGIN) & ~Q(attribution="")
                | ~Q(part=CountryPart.ORIGIN) & Q(attribution=""),
                name="incident_country_attribution_only_of_a_state_behind_it",
                violation_error_message="Only a state behind the incident has an attribution.",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["country", "part"], name="incident_country_by_part"),
            models.Index(fields=["incident", "part", "country"], name="incident_country_of_incident"),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        self._fill_in_attribution()
        super().clean_fields(exclude)

    def save(self, **options: Any) -> None:
        """Say of a state behind it that nothing is known of how it is tied to it, where nothing is said."""
        self._fill_in_attribution()
        super().save(**options)

    def _fill_in_attribution(self) -> None:
        if self.part == CountryPart.ORIGIN and not self.attribution:
            self.attribution = Attribution.UNKNOWN


class Actor(Record):
    """Somebody who had a part in doing it, as alleged: a unit, an office, a company, a person in words."""

    parents: ClassVar = ("incident",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("words", "kind")

    ref = ReferenceField("ATR")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="actors")
    words = models.CharField(max_length=200, help_text="Who, as the sources call them.")
    organisation = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="acts",
        help_text="The organisation that this is, where it has a record of its own.",
    )
    kind = models.ForeignKey(PerpetratorKind, null=True, blank=True, on_delete=models.PROTECT)
    part = models.CharField(max_length=20, choices=ActorPart, blank=True)
    confidence = models.CharField(max_length=10, choices=ActorConfidence, blank=True)
    answer = models.CharField(
        "official answer",
        max_length=40,
        choices=OfficialAnswer,
        blank=True,
        help_text="What the actor, or its state, answers to the allegation.",
    )

    class Meta(Record.Meta):
        ordering = ["incident", "id"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("part", ActorPart),
            code_is_known("confidence", ActorConfidence),
            code_is_known("answer", OfficialAnswer),
        ]

    def clean(self) -> None:
        """Refuse an organisation that is the record of a human being or a group.

        One that stood there before stays: its record may be hidden from whoever changes something else.
        """
        kept = Actor.objects.filter(pk=self.pk, organisation=self.organisation_id).exists()
        if self.organisation is not None and not kept and self.organisation.kind != PersonKind.ORGANISATION:
            raise ValidationError({"organisation": "Choose the record of an organisation, or name the actor in words."})


#: The order in which the tactics of an incident are listed, and judged: the first that decides is named.
IN_ORDER_OF_TACTICS = ("tactic__position", "tactic", "occurred_earliest", "ref")


class TacticUsed(DatedByPapers, Record):
    """One tactic of an incident, with the day on which it was used where that is known."""

    parents: ClassVar = ("incident",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("tactic",)
    once: ClassVar = (
        VisibleUnique(
            "tactic_is_used_once_on_a_day",
            ("incident", "tactic", "occurred"),
            "This tactic already stands in the incident for this date.",
        ),
    )

    ref = ReferenceField("TAC")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tactics_used")
    tactic = models.ForeignKey(Tactic, on_delete=models.PROTECT, related_name="uses")
    occurred = UncertainDateField(help_text="When it was used, where that is known.")

    objects: ClassVar = OccurredQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name_plural = "tactics used"
        ordering = ["incident", "id"]
        constraints = [*Record.Meta.constraints]


class Demand(DatedByPapers, Record):
    """What was asked of somebody in an incident, by which way, and with what threat."""

    parents: ClassVar = ("involvement",)
    owner: ClassVar = "incident"
    label_fields: ClassVar = ("kind", "involvement")

    ref = ReferenceField("DEM")
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="demands")
    incident = models.ForeignKey(
        Incident,
        on_delete=models.CASCADE,
        editable=False,
        related_name="demands",
        help_text="The involvement's; derived.",
    )
    kind = models.CharField(max_length=20, choices=DemandKind)
    channel = models.CharField(max_length=10, choices=DemandChannel, blank=True)
    carried_by = models.CharField(max_length=200, blank=True, help_text="Who carried it, as alleged.")
    threat = models.CharField(max_length=300, blank=True, help_text="What was threatened, in our words.")
    occurred = UncertainDateField()
    note = models.TextField(blank=True)

    objects: ClassVar = OccurredQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["involvement", "id"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("kind", DemandKind),
            code_is_known("channel", DemandChannel),
        ]

    def save(self, **options: Any) -> None:
        """Keep `incident` true: a demand belongs to the incident of its involvement."""
        self.incident_id = self.involvement.incident_id
        super().save(**options)
