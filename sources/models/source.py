"""Source documents, and how they descend from one another."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from records.access.clearance import clearance
from records.fields.calendars import calendar_of_language
from records.fields.language import LanguageTagField
from records.fields.names import FoldedField, search
from records.fields.sort_keys import by_date, by_title, sorted_in_lanes
from records.fields.uncertain_date import UncertainDateField
from records.models.record import RecordQuerySet, ReferenceField, ReviewedRecord, code_is_known
from records.models.visibility import Protection, is_of_own_teams
from records.models.visible_unique import VisibleUnique
from sources.models.source_kind import SourceKind
from sources.text_key import TextKeyField
from sources.vocabulary import Derivation, Reliability
from sources.web_address import AddressKeyField

of_the_web = RegexValidator(r"(?i)\Ahttps?://", "Give an address of the web: it begins with http:// or https://.")


class SourceQuerySet(RecordQuerySet):
    def search(self, text: str) -> Self:
        """Return the sources whose title, outlet or author holds every word of `text`, accents and script aside."""
        return self.filter(search("folded", text))

    def with_text_for(self, user: Any) -> Self:
        """Narrow visible sources to those whose texts `user` may read: those of their teams, and those of no team."""
        return self.of_own_teams(user)

    def with_group(self, user: Any) -> Self:
        """Add `group`: the independent group of each, as `user` sees it."""
        return self.annotate(group=first_of_group(user))


def first_of_group(user: Any) -> Subquery:
    """Return the first reference, among those visible to `user`, of the sources with the same origin as a source."""
    key = Coalesce(OuterRef("origin_id"), OuterRef("pk"))
    same_origin = SourceDocument.objects.visible_to(user).filter(Q(pk=key) | Q(origin_id=key)).order_by("ref")
    return Subquery(same_origin.values("ref")[:1])


class SourceDocument(ReviewedRecord):
    """One document as it was found: an article, a wire copy, a court paper.

    A page that holds several articles gives one document each; `file`, `ordinal`, `start`, `end` and `sha256` say which
    slice of which file it is. Documents that descend from one origin form one independent group.
    """

    page: ClassVar = "source"
    label_fields: ClassVar = ("title",)
    private: ClassVar = ("text",)
    expected: ClassVar = {
        "outlet": "It is not told who published it.",
        "url": "It has no address.",
        "published": "It is not told when it was published.",
        "captures": "No captured file is kept of it: should its address vanish, nothing proves what it said.",
    }
    once: ClassVar = (
        VisibleUnique(
            "source_stands_once_in_its_file",
            ("file", "ordinal"),
            "This document of this file is recorded already.",
            unless=(("file", ""),),
        ),
    )

    ref = ReferenceField("SRC")
    title = models.CharField(max_length=300)
    outlet = models.CharField(max_length=150, blank=True, help_text="Who published it, as printed.")
    author = models.CharField(max_length=150, blank=True)
    url = models.URLField(max_length=500, blank=True, validators=[of_the_web])
    kind = models.ForeignKey(SourceKind, on_delete=models.PROTECT)
    language = LanguageTagField(max_length=20, blank=True, help_text="Language tag, such as en or zh-Hant (BCP 47).")
    published = UncertainDateField(help_text="When this copy was published.")
    file = models.CharField(max_length=200, blank=True, help_text="The file that it came in.")
    ordinal = models.PositiveSmallIntegerField(default=1, help_text="Which document of that file, counted from 1.")
    post = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Which dated post of the page it stood under, where the page is a list of posts.",
    )
    start = models.PositiveIntegerField(null=True, blank=True, help_text="First character of the slice in its file.")
    end = models.PositiveIntegerField(null=True, blank=True, help_text="Character after the last one of the slice.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the slice in UTF-8, in hexadecimal.")
    text = models.TextField(blank=True, help_text="The text itself: kept private, never shown or exported.")
    reliability = models.CharField(max_length=1, choices=Reliability, blank=True)
    reliability_reason = models.CharField(max_length=300, blank=True)
    derived_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="descendants"
    )
    derivation = models.CharField(max_length=25, choices=Derivation, default=Derivation.ORIGINAL)
    origin = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="same_origin",
        help_text="The document at the top of the line of descent, where that is another one; derived.",
    )
    note = models.TextField(blank=True, help_text="What a reader must know about this copy.")
    folded = FoldedField("title", "outlet", "author")
    outlet_folded = FoldedField("outlet")
    address_key = AddressKeyField("url")
    text_key = TextKeyField("text")

    objects: ClassVar = SourceQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        ordering = ["-published_earliest", "ref"]
        indexes = [
            *ReviewedRecord.Meta.indexes,
            # Most sources have neither: the database would take an index of all of them for useless.
            models.Index(fields=["address_key"], condition=Q(address_key__gt=""), name="source_by_address"),
            models.Index(fields=["text_key"], condition=Q(text_key__gt=""), name="source_by_text"),
            sorted_in_lanes(by_date("published"), "source_by_published"),
            sorted_in_lanes(by_title("title"), "source_by_title"),
            sorted_in_lanes(by_title("outlet"), "source_by_outlet"),
        ]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            code_is_known("reliability", Reliability),
            code_is_known("derivation", Derivation),
            models.CheckConstraint(
                condition=~Q(derived_from=F("id")),
                name="source_is_not_its_own_origin",
                violation_error_message="A source cannot be derived from itself.",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=F("start")),
                name="source_slice_is_not_empty",
                violation_error_message="The slice must end after it starts.",
            ),
        ]

    @property
    def calendar(self) -> str:
        """A document is of no country, but in a language."""
        return calendar_of_language(self.language)

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def line_of_descent(self) -> list[SourceDocument]:
        """Return this document's ancestors, nearest first.

        Raises ValueError where the line runs in a circle, naming the document at which it does.
        """
        line: list[SourceDocument] = []
        above = self.derived_from
        while above is not None:
            if above in line or above == self:
                raise ValueError(f"{above.ref} descends from itself")
            line.append(above)
            above = above.derived_from
        return line

    @property
    def independent_group(self) -> int:
        """The key shared by all documents of one origin, this one included."""
        return self.origin_id or self.pk

    def text_is_read_by(self, user: Any) -> bool:
        """Whether `user`, who sees this source, may read its text: `with_text_for` without asking the database."""
        teams = frozenset({self.team_id})
        return is_of_own_teams(clearance(user), Protection(self.level, teams, readers=frozenset()))

    def save(self, **options: Any) -> None:
        """Keep `origin` true, here and in every document that descends from this one."""
        line = self.line_of_descent()
        self.origin = line[-1] if line else None
        super().save(**options)
        for descendant in self.descendants.exclude(origin=self.independent_group):
            descendant.save()
