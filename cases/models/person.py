"""People and groups, their names, details, legal statuses and relationships."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, Q

from cases.models.as_of import Lasting, LastingQuerySet
from cases.models.birth import OLDEST, born_by_age
from cases.models.country import Country
from cases.models.papers import DatedByPapers
from cases.models.terms import LegalStatusKind, TargetCategory
from cases.vocabulary import DetailKind, NameKind, OtherRole, PersonKind, RelationshipKind, Sex, Standing
from records.fields.date_questions import DateQuestion, first_of_january
from records.fields.edtf import UncertainDate
from records.fields.language import LanguageTagField
from records.fields.names import FoldedField, SkeletonField, fold, search, skeleton
from records.fields.scripts import foreign_letter, scripts_of
from records.fields.sort_keys import by_rank, by_text, by_title, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField, ends_not_before_starts
from records.models import (
    Record,
    RecordQuerySet,
    ReferenceField,
    ReviewedRecord,
    VisibleUnique,
    code_is_known,
)
from records.models.record import part_level
from records.vocabulary import PartLevel

OTHER_SCRIPT = "The text is written in {}, and not in {}. Leave this empty for the script of the text."
FOREIGN_LETTER = (
    "Letter {} is {} in a word of {} letters, and only looks like one of them: nobody would find {}. Write the word in "
    "one alphabet{}."
)
AS_MISPRINT = "; if a source printed it so, enter that as a misprint"


def refuse_foreign_letters(field: str, text: str, what: str = "the name", otherwise: str = AS_MISPRINT) -> None:
    """Raise ValidationError at a field whose words mix alphabets that look alike."""
    if (found := foreign_letter(text)) is not None:
        words = FOREIGN_LETTER.format(*found, what, otherwise)
        raise ValidationError({field: ValidationError(words, code="foreign_letter")})


def targets_first() -> Func:
    """Return the sort key of people that has targets first, then those hit to reach them, and all by name."""
    return by_rank("standing", "folded", Standing)


class PersonQuerySet(RecordQuerySet):
    def search(self, text: str, user: Any) -> Self:
        """Return the people with a name that matches `text`, in any spelling or script, and that `user` may see.

        A group, which has no name, matches by the words of its label. Anybody else's label must begin with `text`: it
        may name others (“Babur, son of Kerem Mamut”), who are not meant.
        """
        names = PersonName.objects.visible_to(user).search(text)
        label = search("folded", text) & (Q(kind=PersonKind.GROUP) | Q(folded__startswith=fold(text)))
        return self.filter(Q(pk__in=names.values("person")) | label)


class Person(ReviewedRecord):
    """Somebody, a group or an organisation, whom a record concerns.

    Being named in an article never makes someone a target.
    """

    page: ClassVar = "person"
    label_fields: ClassVar = ("label",)
    expected: ClassVar = {
        "names": "No name stands beside the label: under another spelling or script nobody will find it.",
        "legal_statuses": "No citizenship and no other legal status is told.",
        "citations": "No source is cited for the person’s own facts.",
    }

    ref = ReferenceField("PER")
    label = models.CharField(max_length=150, help_text="The safe name to display: a code name where need be.")
    kind = models.CharField(max_length=15, choices=PersonKind, default=PersonKind.INDIVIDUAL)
    headcount_min = models.PositiveIntegerField(null=True, blank=True, help_text="Groups: at least so many people.")
    headcount_max = models.PositiveIntegerField(null=True, blank=True, help_text="Groups: at most so many people.")
    standing = models.CharField(max_length=20, choices=Standing)
    role = models.CharField(max_length=15, choices=OtherRole, blank=True, help_text="For the standing “other” only.")
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=60, blank=True)
    occupation = models.CharField(max_length=200, blank=True)
    residence = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="residents")
    categories = models.ManyToManyField(TargetCategory, blank=True)
    folded = FoldedField("label")

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        ordering = ["label", "ref"]
        verbose_name_plural = "people"
        indexes = [
            *ReviewedRecord.Meta.indexes,
            models.Index(fields=["folded"], name="person_by_folded_label"),
            sorted_in_lanes(by_title("folded"), "person_by_label"),
            sorted_in_lanes(by_text("standing"), "person_by_standing"),
            sorted_in_lanes(by_text("kind"), "person_by_kind"),
            sorted_in_lanes(targets_first(), "person_targets_first"),
        ]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            code_is_known("kind", PersonKind),
            code_is_known("standing", Standing),
            code_is_known("role", OtherRole),
            code_is_known("sex", Sex),
            models.CheckConstraint(
                condition=Q(role="") | Q(standing=Standing.OTHER),
                name="person_role_only_for_standing_other",
                violation_error_message="A role goes with the standing “other” only.",
            ),
            models.CheckConstraint(
                condition=Q(kind=PersonKind.GROUP) | Q(headcount_min__isnull=True, headcount_max__isnull=True),
                name="person_headcount_only_for_groups",
                violation_error_message="Only a group has a headcount.",
            ),
            models.CheckConstraint(
                condition=Q(headcount_max__isnull=True)
                | Q(headcount_min__isnull=True)
                | Q(headcount_max__gte=F("headcount_min")),
                name="person_headcount_in_order",
                violation_error_message="The largest headcount is below the smallest.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.label}"

    def clean(self) -> None:
        """Refuse a label with letters that only look like those of its alphabet."""
        refuse_foreign_letters("label", self.label)

    @property
    def role_or_standing(self) -> OtherRole | Standing:
        """Why the person is in the database: the standing; of somebody of the standing “other” the role."""
        return OtherRole(self.role) if self.role else Standing(self.standing)


class PersonNameQuerySet(RecordQuerySet):
    def search(self, text: str) -> Self:
        """Return the names that hold every word of `text`, and those that sound like the whole of it.

        One word alone sounds like too many names (Hussein, Hasan), so its sound counts only where no name holds it.
        """
        found, sound = search("folded", text), skeleton(fold(text))
        alike: Any = Q(skeleton=sound) if sound else Q(pk__in=[])
        if " " not in sound:
            alike &= ~Exists(self.filter(found))
        return self.filter(found | alike)


class PersonName(Record):
    """One form of a name. Misprints are kept: people search for what the newspaper printed."""

    parents: ClassVar = ("person",)
    owner: ClassVar = "person"
    label_fields: ClassVar = ("text",)
    once: ClassVar = (
        VisibleUnique("personname_stands_once", ("person", "text", "kind"), "This person has this name already."),
        VisibleUnique(
            "personname_one_code_form",
            ("person", "kind", "script"),
            "{} and {} are one name in two code forms: keep one of them. If a source printed the other, enter that as "
            "a misprint; if it is in another script, say in which.",
            alike="text",
        ),
        VisibleUnique(
            "personname_one_primary",
            ("person",),
            "This person has a primary name already: change the kind of that one first.",
            when=(("kind", NameKind.PRIMARY),),
        ),
    )

    ref = ReferenceField("NAM")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=NameKind, default=NameKind.ALSO_KNOWN_AS)
    script = models.CharField(max_length=4, default="Latn", help_text="ISO 15924 code, such as Latn, Arab, Hans.")
    language = LanguageTagField(max_length=20, blank=True, help_text="Language tag, such as en or ug (BCP 47).")
    folded = FoldedField("text")
    skeleton = SkeletonField("text", db_index=True)

    objects: ClassVar = PersonNameQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["person", "id"]
        indexes = [*Record.Meta.indexes, models.Index(fields=["folded"], name="personname_by_folded")]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("kind", NameKind),
        ]

    def clean(self) -> None:
        """Refuse a script that is not the text's, and letters that look like those of its alphabet."""
        written = scripts_of(self.text)
        if self.script and written and self.script not in written:
            raise ValidationError({"script": OTHER_SCRIPT.format(written[0], self.script)})
        if self.kind != NameKind.MISPRINT:
            refuse_foreign_letters("text", self.text)


class PersonDetail(DatedByPapers, Record):
    """A fact that may need more protection than the person, with a level of its own."""

    parents: ClassVar = ("person",)
    owner: ClassVar = "person"
    label_fields: ClassVar = ("kind",)

    ref = ReferenceField("DET")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="details")
    level = part_level(PartLevel.TEAM)
    kind = models.CharField(max_length=20, choices=DetailKind)
    value = models.CharField(max_length=500, blank=True)
    date = UncertainDateField(
        help_text="For “born”: the date of birth. For “age”: the day of that age. Otherwise: since when, or as of when."
    )

    class Meta(Record.Meta):
        ordering = ["person", "id"]
        constraints = [*Record.Meta.constraints, code_is_known("kind", DetailKind)]

    def usual_level(self) -> PartLevel:
        """A birth follows the person. An address or a note can lead to somebody: the team opens each one, or none."""
        return PartLevel.RECORD if self.kind == DetailKind.BORN else PartLevel.TEAM

    @property
    def age(self) -> int | None:
        """How many years old the person was on `date`, where that is what the detail tells."""
        told = (
            self.kind == DetailKind.AGE and self.value.isascii() and self.value.isdigit() and int(self.value) <= OLDEST
        )
        return int(self.value) if told else None

    @property
    def birth(self) -> UncertainDate | None:
        """When the person was born, as far as this detail tells: as it states, or reckoned from an age on a day."""
        if self.age is not None and self.date is not None:
            return born_by_age(self.age, self.date)
        return self.date if self.kind == DetailKind.BORN else None

    def date_questions(self, changed: Collection[str], user: Any) -> list[DateQuestion]:
        """Ask of a birth on 1 January, beside what is asked of every date, whether only the year is known."""
        born = self.kind == DetailKind.BORN and not {"date", "kind"}.isdisjoint(changed)
        question = first_of_january(self, "date", self.date) if born else None
        return super().date_questions(changed, user) + ([question] if question else [])

    def clean(self) -> None:
        """Refuse an age that is no number of years, or of no day."""
        if self.kind != DetailKind.AGE:
            return
        if self.age is None:
            raise ValidationError({"value": f"Write the age as a whole number of years, 0 to {OLDEST}."})
        if self.date is None:
            raise ValidationError(
                {"date": "Say on which day the person was that old: that of the source, if it says no other."}
            )


class LegalStatus(DatedByPapers, Lasting, Record):
    """How a person stands towards a country, in law or by living there, and from when to when."""

    parents: ClassVar = ("person",)
    owner: ClassVar = "person"
    label_fields: ClassVar = ("kind", "country")
    papers_of: ClassVar = "country"

    ref = ReferenceField("LEG")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="legal_statuses")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="legal_statuses")
    kind = models.ForeignKey(LegalStatusKind, on_delete=models.PROTECT)
    since = UncertainDateField()
    until: Any = UncertainDateField(happened=False)

    objects: ClassVar = LastingQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["person", "id"]
        verbose_name_plural = "legal statuses"
        constraints = [
            *Record.Meta.constraints,
            ends_not_before_starts("since", "until", "legalstatus_ends_not_before_it_starts"),
        ]


class Relationship(Lasting, Record):
    """`relative` is the `kind` of `person`, from when to when. One directed row, read both ways."""

    parents: ClassVar = ("person", "relative")
    owner: ClassVar = "person"
    label_fields: ClassVar = ("relative", "kind")
    once: ClassVar = (
        VisibleUnique(
            "relationship_stands_once", ("person", "relative", "kind"), "This relationship is recorded already."
        ),
    )

    ref = ReferenceField("REL")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations_out")
    relative = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=20, choices=RelationshipKind)
    since = UncertainDateField()
    until: Any = UncertainDateField(happened=False)

    objects: ClassVar = LastingQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["person", "id"]
        constraints = [
            *Record.Meta.constraints,
            code_is_known("kind", RelationshipKind),
            models.CheckConstraint(
                condition=~Q(person=F("relative")),
                name="relationship_joins_two_people",
                violation_error_message="Nobody is their own relative.",
            ),
            ends_not_before_starts("since", "until", "relationship_ends_not_before_it_starts"),
        ]

    @property
    def inverse(self) -> str:
        """What `person` is to `relative`, read from the other end."""
        return RelationshipKind(self.kind).inverse

    @property
    def reads(self) -> str:
        """What stands between the relative and the person in a sentence: "spouse of"; a group has its members."""
        return "group of" if self.kind == RelationshipKind.MEMBER_OF else f"{RelationshipKind(self.kind).label} of"
